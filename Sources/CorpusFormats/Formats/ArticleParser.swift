import TextClassification

/// Makes articles of records: a pure function of a block, so that many threads can do it at once.
public struct ArticleParser: Sendable {
    let file: String
    let options: ReadingOptions
    public let format: ArticleFormat
    let scanner: JSONScanner

    init(file: String, format: ArticleFormat, options: ReadingOptions) {
        self.file = file
        self.format = format
        self.options = options
        scanner = JSONScanner(fieldNames: options.fieldNames)
    }

    /// Replaces the articles of the block by those of its records; records that are wrong become problems. O(bytes).
    public func parse(_ block: inout ArticleBlock) {
        block.removeArticles()
        // A second reference, not a copy: the loop fills other parts of the block while it looks at the bytes.
        let bytes = block.records.bytes
        for record in block.records.records.indices {
            if let kind = parseJSON(record, bytes.span, of: &block) {
                let location = SourceLocation(file: file, line: block.records.lines[record])
                block.problems.append(Problem(location: location, kind: kind))
            }
        }
        if !block.records.problems.isEmpty {
            block.problems.append(contentsOf: block.records.problems)
            block.problems.sort { ($0.location.line ?? 0) < ($1.location.line ?? 0) }
        }
    }
}
