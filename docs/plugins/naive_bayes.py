#!/usr/bin/env python3
"""A SectorKit plugin: multinomial naive Bayes on words, in Python's standard library alone.

    sectorkit crossvalidate --seeds seeds --plugin docs/plugins/naive_bayes.py

One label an article: classes compete. Several: every label against its absence. The plugin protocol is described in
docs/plugin-protocol.md; nothing but messages may go to standard output.
"""
import base64
import collections
import json
import math
import re
import sys
import zlib

HELLO = {
    "type": "hello", "protocol": 1, "name": "word-bayes", "version": "1.0",
    "summary": "multinomial naive Bayes on words (McCallum & Nigam 1998)",
    "tasks": ["single", "multi"], "output": "probabilities",
    "parameters": [
        {"name": "smoothing", "type": "number", "default": 0.1, "minimum": 0.0001, "maximum": 100, "scale": "logarithmic",
         "help": "added to every count"},
        {"name": "minimumCount", "type": "integer", "default": 2, "minimum": 1, "maximum": 1000,
         "help": "articles that a word must occur in"},
    ],
}


def words(article):
    return re.findall(r"\w+", (article["title"] + " " + article["text"]).lower())


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")


def messages():
    """The messages up to the one that ends the request."""
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "end":
            return
        yield message


def fit(request, articles):
    """For every competition (one over all labels, or one a label) the logarithms of priors and word probabilities."""
    articles = list(articles)
    seen = collections.Counter(word for article in articles for word in set(words(article)))
    vocabulary = {word for word, count in seen.items() if count >= request["parameters"]["minimumCount"]}
    label_count = len(request["labels"])

    def competition(side_count, side):
        counts, sizes = [collections.Counter() for _ in range(side_count)], [0] * side_count
        for article in articles:
            place = side(article)
            if place is not None:
                sizes[place] += 1
                counts[place].update(word for word in words(article) if word in vocabulary)
        smoothing = request["parameters"]["smoothing"]
        totals = [sum(count.values()) + smoothing * (len(vocabulary) + 1) for count in counts]
        return {
            "priors": [math.log((size + 1) / (sum(sizes) + side_count)) for size in sizes],
            "words": {word: [math.log((count[word] + smoothing) / total) for count, total in zip(counts, totals)]
                      for word in sorted(vocabulary)},
        }

    if request["task"] == "single":
        return [competition(label_count, lambda article: article["labels"][0] if article["labels"] else None)]
    return [competition(2, lambda article: None if label in article["unjudged"] else int(label in article["labels"]))
            for label in range(label_count)]


def probabilities(model, article):
    found = words(article)
    rows = []
    for part in model["parts"]:
        scores = list(part["priors"])
        for word in found:
            for side, value in enumerate(part["words"].get(word, ())):
                scores[side] += value
        largest = max(scores)
        powers = [math.exp(score - largest) for score in scores]
        rows.append([power / sum(powers) for power in powers])
    return rows[0] if model["task"] == "single" else [row[1] for row in rows]


def main():
    model = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "hello":
            say(HELLO)
        elif request["type"] == "fit":
            model = {"task": request["task"], "parts": fit(request, messages())}
            state = zlib.compress(json.dumps(model).encode())
            # Learnt bytes of any size go in pieces, so that no line becomes too long.
            for start in range(0, len(state), 1 << 20):
                say({"type": "state", "data": base64.b64encode(state[start:start + (1 << 20)]).decode()})
            say({"type": "fitted"})
        elif request["type"] == "load":
            state = b"".join(base64.b64decode(message["data"]) for message in messages())
            model = json.loads(zlib.decompress(state))
            say({"type": "loaded"})
        elif request["type"] == "predict":
            for article in messages():
                say({"type": "scores", "row": probabilities(model, article)})
            say({"type": "predicted"})
        sys.stdout.flush()


if __name__ == "__main__":
    main()
