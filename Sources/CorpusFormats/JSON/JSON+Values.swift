extension JSON {
    /// Reads a value of any kind inside the top-level object, and checks it.
    /// - Parameter start: the position of its first byte.
    /// - Returns: the position after it.
    static func skipValue(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) -> Int {
        var i = start
        // One bit a level: whether the container is an object. The top-level object is the first level.
        var isObject = InlineArray<8, UInt64>(repeating: 0)
        var depth = 1
        while true {
            guard i < end else { throw JSONError(end, .value) }
            let byte = bytes[i]
            switch byte {
            case ASCII.quote:
                i = try skipString(bytes, i, end).after
            case ASCII.openBrace, ASCII.openBracket:
                guard depth < JSONScanner.maximumDepth else { throw JSONError(i, .lessDepth) }
                let bit: UInt64 = 1 << UInt64(depth & 63)
                if byte == ASCII.openBrace { isObject[depth >> 6] |= bit } else { isObject[depth >> 6] &= ~bit }
                depth += 1
                i = skipSpace(bytes, i + 1, end)
                if i < end, bytes[i] == byte + 2 {
                    i += 1
                    depth -= 1
                } else {
                    if byte == ASCII.openBrace { i = try skipName(bytes, i, end, .nameOrBrace) }
                    continue
                }
            case UInt8(ascii: "-"), ASCII.zero...ASCII.nine:
                i = try skipNumber(bytes, i, end)
            case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
                i = try skipLiteral(bytes, i, end)
            default:
                throw JSONError(i, .value)
            }
            // The value is complete: close the containers that end here, and go on behind the next comma.
            while true {
                if depth == 1 { return i }
                i = skipSpace(bytes, i, end)
                let inObject = isObject[(depth - 1) >> 6] >> UInt64((depth - 1) & 63) & 1 == 1
                guard i < end else { throw JSONError(end, inObject ? .commaOrBrace : .commaOrBracket) }
                if bytes[i] == ASCII.comma {
                    i = skipSpace(bytes, i + 1, end)
                    if inObject { i = try skipName(bytes, i, end, .name) }
                    break
                }
                guard bytes[i] == (inObject ? ASCII.closeBrace : ASCII.closeBracket) else {
                    throw JSONError(i, inObject ? .commaOrBrace : .commaOrBracket)
                }
                i += 1
                depth -= 1
            }
        }
    }

    /// Reads the name of a member, the colon and the white space around it.
    private static func skipName(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ expected: JSONError.Expected
    ) throws(JSONError) -> Int {
        guard start < end, bytes[start] == ASCII.quote else { throw JSONError(start, expected) }
        let colon = skipSpace(bytes, try skipString(bytes, start, end).after, end)
        guard colon < end, bytes[colon] == ASCII.colon else { throw JSONError(colon, .colon) }
        return skipSpace(bytes, colon + 1, end)
    }

    private static func skipNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) -> Int {
        func skipDigits(_ start: Int) throws(JSONError) -> Int {
            var i = start
            while i < end, ASCII.isDigit(bytes[i]) { i += 1 }
            guard i > start else { throw JSONError(i, .digit) }
            return i
        }
        var i = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
        if i < end, bytes[i] == ASCII.zero { i += 1 } else { i = try skipDigits(i) }
        if i < end, bytes[i] == UInt8(ascii: ".") { i = try skipDigits(i + 1) }
        if i < end, bytes[i] | 0x20 == UInt8(ascii: "e") {
            i += 1
            if i < end, bytes[i] == UInt8(ascii: "+") || bytes[i] == UInt8(ascii: "-") { i += 1 }
            i = try skipDigits(i)
        }
        return i
    }

    private static func skipLiteral(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) -> Int {
        func isFollowed(at i: Int, by second: Unicode.Scalar, _ third: Unicode.Scalar, _ fourth: Unicode.Scalar) -> Bool {
            i + 4 <= end && bytes[i + 1] == UInt8(ascii: second) && bytes[i + 2] == UInt8(ascii: third)
                && bytes[i + 3] == UInt8(ascii: fourth)
        }
        switch bytes[start] {
        case UInt8(ascii: "t") where isFollowed(at: start, by: "r", "u", "e"): return start + 4
        case UInt8(ascii: "n") where isFollowed(at: start, by: "u", "l", "l"): return start + 4
        case UInt8(ascii: "f")
        where start + 5 <= end && bytes[start + 1] == UInt8(ascii: "a")
            && isFollowed(at: start + 1, by: "l", "s", "e"):
            return start + 5
        default: throw JSONError(start, .literal)
        }
    }
}
