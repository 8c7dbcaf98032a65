#!/bin/sh
# A SectorKit plugin in shell and awk: naive Bayes on words, every label against its absence.
#
#   sectorkit crossvalidate --seeds seeds --plugin docs/plugins/word_counts.sh
#
# The protocol (docs/plugin-protocol.md) is JSON, an object a line. A quotation mark inside of a string is always escaped, so that names
# of members can be found by plain search. Words are made of a to z and digits; other letters stand between words.
#
# What was learnt is written with the 64 characters of base64 alone, in a length that four divides: then it is base64 as it stands.
# mawk, the awk of Debian, reads ahead of what it works on unless it is told not to.
case $(awk -W version < /dev/null 2> /dev/null) in
mawk*) interactive='-W interactive' ;;
esac
# shellcheck disable=SC2086
exec awk $interactive '
function reply(line) { print line; fflush() }

# What stands between the brackets of a member, such as 0,2 of "labels":[0,2].
function array(line, name,    start) {
    start = index(line, "\"" name "\":[")
    if (!start) return ""
    line = substr(line, start + length(name) + 4)
    return substr(line, 1, index(line, "]") - 1)
}

# Splits title and text into words; returns how many there are, an empty one at either end maybe.
function words_of(line, words,    end) {
    line = substr(line, index(line, ",\"title\":") + 9)
    end = index(line, ",\"labels\":[")
    if (end) line = substr(line, 1, end - 1)
    gsub(/","text":"/, " ", line)
    gsub(/\\u[0-9a-f][0-9a-f][0-9a-f][0-9a-f]|\\./, " ", line)
    return split(tolower(line), words, /[^a-z0-9]+/)
}

function learn(line,    words, count, given, state, n, i, k) {
    n = split(array(line, "labels"), given, ",")
    for (i = 1; i <= n; i++) state[given[i]] = 1
    n = split(array(line, "unjudged"), given, ",")
    for (i = 1; i <= n; i++) state[given[i]] = -1
    count = words_of(line, words)
    for (i = 1; i <= count; i++) if (words[i] != "") seen[words[i]]++
    for (k = 0; k < labels; k++) {
        if (state[k] == -1) continue
        articles[k, state[k] + 0]++
        for (i = 1; i <= count; i++) if (words[i] != "") tally[k, state[k] + 0, words[i]]++
    }
}

function forget(    k) { split("", tally); split("", articles); split("", seen); split("", total); size = 0 }

# Sums over the vocabulary: words that occur twice at least.
function finish(    word, k, side) {
    for (word in seen) if (seen[word] < 2) delete seen[word]
    for (word in seen) {
        size++
        for (k = 0; k < labels; k++) for (side = 0; side < 2; side++) total[k, side] += tally[k, side, word]
    }
}

# Learnt numbers as text: records end with +, their parts with /.
function state_text(    text, word, k) {
    text = labels "/"
    for (k = 0; k < labels; k++) text = text articles[k, 0] + 0 "/" articles[k, 1] + 0 "/"
    text = text "+"
    for (word in seen) {
        text = text word "/"
        for (k = 0; k < labels; k++) text = text tally[k, 0, word] + 0 "/" tally[k, 1, word] + 0 "/"
        text = text "+"
    }
    while (length(text) % 4) text = text "+"
    return text
}

function read_state(text,    records, parts, count, i, k) {
    forget()
    count = split(text, records, /\++/)
    for (i = 1; i <= count; i++) {
        if (split(records[i], parts, "/") < 3) continue
        if (i == 1) labels = parts[1]
        else seen[parts[1]] = 2
        for (k = 0; k < labels; k++) {
            if (i == 1) { articles[k, 0] = parts[2 * k + 2]; articles[k, 1] = parts[2 * k + 3] }
            else { tally[k, 0, parts[1]] = parts[2 * k + 2]; tally[k, 1, parts[1]] = parts[2 * k + 3] }
        }
    }
    finish()
}

function score(line,    words, count, row, value, i, k) {
    count = words_of(line, words)
    for (k = 0; k < labels; k++) {
        value = log(articles[k, 1] + 1) - log(articles[k, 0] + 1)
        for (i = 1; i <= count; i++) if (words[i] in seen)
            value += log((tally[k, 1, words[i]] + smoothing) / (total[k, 1] + smoothing * size)) \
                - log((tally[k, 0, words[i]] + smoothing) / (total[k, 0] + smoothing * size))
        row = row (k ? "," : "") sprintf("%.9g", value)
    }
    reply("{\"type\":\"scores\",\"row\":[" row "]}")
}

/"type":"hello"/ {
    reply("{\"type\":\"hello\",\"protocol\":1,\"name\":\"word-counts\",\"version\":\"1.0\",\"output\":\"scores\"," \
        "\"summary\":\"naive Bayes on words, in awk\",\"parameters\":[{\"name\":\"smoothing\",\"type\":\"number\"," \
        "\"default\":0.5,\"minimum\":0.001,\"maximum\":10,\"scale\":\"logarithmic\",\"help\":\"added to every count\"}]}")
}
/"type":"(fit|load)"/ {
    request = $0 ~ /"type":"fit"/ ? "fit" : "load"
    smoothing = $0
    sub(/^.*"smoothing":/, "", smoothing)
    smoothing += 0
    names = $0
    sub(/^.*"labels":\[/, "", names)
    sub(/\],".*$/, "", names)
    gsub(/\\./, "", names)
    labels = gsub(/"/, "", names) / 2
    forget()
    stored = ""
}
/"type":"predict"/ { request = "predict" }
/"type":"state"/ {
    sub(/^.*"data":"/, "")
    sub(/".*$/, "")
    stored = stored $0
}
/"type":"article"/ { if (request == "fit") learn($0); else score($0) }
/"type":"end"/ {
    if (request == "fit") {
        finish()
        reply("{\"type\":\"state\",\"data\":\"" state_text() "\"}")
        reply("{\"type\":\"fitted\"}")
    } else if (request == "load") {
        read_state(stored)
        reply("{\"type\":\"loaded\"}")
    } else reply("{\"type\":\"predicted\"}")
}
'
