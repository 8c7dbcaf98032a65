import TextClassification

extension ArticleParser {
    /// What begins every label in the format of fastText.
    static let labelPrefix = [UInt8]("__label__".utf8)

    /// Adds the article of a line, or of a whole text.
    func parseText(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) {
        let range = block.records.records[record]
        append(record, of: &block, labels: nil) { $0.append(bytes, range) }
    }

    /// Adds the article of a line in the format of fastText: words that begin with `__label__` are labels wherever they stand,
    /// the others are the text. A blank line is passed over.
    func parseFastText(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) {
        let range = block.records.records[record]
        let prefix = Self.labelPrefix
        func skipSpace(_ start: Int) -> Int { JSON.skipSpace(bytes, start, range.upperBound) }
        var i = skipSpace(range.lowerBound)
        if i == range.upperBound { return }
        var labels: [String] = []
        append(record, of: &block, labels: nil) { text in
            var run = i
            while i < range.upperBound {
                var end = i
                while end < range.upperBound, !ASCII.isSpace(bytes[end]) { end += 1 }
                if end - i > prefix.count, bytes[i] == prefix[0], bytes.matches(prefix, in: i..<i + prefix.count) {
                    text.append(bytes, run..<i)
                    if options.readsLabels { labels.append(String(bytes, i + prefix.count..<end)) }
                    run = skipSpace(end)
                }
                i = skipSpace(end)
            }
            text.append(bytes, run..<range.upperBound)
        }
        if options.readsLabels, !labels.isEmpty { block.labels[block.labels.count - 1] = labels }
    }

    /// Adds the article of a file of a folder.
    func parseFile(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) {
        let range = block.records.records[record]
        let entry = block.records.entries[record]
        let start = block.identifierBytes.count
        block.identifierBytes.append(contentsOf: entry.identifier.utf8)
        let identifier = start..<block.identifierBytes.count
        block.batch.append { text in
            let title = text.count
            text.append(contentsOf: entry.title.utf8)
            let body = text.count
            text.append(bytes, range)
            return cleaned(&text, title: title..<body, body: body..<text.count)
        }
        block.finishArticle(record, identifier: identifier, hasIdentifier: true)
        if options.readsLabels {
            block.labels.append(entry.labels)
            block.unjudged.append(entry.unjudged)
            block.dates.append(entry.date)
        }
    }

    /// Adds an article without a title, whose text `fill` appends.
    private func append(_ record: Int, of block: inout ArticleBlock, labels: [String]?, _ fill: (inout [UInt8]) -> Void) {
        block.batch.append { text in
            let start = text.count
            fill(&text)
            return cleaned(&text, title: start..<start, body: start..<text.count)
        }
        let start = block.identifierBytes.count
        if let name = defaultIdentifier { block.identifierBytes.append(contentsOf: name.utf8) }
        block.finishArticle(record, identifier: start..<block.identifierBytes.count, hasIdentifier: defaultIdentifier != nil)
        if options.readsLabels {
            block.labels.append(labels)
            block.unjudged.append([])
            block.dates.append(nil)
        }
    }
}
