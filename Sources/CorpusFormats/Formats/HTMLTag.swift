/// A tag, a comment or a declaration of HTML, with its content where that is no text.
struct HTMLTag {
    /// The position behind it.
    let end: Int
    let breaksLine: Bool

    /// What was searched in vain behind an earlier tag: searching again would make broken input take quadratic time.
    struct Knowledge {
        var holdsCommentEnd = true
        var holdsTagEnd = true
        /// Whether attributes close their quotation marks; if not, the next `>` ends a tag.
        var closesQuotes = true
    }

    /// Reads what begins with `<`, or gives `nil` when it is no tag.
    init?(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int, _ knowledge: inout Knowledge) {
        var i = start + 1
        guard i < limit else { return nil }
        if bytes[i] == UInt8(ascii: "!") || bytes[i] == UInt8(ascii: "?") {
            let isComment = i + 2 < limit && bytes[i + 1] == UInt8(ascii: "-") && bytes[i + 2] == UInt8(ascii: "-")
            guard
                let end = isComment
                    ? Self.commentEnd(bytes, i + 3, limit, &knowledge) : Self.closing(bytes, i, limit, &knowledge)
            else { return nil }
            (self.end, breaksLine) = (end, false)
            return
        }
        let isClosing = bytes[i] == UInt8(ascii: "/")
        if isClosing { i += 1 }
        guard i < limit, ASCII.isLetter(bytes[i]) else { return nil }
        var name = ""
        while i < limit, name.utf8.count < 16, ASCII.isLetter(bytes[i]) || ASCII.isDigit(bytes[i]) {
            name.unicodeScalars.append(UnicodeScalar(ASCII.isLetter(bytes[i]) ? bytes[i] | 0x20 : bytes[i]))
            i += 1
        }
        guard var end = Self.closing(bytes, i, limit, &knowledge) else { return nil }
        if !isClosing, Self.withoutText.contains(name) {
            end = Self.elementEnd(bytes, end, limit, name: name, &knowledge)
        }
        self.end = end
        breaksLine = !Self.inline.contains(name)
    }

    /// The position behind the `>` of a tag; one within a quoted attribute does not count.
    private static func closing(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int, _ knowledge: inout Knowledge) -> Int? {
        guard knowledge.holdsTagEnd else { return nil }
        if knowledge.closesQuotes {
            var quote: UInt8 = 0
            for i in start..<limit {
                let byte = bytes[i]
                if quote != 0 {
                    if byte == quote { quote = 0 }
                } else if byte == ASCII.greaterThan {
                    return i + 1
                } else if byte == ASCII.quote || byte == UInt8(ascii: "'"), i > start, bytes[i - 1] == UInt8(ascii: "=") {
                    quote = byte
                }
            }
            knowledge.closesQuotes = false
        }
        if let end = bytes.firstIndex(of: ASCII.greaterThan, from: start, to: limit) { return end + 1 }
        knowledge.holdsTagEnd = false
        return nil
    }

    private static func commentEnd(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int, _ knowledge: inout Knowledge) -> Int? {
        guard knowledge.holdsCommentEnd else { return nil }
        var i = start
        while let end = bytes.firstIndex(of: ASCII.greaterThan, from: i, to: limit) {
            if end >= start + 2, bytes[end - 1] == UInt8(ascii: "-"), bytes[end - 2] == UInt8(ascii: "-") { return end + 1 }
            i = end + 1
        }
        knowledge.holdsCommentEnd = false
        return nil
    }

    /// The position behind the closing tag of an element, or the end of the text.
    private static func elementEnd(
        _ bytes: Span<UInt8>, _ start: Int, _ limit: Int, name: String, _ knowledge: inout Knowledge
    ) -> Int {
        let name = Array(name.utf8)
        var i = start
        while let open = bytes.firstIndex(of: ASCII.lessThan, from: i, to: limit - 1 - name.count) {
            i = open + 1
            guard bytes[i] == UInt8(ascii: "/") else { continue }
            if name.indices.allSatisfy({ bytes[i + 1 + $0] | 0x20 == name[$0] }) {
                return closing(bytes, i, limit, &knowledge) ?? limit
            }
        }
        return limit
    }

    private static let withoutText: Set<String> = ["script", "style", "template", "noscript", "iframe"]

    private static let inline: Set<String> = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    ]
}
