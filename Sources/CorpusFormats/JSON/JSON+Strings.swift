/// The grammar of RFC 8259, as functions on bytes that take a position and return the position after what they read.
enum JSON {}

extension JSON {
    @inline(__always)
    static func skipSpace(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        while i < end, ASCII.isSpace(bytes[i]) { i += 1 }
        return i
    }

    /// The high bit of each byte that ends a run of plain characters: a quotation mark, a backslash, a control character.
    ///
    /// The subtractions borrow into higher bytes only, so the lowest bit that is set is right (Mycroft's test for a zero byte).
    @inline(__always)
    static func ends(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        return (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word))
            & (ones &* 0x80)
    }

    /// The position of the first quotation mark, backslash or control character from `start` on, or `end`.
    @inline(__always)
    static func plainEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var i = start
        let last = min(end, bytes.count) - 8
        while i <= last - 24 {
            for offset in stride(from: 0, to: 32, by: 8) {
                let found = ends(bytes.word(at: i &+ offset))
                if found != 0 { return i &+ offset &+ found.trailingZeroBitCount / 8 }
            }
            i &+= 32
        }
        while i <= last {
            let found = ends(bytes.word(at: i))
            if found != 0 { return i &+ found.trailingZeroBitCount / 8 }
            i &+= 8
        }
        while i < end {
            let byte = bytes[i]
            if byte == ASCII.quote || byte == ASCII.backslash || byte < 0x20 { return i }
            i += 1
        }
        return end
    }

    /// Reads a string that is not needed.
    /// - Parameter start: the position of its opening quotation mark.
    /// - Returns: the position after the closing one, and whether there are escapes.
    static func skipString(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) -> (after: Int, isEscaped: Bool) {
        var i = start + 1
        var isEscaped = false
        while true {
            i = plainEnd(bytes, i, end)
            guard i < end else { throw JSONError(end, .closingQuote) }
            if bytes[i] == ASCII.quote { return (i + 1, isEscaped) }
            guard bytes[i] == ASCII.backslash else { throw JSONError(i, .escapedControl) }
            isEscaped = true
            guard i + 1 < end else { throw JSONError(end, .escape) }
            if bytes[i + 1] == UInt8(ascii: "u") {
                _ = try codeUnit(bytes, i + 2, end)
                i += 6
            } else {
                guard unescaped(bytes[i + 1]) != nil else { throw JSONError(i + 1, .escape) }
                i += 2
            }
        }
    }

    /// Reads a string and appends what it means.
    /// - Parameter start: the position of its opening quotation mark.
    /// - Returns: the position after the closing one.
    static func decodeString(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, into output: inout [UInt8]
    ) throws(JSONError) -> Int {
        // No escape means more bytes than it has; the rest is room for copying many bytes at once.
        let capacity = end - start + OutputSpan<UInt8>.stringSlack
        var i = start + 1
        output.append(addingCapacity: capacity) { i = $0.append(stringContent: bytes, from: i, to: end) }
        if i < end, bytes[i] == ASCII.quote { return i + 1 }
        try output.append(addingCapacity: capacity) { (output: inout OutputSpan<UInt8>) throws(JSONError) in
            while true {
                guard i < end else { throw JSONError(end, .closingQuote) }
                if bytes[i] == ASCII.quote { return }
                guard bytes[i] == ASCII.backslash else { throw JSONError(i, .escapedControl) }
                i = try decodeEscape(bytes, i, end, into: &output)
                i = output.append(stringContent: bytes, from: i, to: end)
            }
        }
        return i + 1
    }

    /// Reads one escape and appends what it means.
    /// - Parameter start: the position of its backslash.
    @inline(__always)
    private static func decodeEscape(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, into output: inout OutputSpan<UInt8>
    ) throws(JSONError) -> Int {
        guard start + 1 < end else { throw JSONError(end, .escape) }
        if bytes[start + 1] != UInt8(ascii: "u") {
            guard let byte = unescaped(bytes[start + 1]) else { throw JSONError(start + 1, .escape) }
            output.append(byte)
            return start + 2
        }
        var scalar = try codeUnit(bytes, start + 2, end)
        var after = start + 6
        if scalar & 0xF800 == 0xD800 {
            var low: UInt32 = 0
            if scalar < 0xDC00, after + 1 < end, bytes[after] == ASCII.backslash, bytes[after + 1] == UInt8(ascii: "u") {
                low = try codeUnit(bytes, after + 2, end)
            }
            if low & 0xFC00 == 0xDC00 {
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                after += 6
            } else {
                scalar = 0xFFFD
            }
        }
        output.append(scalar: scalar)
        return after
    }

    /// What a backslash and this byte stand for, `u` excepted.
    @inline(__always)
    private static func unescaped(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "n"): 0x0A
        case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"): byte
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }

    /// The number that four hexadecimal digits stand for.
    @inline(__always)
    private static func codeUnit(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for i in start..<start + 4 {
            guard i < end, let digit = ASCII.hexadecimalValue(bytes[i]) else { throw JSONError(min(i, end), .hexadecimalDigit) }
            value = value << 4 | digit
        }
        return value
    }
}

extension OutputSpan<UInt8> {
    /// Appends a Unicode scalar value as UTF-8.
    /// - Precondition: it is a scalar value, and there is room for it.
    @inline(__always)
    mutating func append(scalar: UInt32) {
        if scalar < 0x80 {
            append(UInt8(truncatingIfNeeded: scalar))
            return
        }
        if scalar < 0x800 {
            append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
        } else {
            if scalar < 0x10000 {
                append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
            } else {
                append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
                append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
            }
            append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
        }
        append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
}
