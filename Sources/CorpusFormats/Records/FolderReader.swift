/// What is known of a file of a folder before it is read.
struct FolderEntry: Sendable {
    var path: String
    var identifier: String
    var title = ""
    var labels: [String]?
    var unjudged: [String] = []
    var date: String?
    var group: String?
    /// Where a table names the file.
    var location: SourceLocation?
}

/// Reads blocks of whole files of a folder; every file is a record.
struct FolderReader {
    private let entries: [FolderEntry]
    /// What is wrong with the folder's table; reported with the first block.
    private var problems: [Problem]
    private let encoding: TextEncoding
    private let blockSize: Int
    private let maximumRecord: Int
    private var position = 0

    init(_ layout: FolderLayout, options: ReadingOptions) {
        entries = layout.entries
        problems = layout.problems
        encoding = options.encoding
        blockSize = options.blockSize
        maximumRecord = options.maximumLine
    }

    /// Replaces the block by the next files. Files that cannot be read or are too long are reported among its problems.
    /// - Returns: `false` at the end, with an empty block.
    mutating func next(into block: inout RecordBlock) -> Bool {
        block.removeAll(usualSize: blockSize)
        swap(&block.problems, &problems)
        while position < entries.count, block.bytes.count < blockSize {
            let entry = entries[position]
            position += 1
            let start = block.bytes.count
            do throws(CorpusFormatError) {
                var source = try ByteSource(path: entry.path, encoding: encoding)
                while block.bytes.count - start <= maximumRecord, try source.read(blockSize, into: &block.bytes) {}
            } catch {
                block.bytes.removeSubrange(start...)
                let kind = Problem.Kind.unreadableFile(entry.path, reason: error.reason)
                block.problems.append(Problem(location: entry.location ?? SourceLocation(file: entry.path), kind: kind))
                continue
            }
            let length = block.bytes.count - start
            if length > maximumRecord {
                block.bytes.removeSubrange(start...)
                let kind = Problem.Kind.fileTooLong(maximum: maximumRecord)
                block.problems.append(Problem(location: SourceLocation(file: entry.path), kind: kind))
                continue
            }
            block.records.append(start..<block.bytes.count)
            block.lines.append(1)
            block.entries.append(entry)
        }
        return !block.isEmpty
    }
}
