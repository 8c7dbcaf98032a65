/// Finds where records end. It keeps its state from call to call, so that a record may come in any number of pieces.
protocol RecordSplitter: Sendable {
    /// Whether every record is exactly one line.
    var splitsLines: Bool { get }

    /// Looks for the end of the record on from `position`, which it moves behind what it has seen.
    ///
    /// - Parameters:
    ///   - start: where the record begins; moved over what stands between two records.
    ///   - isEnd: whether no more bytes will come.
    /// - Returns: the end of the record's content, or `nil` when it needs more bytes or, at the end, when there is no record.
    mutating func nextEnd(
        in bytes: Span<UInt8>, start: inout Int, position: inout Int, isEnd: Bool
    ) throws(SplittingError) -> Int?
}

/// The input as a whole is not of its format, so that no further record can be found.
struct SplittingError: Error {
    /// Where that is seen.
    var position: Int
    var reason: String
}

/// A record is a line; `\r\n` ends one as `\n` does, and the last one may lack its end.
struct LineSplitter: RecordSplitter {
    var splitsLines: Bool { true }

    mutating func nextEnd(in bytes: Span<UInt8>, start: inout Int, position: inout Int, isEnd: Bool) -> Int? {
        var end: Int
        if let found = bytes.firstIndex(of: ASCII.lineFeed, from: position, to: bytes.count) {
            end = found
            position = found + 1
        } else {
            position = bytes.count
            guard isEnd, start < bytes.count else { return nil }
            end = bytes.count
        }
        if end > start, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
        return end
    }
}

/// The whole input is one record.
struct WholeSplitter: RecordSplitter {
    var splitsLines: Bool { false }

    mutating func nextEnd(in bytes: Span<UInt8>, start: inout Int, position: inout Int, isEnd: Bool) -> Int? {
        position = bytes.count
        return isEnd && start < bytes.count ? bytes.count : nil
    }
}
