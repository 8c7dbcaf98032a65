import TextClassification

/// Reads articles block by block, in bounded memory: what prediction on a stream uses.
///
/// Reading is serial and cheap; `parser` makes articles of what was read and may do so on many threads.
public final class ArticleBlockReader {
    /// Makes articles of the blocks that this reader reads.
    public let parser: ArticleParser
    private var reader: RecordReader?
    private var folder: FolderReader?
    /// A block that was read to see the header of a table.
    private var first: RecordBlock?
    private var hasRead = false
    private let name: String

    /// Opens the input and recognises its format. Of standard input it waits for the first bytes.
    /// - Throws: `CorpusFormatError` when it cannot be opened, is of no known format, or is a table without the columns needed.
    public init(_ input: ArticleInput, options: ReadingOptions = ReadingOptions()) throws(CorpusFormatError) {
        name = input.description
        if case .path(let path) = input, FileSystem.kind(of: path) == .directory {
            if let format = options.format, !format.isDirectory {
                throw .cannotOpen(path: path, reason: "it is a folder, and the format is to be \(format.rawValue)")
            }
            let layout = try FolderLayout(path: path, options: options)
            parser = ArticleParser(file: path, format: layout.format, options: options)
            folder = FolderReader(layout, options: options)
            return
        }
        if let format = options.format, format.isDirectory {
            throw .cannotOpen(path: name, reason: "it is not a folder, and the format is to be \(format.rawValue)")
        }
        var source = try Self.source(of: input, encoding: options.encoding)
        let format = try Self.format(of: input, &source, options)
        var reader = RecordReader(
            source, splitter: Self.splitter(for: format), blockSize: options.blockSize, maximumRecord: options.maximumLine)
        var columns: TableColumns?
        if format == .csv || format == .tsv { (columns, first) = try Self.header(of: &reader, format, options) }
        var identifier: String?
        if case .path(let path) = input, format == .text { identifier = path.split(separator: "/").last.map(String.init) }
        parser = ArticleParser(
            file: name, format: format, options: options, columns: columns, defaultIdentifier: identifier)
        self.reader = consume reader
    }

    /// The format of the input.
    public var format: ArticleFormat { parser.format }

    /// Replaces the block by the next records, without making articles of them: whole records that are there at once, or the
    /// next one that comes.
    /// - Returns: `false` at the end.
    /// - Throws: `CorpusFormatError` when there is nothing in the input, or it cannot be read any further; what could be read was
    ///   given before.
    public func read(into block: inout ArticleBlock) throws(CorpusFormatError) -> Bool {
        // They may share the memory of the records.
        block.removeArticles()
        if var records = first {
            first = nil
            if !records.isEmpty {
                hasRead = true
                swap(&block.records, &records)
                return true
            }
        }
        if try reader?.next(into: &block.records) ?? folder?.next(into: &block.records) ?? false {
            hasRead = true
            return true
        }
        if !hasRead {
            let mayHoldNone = format == .json || parser.columns != nil || format.isDirectory
            throw .empty(file: name, reason: mayHoldNone ? "holds no articles" : "is empty")
        }
        return false
    }

    /// Replaces the block by the next articles: `read(into:)` and `ArticleParser.parse(_:)` in one.
    public func next(into block: inout ArticleBlock) throws(CorpusFormatError) -> Bool {
        guard try read(into: &block) else { return false }
        parser.parse(&block)
        return true
    }

    private static func source(of input: ArticleInput, encoding: TextEncoding) throws(CorpusFormatError) -> ByteSource {
        switch input {
        case .path(let path): try ByteSource(path: path, encoding: encoding)
        case .standardInput: ByteSource(descriptor: 0, name: input.description, encoding: encoding)
        case .bytes(let bytes, let name): ByteSource(bytes: bytes, name: name, encoding: encoding)
        }
    }

    private static func format(
        of input: ArticleInput, _ source: inout ByteSource, _ options: ReadingOptions
    ) throws(CorpusFormatError) -> ArticleFormat {
        if let format = options.format { return format }
        let isFile = input != .standardInput
        if isFile, let format = ArticleFormat.recognised(byName: input.description) { return format }
        let head = try source.peek { ArticleFormat.isEnough($0, isFile: isFile) }
        return ArticleFormat.recognised(byContent: head, isFile: isFile)
    }

    /// What finds the records of a format; `nil` for those whose records are lines.
    private static func splitter(for format: ArticleFormat) -> (any RecordSplitter)? {
        switch format {
        case .jsonl, .fasttext, .lines: nil
        case .json: JSONElementSplitter()
        case .csv: TableSplitter(separator: ASCII.comma)
        case .tsv: TableSplitter(separator: ASCII.tab)
        case .text, .directoryWithTable, .directoryPerLabel: WholeSplitter()
        }
    }

    /// Reads the first block of a table and takes the header off it.
    private static func header(
        of reader: inout RecordReader, _ format: ArticleFormat, _ options: ReadingOptions
    ) throws(CorpusFormatError) -> (TableColumns, RecordBlock) {
        var block = RecordBlock()
        while try reader.next(into: &block) {
            guard let position = block.records.firstIndex(where: { !$0.isEmpty }) else { continue }
            _ = block.repair()
            let columns = try TableColumns(
                header: block.bytes.span, block.records[position], separator: format == .csv ? ASCII.comma : ASCII.tab,
                names: options.fieldNames, required: [.text],
                location: SourceLocation(file: reader.name, line: block.lines[position]))
            block.records.removeSubrange(...position)
            block.lines.removeSubrange(...position)
            return (columns, block)
        }
        throw .empty(file: reader.name, reason: "is empty; a table needs a header")
    }
}
