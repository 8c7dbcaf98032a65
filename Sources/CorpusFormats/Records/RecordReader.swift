/// Reads blocks of whole records from a source, in memory bounded by the size of a block or of the longest record allowed.
struct RecordReader: ~Copyable {
    private var source: ByteSource
    /// Finds the records; `nil` where every line is one.
    private var splitter: (any RecordSplitter)?
    private let blockSize: Int
    private let maximumRecord: Int
    /// Where some lines end.
    private var lineEnds: [Int] = []
    /// The bytes behind the last whole record, and how far they have been looked at.
    private var rest: [UInt8] = []
    private var seen = 0
    private var isAtEnd = false
    /// What ends the input before its end; it is thrown when the records before it have been given.
    private var failure: CorpusFormatError?
    /// The number of the line on which `rest` begins.
    private var line = 1
    /// The length of what was left out of a record that is too long, and its line breaks.
    private var dropped = (bytes: 0, lines: 0)

    /// - Parameter splitter: what finds the records; `nil` where every line is one: `\r\n` ends it as `\n` does, and the last one may lack
    ///   its end.
    init(_ source: consuming ByteSource, splitter: (any RecordSplitter)?, blockSize: Int, maximumRecord: Int) {
        self.source = source
        self.splitter = splitter
        self.blockSize = max(1, blockSize)
        self.maximumRecord = maximumRecord
    }

    var name: String { source.name }

    /// Replaces the block by the next one: about as many records as the size of a block allows, or those that are there when the
    /// source is slow.
    ///
    /// Records longer than the limit are left out and reported among the block's problems; their bytes are not kept.
    /// - Returns: `false` at the end, with an empty block.
    mutating func next(into block: inout RecordBlock) throws(CorpusFormatError) -> Bool {
        block.removeAll(usualSize: blockSize)
        if rest.count > 0 { block.bytes.append(rest.span) }
        rest.removeAll(keepingCapacity: true)
        var start = 0
        var position = seen
        while failure == nil {
            do throws(CorpusFormatError) {
                if splitter == nil {
                    takeLines(into: &block, start: &start, position: &position)
                } else {
                    try takeRecords(into: &block, start: &start, position: &position)
                }
                if isAtEnd || !block.isEmpty && (block.bytes.count >= blockSize || !source.isReady) { break }
                if dropped.bytes + block.bytes.count - start > maximumRecord { drop(from: start, &position, of: &block) }
                isAtEnd = try !source.read(blockSize, into: &block.bytes)
            } catch {
                failure = error
            }
        }
        if isAtEnd, dropped.bytes > 0 { report(length: dropped.bytes, to: &block) }
        rest.append(block.bytes.span, start..<block.bytes.count)
        seen = position - start
        if block.isEmpty, let failure { throw failure }
        return !block.isEmpty
    }

    /// Notes the lines that are whole; at the end the last one, too.
    private mutating func takeLines(into block: inout RecordBlock, start: inout Int, position: inout Int) {
        // A second reference, not a copy.
        let shared = block.bytes
        let bytes = shared.span
        var ends: [Int] = []
        swap(&ends, &lineEnds)
        while position < bytes.count {
            let next = min(bytes.count, position + Self.pieceLength)
            bytes.findAll(ASCII.lineFeed, in: position..<next, places: &ends)
            take(ends.span, bytes, into: &block, start: &start)
            position = next
        }
        swap(&ends, &lineEnds)
        if isAtEnd, start < bytes.count { take([bytes.count].span, bytes, into: &block, start: &start) }
        start = min(start, bytes.count)
    }

    /// How many bytes are searched for the ends of lines at a time.
    private static let pieceLength = 4096

    /// Notes the lines that end at some places.
    private mutating func take(_ ends: Span<Int>, _ bytes: Span<UInt8>, into block: inout RecordBlock, start: inout Int) {
        var (records, lines): ([Range<Int>], [Int]) = ([], [])
        swap(&records, &block.records)
        swap(&lines, &block.lines)
        records.append(addingCapacity: ends.count) { records in
            lines.append(addingCapacity: ends.count) { lines in
                for place in ends.indices {
                    var end = ends[place]
                    if end > start, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
                    let length = dropped.bytes + end - start
                    if length > maximumRecord {
                        report(length: length, to: &block)
                    } else {
                        records.append(start..<end)
                        lines.append(line)
                    }
                    line += 1
                    start = ends[place] + 1
                }
            }
        }
        swap(&records, &block.records)
        swap(&lines, &block.lines)
    }

    /// Notes the records that are whole.
    private mutating func takeRecords(
        into block: inout RecordBlock, start: inout Int, position: inout Int
    ) throws(CorpusFormatError) {
        // A second reference, not a copy: the loop appends to other parts of the block while it looks at the bytes.
        let shared = block.bytes
        let bytes = shared.span
        while true {
            let previous = start
            let end: Int?
            do throws(SplittingError) {
                end = try splitter?.nextEnd(in: bytes, start: &start, position: &position, isEnd: isAtEnd)
            } catch {
                line += bytes.occurrences(of: ASCII.lineFeed, in: previous..<error.position)
                throw .malformedFile(SourceLocation(file: source.name, line: line), reason: error.reason)
            }
            if start > previous { line += bytes.occurrences(of: ASCII.lineFeed, in: previous..<start) }
            guard let end else { return }
            let length = dropped.bytes + end - start
            if length > maximumRecord {
                report(length: length, to: &block)
            } else {
                block.records.append(start..<end)
                block.lines.append(line)
            }
            line += bytes.occurrences(of: ASCII.lineFeed, in: start..<position)
            start = position
        }
    }

    /// Forgets the bytes of a record that is too long, and counts them.
    private mutating func drop(from start: Int, _ position: inout Int, of block: inout RecordBlock) {
        let length = block.bytes.count - start
        dropped.lines += block.bytes.span.occurrences(of: ASCII.lineFeed, in: start..<block.bytes.count)
        dropped.bytes += length
        block.bytes.removeLast(length)
        position = start
    }

    private mutating func report(length: Int, to block: inout RecordBlock) {
        let location = SourceLocation(file: source.name, line: line)
        block.problems.append(Problem(location: location, kind: .tooLong(length: length, maximum: maximumRecord)))
        line += dropped.lines
        dropped = (0, 0)
    }
}
