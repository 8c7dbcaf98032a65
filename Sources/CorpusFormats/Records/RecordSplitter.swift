/// Finds where records end that are no lines. It keeps its state from call to call, so that a record may come in any number of pieces.
protocol RecordSplitter: Sendable {
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

/// The whole input is one record.
struct WholeSplitter: RecordSplitter {
    mutating func nextEnd(in bytes: Span<UInt8>, start: inout Int, position: inout Int, isEnd: Bool) -> Int? {
        position = bytes.count
        return isEnd && start < bytes.count ? bytes.count : nil
    }
}
