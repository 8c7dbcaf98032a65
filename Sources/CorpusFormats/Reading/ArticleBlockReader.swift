import TextClassification

/// Reads articles block by block, in bounded memory: what prediction on a stream uses.
///
/// Reading is serial and cheap; `parser` makes articles of what was read and may do so on many threads.
public final class ArticleBlockReader {
    /// Makes articles of the blocks that this reader reads.
    public let parser: ArticleParser
    private var reader: RecordReader

    /// Opens the input and recognises its format.
    /// - Throws: `CorpusFormatError` when it cannot be opened or is of no known format.
    public init(_ input: ArticleInput, options: ReadingOptions = ReadingOptions()) throws(CorpusFormatError) {
        let source: ByteSource
        switch input {
        case .path(let path): source = try ByteSource(path: path)
        case .standardInput: source = ByteSource(descriptor: 0, name: "standard input")
        case .bytes(let bytes, let name): source = ByteSource(bytes: bytes, name: name)
        }
        let format = options.format ?? .jsonl
        parser = ArticleParser(file: source.name, format: format, options: options)
        reader = RecordReader(
            source, splitter: LineSplitter(), blockSize: options.blockSize, maximumRecord: options.maximumLine)
    }

    /// The format of the input.
    public var format: ArticleFormat { parser.format }

    /// Replaces the block by the next records, without making articles of them: whole records that are there at once, or the
    /// next one that comes.
    /// - Returns: `false` at the end.
    /// - Throws: `CorpusFormatError` when the input cannot be read any further.
    public func read(into block: inout ArticleBlock) throws(CorpusFormatError) -> Bool {
        try reader.next(into: &block.records)
    }

    /// Replaces the block by the next articles: `read(into:)` and `ArticleParser.parse(_:)` in one.
    public func next(into block: inout ArticleBlock) throws(CorpusFormatError) -> Bool {
        guard try read(into: &block) else { return false }
        parser.parse(&block)
        return true
    }
}
