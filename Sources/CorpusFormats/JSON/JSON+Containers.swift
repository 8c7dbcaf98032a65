/// The parts of containers in a text that is known to be valid JSON.
extension JSON {
    /// A member of an object: its name decoded, where the name stands, and its value verbatim.
    struct Member {
        var name: String
        var position: Int
        var value: Range<Int>
    }

    /// The members of the object that starts at the first byte of a range, in their order. O(length).
    static func members(_ bytes: Span<UInt8>, of object: Range<Int>) -> [Member] {
        var members: [Member] = []
        forEachPart(bytes, of: object) { start in
            guard let (name, after) = string(bytes, start, object.upperBound) else { return nil }
            // Behind the colon.
            let value = skipSpace(bytes, skipSpace(bytes, after, object.upperBound) + 1, object.upperBound)
            guard let end = try? skipValue(bytes, value, object.upperBound) else { return nil }
            members.append(Member(name: name, position: start, value: value..<end))
            return end
        }
        return members
    }

    /// The elements of the array that starts at the first byte of a range, in their order. O(length).
    static func elements(_ bytes: Span<UInt8>, of array: Range<Int>) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        forEachPart(bytes, of: array) { start in
            guard let end = try? skipValue(bytes, start, array.upperBound) else { return nil }
            elements.append(start..<end)
            return end
        }
        return elements
    }

    /// The string that starts at a position, decoded, and the position after it; `nil` for another kind of value.
    static func string(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (text: String, after: Int)? {
        guard start < end, bytes[start] == ASCII.quote else { return nil }
        var decoded: [UInt8] = []
        guard let after = try? decodeString(bytes, start, end, into: &decoded) else { return nil }
        return (String(decoding: decoded, as: UTF8.self), after)
    }

    /// Calls `body` with the start of every member or element; it returns the position after it.
    private static func forEachPart(_ bytes: Span<UInt8>, of container: Range<Int>, _ body: (Int) -> Int?) {
        let end = container.upperBound
        var i = skipSpace(bytes, container.lowerBound + 1, end)
        while i < end, bytes[i] != ASCII.closeBrace, bytes[i] != ASCII.closeBracket {
            guard let after = body(i) else { return }
            i = skipSpace(bytes, after, end)
            if i < end, bytes[i] == ASCII.comma { i = skipSpace(bytes, i + 1, end) }
        }
    }
}
