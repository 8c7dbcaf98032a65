/// A record is a row of a table as RFC 4180 has it: it ends at a line break that is not within quotation marks.
struct TableSplitter: RecordSplitter {
    private enum State {
        case fieldStart, unquoted, quoted
        /// Behind a quotation mark within a quoted field: the first of two, or the closing one.
        case quoteSeen
    }

    let separator: UInt8
    private var state = State.fieldStart

    init(separator: UInt8) {
        self.separator = separator
    }

    mutating func nextEnd(in bytes: Span<UInt8>, start: inout Int, position: inout Int, isEnd: Bool) -> Int? {
        var i = position
        var state = state
        defer {
            self.state = state
            position = i
        }
        while i < bytes.count {
            if state == .quoted {
                guard let quote = bytes.firstIndex(of: ASCII.quote, from: i, to: bytes.count) else {
                    i = bytes.count
                    break
                }
                i = quote + 1
                state = .quoteSeen
                continue
            }
            let byte = bytes[i]
            i += 1
            switch byte {
            case ASCII.lineFeed:
                state = .fieldStart
                return i - 2 >= start && bytes[i - 2] == ASCII.carriageReturn ? i - 2 : i - 1
            case separator: state = .fieldStart
            case ASCII.quote where state != .unquoted: state = .quoted
            default: state = .unquoted
            }
        }
        guard isEnd, start < bytes.count else { return nil }
        state = .fieldStart
        return bytes[bytes.count - 1] == ASCII.carriageReturn ? bytes.count - 1 : bytes.count
    }
}
