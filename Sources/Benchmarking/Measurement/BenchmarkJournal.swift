import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The finished cells of a benchmark in a file that is only ever added to, a line of JSON a cell.
///
/// A line is on the disk before the next cell begins, so that a killed run loses the cell at work and nothing else. What a killed
/// writer left of a line is skipped, and the next line begins on a line of its own. Two runs must not share a journal at a time: the
/// second one is refused.
public struct BenchmarkJournal: Sendable {
    /// Why a journal cannot be used.
    public struct JournalError: Error, Equatable, CustomStringConvertible {
        public let path: String
        public let reason: String
        public var description: String { "the journal \(path): \(reason)" }
    }

    /// The last record of each key.
    public private(set) var records: [String: CellRecord]
    /// How many lines were no records.
    public let skippedLineCount: Int
    private let file: AppendOnlyFile

    /// The file's name.
    public var path: String { file.path }

    /// Opens a journal, or begins one, and reads what is in it.
    public init(path: String) throws(JournalError) {
        let file = try AppendOnlyFile(path: path)
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            throw JournalError(path: path, reason: "it cannot be read")
        }
        let decoder = JSONDecoder()
        var records: [String: CellRecord] = [:]
        var skippedLineCount = 0
        for line in data.split(separator: UInt8(ascii: "\n")) {
            if let record = try? decoder.decode(CellRecord.self, from: Data(line)) {
                records[record.key] = record
            } else {
                skippedLineCount += 1
            }
        }
        if let last = data.last, last != UInt8(ascii: "\n") { try file.write([UInt8(ascii: "\n")]) }
        self.records = records
        self.skippedLineCount = skippedLineCount
        self.file = file
    }

    /// Adds a record and waits until it is on the disk.
    public mutating func append(_ record: CellRecord) throws(JournalError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(record) else {
            throw JournalError(path: path, reason: "a figure of \(record.set), \(record.recipe) is no number")
        }
        line.append(UInt8(ascii: "\n"))
        try file.write([UInt8](line))
        records[record.key] = record
    }
}

/// The one handle on the journal's file.
private final class AppendOnlyFile: Sendable {
    typealias JournalError = BenchmarkJournal.JournalError

    let path: String
    private let descriptor: Int32

    /// Opens a regular file that nobody else writes.
    init(path: String) throws(JournalError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw JournalError(path: path, reason: Self.systemErrorText()) }
        var status = stat()
        let isRegular = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        guard isRegular, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            _ = close(descriptor)
            throw JournalError(path: path, reason: isRegular ? "another run is writing it" : "it is not a regular file")
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { _ = close(descriptor) }

    /// Writes all bytes and waits until they are on the disk.
    func write(_ bytes: [UInt8]) throws(JournalError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.span.extracting(written..<bytes.count).bytes.withUnsafeBytes {
                unsafe systemWrite(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw JournalError(path: path, reason: Self.systemErrorText())
            }
        }
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw JournalError(path: path, reason: Self.systemErrorText())
        }
    }

    private static func systemErrorText() -> String { unsafe String(cString: strerror(errno)) }
}

/// `write(2)`, under a name that the method does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}
