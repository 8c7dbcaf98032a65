extension [UInt8] {
    /// Appends UTF-8 as a JSON string with its quotation marks. O(length).
    public mutating func append(jsonString text: Span<UInt8>) {
        append(ASCII.quote)
        append(jsonContent: text)
        append(ASCII.quote)
    }

    /// Appends UTF-8 as what stands between the quotation marks of a JSON string. O(length).
    mutating func append(jsonContent text: Span<UInt8>) {
        var start = 0
        while true {
            let end = JSON.plainEnd(text, start, text.count)
            append(text, start..<end)
            guard end < text.count else { break }
            append(ASCII.backslash)
            switch text[end] {
            case ASCII.quote, ASCII.backslash: append(text[end])
            case ASCII.lineFeed: append(UInt8(ascii: "n"))
            case ASCII.carriageReturn: append(UInt8(ascii: "r"))
            case ASCII.tab: append(UInt8(ascii: "t"))
            default:
                append(contentsOf: "u00".utf8)
                append(hexadecimal: text[end] >> 4)
                append(hexadecimal: text[end] & 15)
            }
            start = end + 1
        }
    }

    private mutating func append(hexadecimal digit: UInt8) {
        append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
    }

    /// Appends UTF-8 on one line, as `OutputSpan` does.
    mutating func append(oneLine text: Span<UInt8>, _ range: Range<Int>) {
        append(addingCapacity: range.count) { $0.append(oneLine: text, range) }
    }
}

extension OutputSpan<UInt8> {
    /// Appends UTF-8 with a space in place of every control character, so that it stays on its line, in its column, and cannot
    /// command a terminal. O(length).
    mutating func append(oneLine text: Span<UInt8>, _ range: Range<Int>) {
        var isClean = true
        for i in range where text[i] < 0x20 || text[i] == 0x7F || text[i] == 0xC2 { isClean = false }
        if isClean { return append(short: text, range) }
        var i = range.lowerBound
        while i < range.upperBound {
            let byte = text[i]
            if byte < 0x20 || byte == 0x7F {
                append(ASCII.space)
            } else if byte == 0xC2, i + 1 < range.upperBound, text[i + 1] < 0xA0 {
                // U+0080 to U+009F.
                append(ASCII.space)
                i += 1
            } else {
                append(byte)
            }
            i += 1
        }
    }
}
