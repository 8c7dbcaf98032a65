import TextClassification

extension ArticleParser {
    /// Adds the articles of all records, which are JSON objects.
    func parseObjects(_ block: inout ArticleBlock) {
        // A second reference, not a copy: the loop fills other parts of the block while it looks at the bytes.
        let bytes = block.records.bytes
        var parts = block.batch.takeParts()
        for record in block.records.records.indices {
            let kind = parseObject(
                record, bytes.span, of: &block, text: &parts.bytes, titles: &parts.titles, bodies: &parts.bodies)
            if let kind { block.problems.append(Problem(location: block.location(ofRecord: record), kind: kind)) }
        }
        block.batch = ArticleBatch(bytes: parts.bytes, titles: parts.titles, bodies: parts.bodies)
    }

    /// Adds the article of a record that is a JSON object; a blank record is passed over.
    /// - Returns: what is wrong with it.
    @inline(__always)
    private func parseObject(
        _ record: Int, _ bytes: Span<UInt8>, of block: inout ArticleBlock, text: inout [UInt8], titles: inout [Range<Int>],
        bodies: inout [Range<Int>]
    ) -> Problem.Kind? {
        let range = block.records.records[record]
        if format == .jsonl, JSON.skipSpace(bytes, range.lowerBound, range.upperBound) == range.upperBound { return nil }
        let (firstMember, firstIdentifierByte, start) = (block.members.count, block.identifierBytes.count, text.count)
        let problem: Problem.Kind
        do throws(JSONError) {
            let fields = try scanner.scan(
                bytes, range, text: &text, identifier: &block.identifierBytes, members: &block.members)
            if let kind = kindProblem(fields, bytes, block.members, from: firstMember) {
                problem = kind
            } else {
                // An empty identifier is none, as in tables.
                let hasIdentifier = !fields.id.isMissing && !fields.id.range.isEmpty
                block.places.append(
                    .init(
                        record: record, identifier: hasIdentifier ? fields.id.range : 0..<0, hasIdentifier: hasIdentifier,
                        members: firstMember..<block.members.count))
                let article = cleaned(
                    &text, title: fields.title.isString ? fields.title.range : start..<start, body: fields.text.range)
                titles.append(article.title)
                bodies.append(article.body)
                if options.readsLabels { appendJudgement(fields, bytes, to: &block) }
                return nil
            }
        } catch {
            problem = error.problem(in: bytes, range)
        }
        block.members.removeSubrange(firstMember...)
        block.identifierBytes.removeSubrange(firstIdentifierByte...)
        text.removeSubrange(start...)
        return problem
    }

    /// Adds what a person judged on an article, and what else is read with it.
    private func appendJudgement(_ fields: JSONFields, _ bytes: Span<UInt8>, to block: inout ArticleBlock) {
        block.labels.append(JSON.strings(bytes, fields.labels))
        block.unjudged.append(JSON.strings(bytes, fields.unjudged) ?? [])
        block.dates.append(JSON.text(bytes, fields.date))
        block.groups.append(JSON.text(bytes, fields.group))
    }

    /// The first field that is not of the kind it must be.
    /// - Parameter first: the first of its members.
    @inline(__always)
    private func kindProblem(
        _ fields: JSONFields, _ bytes: Span<UInt8>, _ members: [JSONMember], from first: Int
    ) -> Problem.Kind? {
        let isRight =
            fields.text.isString && (fields.title.isString || fields.title.isMissing)
            && (fields.id.isString || fields.id.isNumber || fields.id.isMissing)
        return isRight && !options.readsLabels ? nil : wrongKind(fields, bytes, members, from: first)
    }

    private func wrongKind(
        _ fields: JSONFields, _ bytes: Span<UInt8>, _ members: [JSONMember], from first: Int
    ) -> Problem.Kind? {
        let names = options.fieldNames
        if !fields.text.isString {
            guard fields.text.kind == 0 else {
                return .wrongKind(field: names.text, expected: "a string", found: JSON.nameOfKind(fields.text.kind))
            }
            return .missingField(
                names.text, present: members[first...].map { String(bytes, $0.name.lowerBound + 1..<$0.name.upperBound - 1) })
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
