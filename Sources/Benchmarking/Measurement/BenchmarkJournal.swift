import FoundationEssentials
import TextClassification

/// The finished cells of a benchmark in a file that is only ever added to, a line of JSON a cell.
///
/// A line is on the disk before the next cell begins, so that a killed run loses the cell at work and nothing else. What a killed
/// writer left of a line is skipped.
public struct BenchmarkJournal: Sendable {
    /// The last record of each key.
    public private(set) var records: [String: CellRecord]
    /// How many lines were no records.
    public let skippedLineCount: Int
    private let file: AppendOnlyFile

    /// The file's name.
    public var path: String { file.path }

    /// Opens a journal, or begins one, and reads what is in it.
    public init(path: String) throws(AppendOnlyFileError) {
        file = try AppendOnlyFile(path: path, writer: "another run")
        let decoder = JSONDecoder()
        var records: [String: CellRecord] = [:]
        var skippedLineCount = 0
        for line in try file.contents().split(separator: UInt8(ascii: "\n")) {
            if let record = try? decoder.decode(CellRecord.self, from: Data(line)) {
                records[record.key] = record
            } else {
                skippedLineCount += 1
            }
        }
        self.records = records
        self.skippedLineCount = skippedLineCount
    }

    /// Adds a record and waits until it is on the disk.
    public mutating func append(_ record: CellRecord) throws(AppendOnlyFileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(record) else {
            throw .cannotWrite(path: path, reason: "a figure of \(record.set), \(record.recipe) is no number")
        }
        try file.append(line)
        records[record.key] = record
    }
}
