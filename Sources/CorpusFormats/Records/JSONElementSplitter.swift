/// A record is an element of the one top-level array, or one of several objects that stand one after the other.
///
/// Elements are found by their brackets and strings alone; whether they are valid is for the scanner to say.
struct JSONElementSplitter: RecordSplitter {
    private enum State {
        case start, beforeFirst, beforeNext, element, behind, done
    }

    private var state = State.start
    private var isArray = false
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    mutating func nextEnd(
        in bytes: Span<UInt8>, start: inout Int, position: inout Int, isEnd: Bool
    ) throws(SplittingError) -> Int? {
        while true {
            if state == .element {
                if let end = elementEnd(in: bytes, position: &position) ?? (isEnd ? bytes.count : nil) {
                    (state, depth, isInString, isEscaped) = (.behind, 0, false, false)
                    return end
                }
                return nil
            }
            position = JSON.skipSpace(bytes, position, bytes.count)
            start = position
            guard position < bytes.count else {
                if isEnd, isArray, state != .done {
                    state = .done
                    throw SplittingError(position: position, reason: "the array is not closed with ] (is the file cut off?)")
                }
                return nil
            }
            try advance(over: bytes[position], position: &position)
            start = position
        }
    }

    /// Goes over one byte between elements.
    private mutating func advance(over byte: UInt8, position: inout Int) throws(SplittingError) {
        switch (state, byte) {
        case (.start, ASCII.openBracket):
            (isArray, state) = (true, .beforeFirst)
            position += 1
        case (.start, ASCII.openBrace):
            state = .element
        case (.beforeFirst, ASCII.closeBracket):
            state = .done
            position += 1
        case (.beforeFirst, _), (.beforeNext, _):
            state = .element
        case (.behind, ASCII.comma) where isArray:
            state = .beforeNext
            position += 1
        case (.behind, ASCII.closeBracket) where isArray:
            state = .done
            position += 1
        case (.behind, ASCII.openBrace) where !isArray:
            state = .element
        default:
            let expected =
                switch state {
                case .start: "an array of objects, [{\"text\": …}, …]"
                case .behind: isArray ? ", or ] behind the object" : "another object or the end"
                default: "nothing behind the array"
                }
            throw SplittingError(position: position, reason: "not valid JSON: expected \(expected)")
        }
    }

    /// The end of the element, or `nil` when it goes on behind the bytes.
    private mutating func elementEnd(in bytes: Span<UInt8>, position: inout Int) -> Int? {
        var i = position
        defer { position = i }
        while i < bytes.count {
            if isInString {
                if isEscaped {
                    isEscaped = false
                    i += 1
                    continue
                }
                i = JSON.plainEnd(bytes, i, bytes.count)
                guard i < bytes.count else { return nil }
                isInString = bytes[i] != ASCII.quote
                isEscaped = bytes[i] == ASCII.backslash
                i += 1
                if !isInString, depth == 0 { return i }
                continue
            }
            switch bytes[i] {
            case ASCII.quote:
                isInString = true
            case ASCII.openBrace, ASCII.openBracket:
                depth += 1
            case ASCII.closeBrace, ASCII.closeBracket:
                if depth == 0 { return i }
                depth -= 1
                if depth == 0 {
                    i += 1
                    return i
                }
            case ASCII.comma where depth == 0:
                return i
            default: break
            }
            i += 1
        }
        return nil
    }
}
