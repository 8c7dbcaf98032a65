import TextClassification

extension PredictionWriter {
    /// Appends the input's object: its members verbatim and in their order, but for the text and an earlier prediction, and the
    /// new prediction behind them.
    func appendObject(
        _ article: Int, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions, _ row: Int, _ details: [UInt8],
        to output: inout [UInt8]
    ) {
        output.append(ASCII.openBrace)
        if block.memberRanges.isEmpty {
            appendMember(idName, block.identifierBytes.span, block.identifierRanges[article], to: &output)
            let (title, body) = (block.batch.titles[article], block.batch.bodies[article])
            if !title.isEmpty { appendMember(titleName, block.batch.bytes.span, title, to: &output) }
            if keepsText { appendMember(textName, block.batch.bytes.span, body, to: &output) }
        } else {
            let hasIdentifier = block.hasIdentifier[article]
            if !hasIdentifier { appendMember(idName, block.identifierBytes.span, block.identifierRanges[article], to: &output) }
            appendMembers(block.memberRanges[article], of: block, hasIdentifier: hasIdentifier, to: &output)
        }
        appendPrediction(predictions, row, details, to: &output)
        output.append(ASCII.closeBrace)
    }

    /// Appends a member whose value is a string, and the comma behind it.
    private func appendMember(_ name: [UInt8], _ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
        output.append(contentsOf: name)
        output.append(contentsOf: ": ".utf8)
        output.append(jsonString: bytes.extracting(range))
        output.append(contentsOf: ", ".utf8)
    }

    /// Appends the members that are kept, each with a comma behind it.
    private func appendMembers(
        _ members: Range<Int>, of block: borrowing ArticleBlock, hasIdentifier: Bool, to output: inout [UInt8]
    ) {
        for position in members {
            let member = block.members[position]
            switch member.field {
            case .prediction: continue
            case .text where !keepsText: continue
            case .id where !hasIdentifier: continue
            default: break
            }
            let start = output.count
            output.append(block.records.bytes.span, member.name.lowerBound..<member.value.upperBound)
            // An object may span lines in an array; within its strings there are no line breaks.
            if block.isMultiline {
                for i in start..<output.count where output[i] == ASCII.lineFeed || output[i] == ASCII.carriageReturn {
                    output[i] = ASCII.space
                }
            }
            output.append(contentsOf: ", ".utf8)
        }
    }

    private func appendPrediction(
        _ predictions: borrowing Predictions, _ row: Int, _ details: [UInt8], to output: inout [UInt8]
    ) {
        let first = row * names.count
        output.append(contentsOf: "\"prediction\": {\"labels\": [".utf8)
        var isFirst = true
        for label in names.indices where predictions.decisions[first + label] {
            if !isFirst { output.append(contentsOf: ", ".utf8) }
            isFirst = false
            output.append(contentsOf: quotedNames[label])
        }
        output.append(contentsOf: "], \"probabilities\": {".utf8)
        for label in names.indices {
            if label > 0 { output.append(contentsOf: ", ".utf8) }
            output.append(contentsOf: quotedNames[label])
            output.append(contentsOf: ": ".utf8)
            output.append(predictions.probabilities[first + label], decimals: 6)
        }
        output.append(ASCII.closeBrace)
        if !details.isEmpty {
            output.append(contentsOf: ", ".utf8)
            output.append(contentsOf: details)
        }
        output.append(ASCII.closeBrace)
    }
}
