/// Reads blocks of whole records from a source, in memory bounded by the size of a block or of the longest record allowed.
struct RecordReader: ~Copyable {
    private var source: ByteSource
    private var splitter: any RecordSplitter
    private let blockSize: Int
    private let maximumRecord: Int
    /// The bytes behind the last whole record, and how far the splitter has seen them.
    private var rest: [UInt8] = []
    private var seen = 0
    private var isAtEnd = false
    /// The number of the line on which `rest` begins.
    private(set) var line = 1

    init(_ source: consuming ByteSource, splitter: any RecordSplitter, blockSize: Int, maximumRecord: Int) {
        self.source = source
        self.splitter = splitter
        self.blockSize = blockSize
        self.maximumRecord = maximumRecord
    }

    var name: String { source.name }

    /// Replaces the block by the next one: as many records as fit, or those that are there when the source is slow.
    ///
    /// Records longer than the limit are left out and reported among the block's problems; their bytes are not kept.
    /// - Returns: `false` at the end, with an empty block.
    mutating func next(into block: inout RecordBlock) throws(CorpusFormatError) -> Bool {
        block.removeAll(usualSize: blockSize)
        block.bytes.append(rest.span)
        rest.removeAll(keepingCapacity: true)
        var start = 0
        var position = seen
        // The length of what was dropped of the present record, if it is too long.
        var (dropped, droppedLines) = (0, 0)
        while true {
            try takeRecords(into: &block, start: &start, position: &position, dropped: &dropped, &droppedLines)
            if isAtEnd { break }
            if block.records.count + block.problems.count > 0, block.bytes.count >= blockSize || !source.isReady {
                if dropped == 0 { break }
            }
            if dropped + block.bytes.count - start > maximumRecord {
                droppedLines += block.bytes.span.occurrences(of: ASCII.lineFeed, in: start..<block.bytes.count)
                dropped += block.bytes.count - start
                block.bytes.removeLast(block.bytes.count - start)
                position = start
            }
            isAtEnd = try !source.read(blockSize, into: &block.bytes)
        }
        if dropped > 0 { report(length: dropped, to: &block) }
        rest.append(block.bytes.span, start..<block.bytes.count)
        seen = position - start
        return block.records.count + block.problems.count > 0
    }

    /// Notes the records that are whole.
    private mutating func takeRecords(
        into block: inout RecordBlock, start: inout Int, position: inout Int, dropped: inout Int, _ droppedLines: inout Int
    ) throws(CorpusFormatError) {
        // A second reference, not a copy: the loop appends to other parts of the block while it looks at the bytes.
        let shared = block.bytes
        let bytes = shared.span
        while true {
            let previous = start
            let end = try splitter.nextEnd(in: bytes, start: &start, position: &position, isEnd: isAtEnd)
            if start > previous { line += bytes.occurrences(of: ASCII.lineFeed, in: previous..<start) }
            guard let end else { return }
            let length = dropped + end - start
            if length > maximumRecord {
                report(length: length, to: &block)
                line += droppedLines
                (dropped, droppedLines) = (0, 0)
            } else {
                block.records.append(start..<end)
                block.lines.append(line)
            }
            line += splitter.splitsLines ? 1 : bytes.occurrences(of: ASCII.lineFeed, in: start..<position)
            start = position
        }
    }

    private func report(length: Int, to block: inout RecordBlock) {
        let location = SourceLocation(file: source.name, line: line)
        block.problems.append(Problem(location: location, kind: .tooLong(length: length, maximum: maximumRecord)))
    }
}
