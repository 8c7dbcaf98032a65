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

    /// What is known of each record from elsewhere: the files of a folder. Empty for other formats.
    var entries: [FolderEntry] = []

    public init() {}

    var isEmpty: Bool { records.isEmpty && problems.isEmpty }

    /// Empties the block; memory is kept unless a giant record made it grow far beyond the usual size of a block.
    mutating func removeAll(usualSize: Int) {
        if bytes.capacity > max(1 << 16, 8 * usualSize) { bytes = [] }
        bytes.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        problems.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Replaces malformed UTF-8. O(bytes), without a copy when there is none.
    /// - Returns: the number of replacements, and the first record that has one.
    mutating func repair() -> (count: Int, first: Int?) {
        guard UTF8Repair.firstMalformed(in: bytes.span, 0..<bytes.count) != nil else { return (0, nil) }
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count + 256)
        var (count, first): (Int, Int?) = (0, nil)
        for i in records.indices {
            let start = repaired.count
            let replaced = UTF8Repair.appendRepaired(bytes.span, records[i], to: &repaired)
            if replaced > 0, first == nil { first = i }
            count += replaced
            records[i] = start..<repaired.count
        }
        bytes = repaired
        return (count, first)
    }
}
