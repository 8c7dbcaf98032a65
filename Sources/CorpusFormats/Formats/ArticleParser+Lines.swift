import TextClassification

extension ArticleParser {
    /// What begins every label in the format of fastText.
    static let labelPrefix = [UInt8]("__label__".utf8)

    /// Makes every line an article whose text is not copied: it lies in the bytes of the records.
    func takeLines(_ block: inout ArticleBlock) {
        let bodies = block.records.records
        var parts = block.batch.takeParts()
        parts.bodies.append(contentsOf: bodies)
        parts.titles.append(addingCapacity: bodies.count) { titles in
            for body in bodies { titles.append(body.lowerBound..<body.lowerBound) }
        }
        block.batch = ArticleBatch(bytes: block.records.bytes, titles: parts.titles, bodies: parts.bodies)
        block.sharesText = true
        block.places.append(addingCapacity: bodies.count) { places in
            for record in bodies.indices { places.append(.init(record: record)) }
        }
        if options.readsLabels {
            block.labels.append(contentsOf: repeatElement(nil, count: bodies.count))
            block.unjudged.append(contentsOf: repeatElement([], count: bodies.count))
            block.dates.append(contentsOf: repeatElement(nil, count: bodies.count))
            block.groups.append(contentsOf: repeatElement(nil, count: bodies.count))
        }
    }

    /// Adds the article of a line, or of a whole text.
    func parseText(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) {
        let range = block.records.records[record]
        append(record, of: &block) { $0.append(bytes, range) }
    }

    /// Adds the article of a line in the format of fastText: words that begin with `__label__` are labels wherever they stand,
    /// the others are the text. A blank line is passed over.
    func parseFastText(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) {
        let range = block.records.records[record]
        let end = range.upperBound
        func skipSpace(_ start: Int) -> Int { JSON.skipSpace(bytes, start, end) }
        let first = skipSpace(range.lowerBound)
        if first == end { return }
        var labels: [String] = []
        append(record, of: &block) { text in
            var run = first
            var i = first
            while let label = label(bytes, from: i, to: end) {
                text.append(bytes, run..<label.lowerBound)
                if options.readsLabels {
                    labels.append(String(bytes, label.lowerBound + Self.labelPrefix.count..<label.upperBound))
                }
                run = skipSpace(label.upperBound)
                i = run
            }
            text.append(bytes, run..<end)
        }
        if options.readsLabels, !labels.isEmpty { block.labels[block.labels.count - 1] = labels }
    }

    /// The next word that is a label.
    private func label(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Range<Int>? {
        let prefix = Self.labelPrefix
        var i = start
        // The prefix is searched by its first character, which is rare in texts.
        while let found = bytes.firstIndex(of: prefix[0], from: i, to: end - prefix.count) {
            i = found + 1
            guard found == start || ASCII.isSpace(bytes[found - 1]), bytes.matches(prefix, in: found..<found + prefix.count)
            else {
                continue
            }
            var wordEnd = found + prefix.count
            while wordEnd < end, !ASCII.isSpace(bytes[wordEnd]) { wordEnd += 1 }
            if wordEnd > found + prefix.count { return found..<wordEnd }
        }
        return nil
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
        block.places.append(.init(record: record, identifier: identifier, hasIdentifier: true))
        if options.readsLabels {
            block.labels.append(entry.labels)
            block.unjudged.append(entry.unjudged)
            block.dates.append(entry.date)
            block.groups.append(entry.group)
        }
    }

    /// Adds an article without a title, whose text `fill` appends.
    private func append(_ record: Int, of block: inout ArticleBlock, _ fill: (inout [UInt8]) -> Void) {
        block.batch.append { text in
            let start = text.count
            fill(&text)
            return cleaned(&text, title: start..<start, body: start..<text.count)
        }
        let start = block.identifierBytes.count
        if let name = defaultIdentifier { block.identifierBytes.append(contentsOf: name.utf8) }
        block.places.append(
            .init(record: record, identifier: start..<block.identifierBytes.count, hasIdentifier: defaultIdentifier != nil))
        if options.readsLabels {
            block.labels.append(nil)
            block.unjudged.append([])
            block.dates.append(nil)
            block.groups.append(nil)
        }
    }
}
