import TextClassification

extension ArticleParser {
    /// Adds the article of a row of a table; an empty row is passed over.
    /// - Returns: what is wrong with it.
    func parseRow(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) -> Problem.Kind? {
        let range = block.records.records[record]
        guard !range.isEmpty, let columns else { return nil }
        block.fields.removeAll(keepingCapacity: true)
        if let reason = TableRow.split(bytes, range, separator: columns.separator, into: &block.fields) {
            return .malformedTable(reason: reason)
        }
        let fields = block.fields
        guard fields.count == columns.count else {
            return .wrongFieldCount(found: fields.count, expected: columns.count)
        }
        let start = block.identifierBytes.count
        if let column = columns[.id] { fields[column].append(from: bytes, to: &block.identifierBytes) }
        let identifier = start..<block.identifierBytes.count

        block.batch.append { text in
            let title = text.count
            if let column = columns[.title] { fields[column].append(from: bytes, to: &text) }
            let body = text.count
            if let column = columns[.text] { fields[column].append(from: bytes, to: &text) }
            return cleaned(&text, title: title..<body, body: body..<text.count)
        }
        block.places.append(.init(record: record, identifier: identifier, hasIdentifier: !identifier.isEmpty))
        if options.readsLabels {
            let date = columns[.date].map { fields[$0].text(in: bytes) } ?? ""
            block.labels.append(columns[.labels].map { labels(inCell: fields[$0].text(in: bytes)) })
            block.unjudged.append(columns[.unjudged].map { labels(inCell: fields[$0].text(in: bytes)) } ?? [])
            block.dates.append(date.isEmpty ? nil : date)
            let group = columns[.group].map { fields[$0].text(in: bytes) } ?? ""
            block.groups.append(group.isEmpty ? nil : group)
        }
        return nil
    }
}
