import TextClassification

/// Makes articles of records: a pure function of a block, so that many threads can do it at once.
public struct ArticleParser: Sendable {
    public let format: ArticleFormat
    let file: String
    let options: ReadingOptions
    /// The columns of a table; `nil` for other formats.
    let columns: TableColumns?
    /// The identifier of a file that is one article; `nil` for other formats.
    let defaultIdentifier: String?
    let scanner: JSONScanner

    init(
        file: String, format: ArticleFormat, options: ReadingOptions, columns: TableColumns? = nil,
        defaultIdentifier: String? = nil
    ) {
        self.file = file
        self.format = format
        self.options = options
        self.columns = columns
        self.defaultIdentifier = defaultIdentifier
        scanner = JSONScanner(fieldNames: options.fieldNames)
    }

    /// Replaces the articles of the block by those of its records; records that are wrong become problems. Malformed UTF-8 is
    /// replaced, in the records as well, and counted. O(bytes).
    public func parse(_ block: inout ArticleBlock) {
        block.removeArticles()
        block.file = file
        block.isMultiline = format == .json
        block.sharedGroup = options.fieldNames.sharedGroup
        let (repairCount, firstRepaired) = block.records.repair()
        block.repairCount = repairCount
        block.firstRepair = firstRepaired.map { block.location(ofRecord: $0) }
        block.hasMembers = format == .jsonl || format == .json
        if block.hasMembers {
            parseObjects(&block)
        } else if format == .lines, !options.stripsHTML {
            takeLines(&block)
        } else {
            parseRecords(&block)
        }
        if !block.records.problems.isEmpty {
            block.problems.append(contentsOf: block.records.problems)
            block.problems.sort { ($0.location.line ?? 0) < ($1.location.line ?? 0) }
        }
    }

    private func parseRecords(_ block: inout ArticleBlock) {
        // A second reference, not a copy: the loop fills other parts of the block while it looks at the bytes.
        let bytes = block.records.bytes
        for record in block.records.records.indices {
            if let kind = parse(record, bytes.span, of: &block) {
                block.problems.append(Problem(location: block.location(ofRecord: record), kind: kind))
            }
        }
    }

    private func parse(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) -> Problem.Kind? {
        switch format {
        case .csv, .tsv: return parseRow(record, bytes, of: &block)
        case .fasttext: parseFastText(record, bytes, of: &block)
        case .text, .lines: parseText(record, bytes, of: &block)
        case .directoryWithTable, .directoryPerLabel: parseFile(record, bytes, of: &block)
        case .jsonl, .json: preconditionFailure("objects are parsed a block at a time")
        }
        return nil
    }

    /// Where title and body lie after HTML was removed from both, if that is wanted.
    func cleaned(_ text: inout [UInt8], title: Range<Int>, body: Range<Int>) -> (title: Range<Int>, body: Range<Int>) {
        guard options.stripsHTML else { return (title, body) }
        return (HTMLStripper.strip(&text, title), HTMLStripper.strip(&text, body))
    }
}
