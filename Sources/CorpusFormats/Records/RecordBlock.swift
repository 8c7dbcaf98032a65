/// Some whole records as they stand in the input (lines, rows of a table, elements of an array, files of a folder) in one buffer
/// that is used again and again.
public struct RecordBlock: Sendable {
    /// The bytes of the records and of what stands between them, UTF-8.
    public internal(set) var bytes: [UInt8] = []
    /// Where each record lies in `bytes`, without its line break.
    public internal(set) var records: [Range<Int>] = []
    /// The number of the line, from 1, on which each record begins.
    public internal(set) var lines: [Int] = []
    /// Records that were too long to be kept.
    public internal(set) var problems: [Problem] = []

    public init() {}

    /// Empties the block; memory is kept unless a giant record made it grow far beyond the usual size of a block.
    mutating func removeAll(usualSize: Int) {
        if bytes.capacity > max(1 << 16, 8 * usualSize) { bytes = [] }
        bytes.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        problems.removeAll(keepingCapacity: true)
    }
}
