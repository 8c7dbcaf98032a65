import TextClassification

extension ArticleParser {
    /// Adds the article of a record that is a JSON object; a blank record is passed over.
    /// - Returns: what is wrong with it.
    func parseJSON(_ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock) -> Problem.Kind? {
        let range = block.records.records[record]
        if format == .jsonl, JSON.skipSpace(bytes, range.lowerBound, range.upperBound) == range.upperBound { return nil }

        let (firstMember, firstIdentifierByte) = (block.members.count, block.identifierBytes.count)
        var identifier = firstIdentifierByte..<firstIdentifierByte
        var hasIdentifier = false
        var labels: [String]?
        var unjudged: [String] = []
        var date: String?
        var group: String?
        var problem: Problem.Kind?
        block.batch.append { text in
            let start = text.count
            do throws(JSONError) {
                let fields = try scanner.scan(
                    bytes, range, text: &text, identifier: &block.identifierBytes, members: &block.members)
                problem = kindProblem(fields, bytes, block.members[firstMember...])
                guard problem == nil else { return nil }
                // An empty identifier is none, as in tables.
                if !fields.id.isMissing, !fields.id.range.isEmpty { (identifier, hasIdentifier) = (fields.id.range, true) }
                if options.readsLabels {
                    labels = JSON.strings(bytes, fields.labels)
                    unjudged = JSON.strings(bytes, fields.unjudged) ?? []
                    date = JSON.text(bytes, fields.date)
                    group = JSON.text(bytes, fields.group)
                }
                return cleaned(&text, title: fields.title.isString ? fields.title.range : start..<start, body: fields.text.range)
            } catch {
                problem = error.problem(in: bytes, range)
                return nil
            }
        }
        if let problem {
            block.members.removeSubrange(firstMember...)
            block.identifierBytes.removeSubrange(firstIdentifierByte...)
            return problem
        }
        block.memberRanges.append(firstMember..<block.members.count)
        block.finishArticle(record, identifier: identifier, hasIdentifier: hasIdentifier)
        if options.readsLabels {
            block.labels.append(labels)
            block.unjudged.append(unjudged)
            block.dates.append(date)
            block.groups.append(group)
        }
        return nil
    }

    /// The first field that is not of the kind it must be.
    private func kindProblem(
        _ fields: JSONFields, _ bytes: Span<UInt8>, _ members: ArraySlice<JSONMember>
    ) -> Problem.Kind? {
        let names = options.fieldNames
        if !fields.text.isString {
            guard fields.text.kind == 0 else {
                return .wrongKind(field: names.text, expected: "a string", found: JSON.nameOfKind(fields.text.kind))
            }
            return .missingField(
                names.text, present: members.map { String(bytes, $0.name.lowerBound + 1..<$0.name.upperBound - 1) })
        }
        if !fields.title.isString && !fields.title.isMissing {
            return .wrongKind(field: names.title, expected: "a string", found: JSON.nameOfKind(fields.title.kind))
        }
        if !fields.id.isString && !fields.id.isNumber && !fields.id.isMissing {
            return .wrongKind(field: names.id, expected: "a string or a number", found: JSON.nameOfKind(fields.id.kind))
        }
        guard options.readsLabels else { return nil }
        for (slot, name) in [(fields.labels, names.labels), (fields.unjudged, names.unjudged)] where !slot.isMissing {
            let found = JSON.kindOfStrings(bytes, slot)
            if let found {
                return .wrongKind(field: name, expected: "an array of strings, as in [\"trade\"]", found: found)
            }
        }
        if !fields.date.isString && !fields.date.isNumber && !fields.date.isMissing {
            return .wrongKind(field: names.date, expected: "a string", found: JSON.nameOfKind(fields.date.kind))
        }
        return nil
    }
}
