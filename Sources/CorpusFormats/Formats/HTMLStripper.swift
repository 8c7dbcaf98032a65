/// Takes the tags out of HTML and decodes its character references: enough for the text of feeds and saved pages.
///
/// Comments, scripts and styles go with their content; a tag that breaks a line or a cell leaves a line break, any other nothing.
/// What only looks like a tag or a reference stays.
enum HTMLStripper {
    /// Strips a range of the bytes in place; the result is never longer. O(length).
    /// - Returns: where the result lies.
    static func strip(_ bytes: inout [UInt8], _ range: Range<Int>) -> Range<Int> {
        guard let stripped = stripped(bytes.span, range) else { return range }
        let result = range.lowerBound..<range.lowerBound + stripped.count
        bytes.replaceSubrange(result, with: stripped)
        return result
    }

    /// What is left of a range, or `nil` when all of it is.
    private static func stripped(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        func holds(_ byte: UInt8) -> Bool {
            bytes.firstIndex(of: byte, from: range.lowerBound).map { $0 < range.upperBound } ?? false
        }
        guard holds(ASCII.lessThan) || holds(ASCII.ampersand) else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var i = range.lowerBound
        while i < range.upperBound {
            let byte = bytes[i]
            if byte == ASCII.lessThan, let tag = HTMLTag(bytes, i, range.upperBound) {
                i = tag.end
                if tag.breaksLine, let last = output.last, !ASCII.isSpace(last) { output.append(ASCII.lineFeed) }
            } else if byte == ASCII.ampersand, let (scalar, end) = HTMLReference.decode(bytes, i, range.upperBound) {
                i = end
                output.append(addingCapacity: 4) { $0.append(scalar: scalar) }
            } else {
                output.append(byte)
                i += 1
            }
        }
        return output
    }
}

/// A tag, a comment or a declaration, with its content where that is no text.
private struct HTMLTag {
    /// The position behind it.
    let end: Int
    let breaksLine: Bool

    /// Reads what begins with `<`, or gives `nil` when it is no tag.
    init?(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) {
        var i = start + 1
        guard i < limit else { return nil }
        if bytes[i] == UInt8(ascii: "!") || bytes[i] == UInt8(ascii: "?") {
            let isComment = i + 2 < limit && bytes[i + 1] == UInt8(ascii: "-") && bytes[i + 2] == UInt8(ascii: "-")
            guard let end = isComment ? Self.commentEnd(bytes, i + 3, limit) : Self.closing(bytes, i, limit) else { return nil }
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
        guard var end = Self.closing(bytes, i, limit) else { return nil }
        if !isClosing, Self.withoutText.contains(name) {
            end = Self.elementEnd(bytes, end, limit, name: name)
        }
        self.end = end
        breaksLine = !Self.inline.contains(name)
    }

    /// The position behind the `>` of a tag; one within a quoted attribute does not count.
    private static func closing(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Int? {
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
        return nil
    }

    private static func commentEnd(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Int? {
        var i = start
        while i + 2 < limit {
            if bytes[i] == UInt8(ascii: "-"), bytes[i + 1] == UInt8(ascii: "-"), bytes[i + 2] == ASCII.greaterThan {
                return i + 3
            }
            i += 1
        }
        return nil
    }

    /// The position behind the closing tag of an element, or the end of the text.
    private static func elementEnd(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int, name: String) -> Int {
        let name = Array(name.utf8)
        var i = start
        while let open = bytes.firstIndex(of: ASCII.lessThan, from: i), open + 2 + name.count <= limit {
            i = open + 1
            guard bytes[i] == UInt8(ascii: "/") else { continue }
            if name.indices.allSatisfy({ bytes[i + 1 + $0] | 0x20 == name[$0] }) {
                return closing(bytes, i, limit) ?? limit
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
