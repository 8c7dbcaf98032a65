import TextClassification

/// The pieces that are the same in every prediction, in one buffer.
struct OutputPieces: Sendable {
    private(set) var bytes: [UInt8] = []
    /// The labels as strings, and the same with a colon behind them.
    private(set) var labels: [Range<Int>] = []
    /// The labels as they are, on one line.
    private(set) var names: [Range<Int>] = []
    private(set) var labelMembers: [Range<Int>] = []
    /// How many bytes all labels take with their probabilities.
    private(set) var longestProbabilities = OutputSpan<UInt8>.decimalSlack
    /// How many bytes all labels take in a table, each with its separator, and all their probabilities.
    private(set) var longestRow = 1 + OutputSpan<UInt8>.decimalSlack
    /// The names of the fields with a colon behind them.
    private(set) var id = 0..<0
    private(set) var title = 0..<0
    private(set) var text = 0..<0
    /// What stands before and behind the labels that are given.
    private(set) var prediction = 0..<0
    private(set) var probabilities = 0..<0

    init(labels names: LabelSet, fieldNames: FieldNames) {
        for name in names {
            let start = bytes.count
            let name = Array(name.utf8)
            bytes.append(oneLine: name.span, 0..<name.count)
            self.names.append(start..<bytes.count)
            longestRow += bytes.count - start + 8
        }
        for name in names {
            let range = append(quoted: name)
            bytes.append(contentsOf: ": ".utf8)
            labels.append(range)
            labelMembers.append(range.lowerBound..<bytes.count)
            longestProbabilities += bytes.count - range.lowerBound + 10
        }
        id = append(quoted: fieldNames.id, ": ")
        title = append(quoted: fieldNames.title, ": ")
        text = append(quoted: fieldNames.text, ": ")
        prediction = append(quoted: fieldNames[.prediction], ": {\"labels\": [")
        let start = bytes.count
        bytes.append(contentsOf: "], \"probabilities\": {".utf8)
        probabilities = start..<bytes.count
    }

    private mutating func append(quoted text: String, _ rest: String = "") -> Range<Int> {
        let start = bytes.count
        bytes.append(jsonString: Array(text.utf8).span)
        bytes.append(contentsOf: rest.utf8)
        return start..<bytes.count
    }
}

extension PredictionWriter {
    /// Appends the input's object: its members verbatim and in their order, but for the text and an earlier prediction, and the
    /// new prediction behind them.
    func appendObject(
        _ article: Int, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions, _ row: Int, _ details: [UInt8],
        to output: inout [UInt8]
    ) {
        output.append(ASCII.openBrace)
        if block.memberRanges.isEmpty {
            appendMember(pieces.id, block.identifierBytes.span, block.identifierRanges[article], to: &output)
            let (title, body) = (block.batch.titles[article], block.batch.bodies[article])
            if !title.isEmpty { appendMember(pieces.title, block.batch.bytes.span, title, to: &output) }
            if keepsText { appendMember(pieces.text, block.batch.bytes.span, body, to: &output) }
        } else {
            let hasIdentifier = block.hasIdentifier[article]
            if !hasIdentifier {
                appendMember(pieces.id, block.identifierBytes.span, block.identifierRanges[article], to: &output)
            }
            appendMembers(block.memberRanges[article], of: block, hasIdentifier: hasIdentifier, to: &output)
        }
        appendPrediction(predictions, row, details, to: &output)
        output.append(ASCII.closeBrace)
    }

    /// Appends a member whose value is a string, and the comma behind it.
    private func appendMember(_ name: Range<Int>, _ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
        output.append(pieces.bytes.span, name)
        output.append(jsonString: bytes.extracting(range))
        output.appendComma()
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
            output.appendComma()
        }
    }

    private func appendPrediction(
        _ predictions: borrowing Predictions, _ row: Int, _ details: [UInt8], to output: inout [UInt8]
    ) {
        let first = row * pieces.names.count
        let bytes = pieces.bytes.span
        let decisions = predictions.decisions.span
        let probabilities = predictions.probabilities.span
        let (labels, labelMembers) = (pieces.labels.span, pieces.labelMembers.span)
        output.append(bytes, pieces.prediction)
        var isFirst = true
        for label in labels.indices where decisions[first + label] {
            if !isFirst { output.appendComma() }
            isFirst = false
            output.append(bytes, labels[label])
        }
        output.append(bytes, pieces.probabilities)
        let row = probabilities.extracting(first..<first + labels.count)
        if row.areShares {
            output.append(addingCapacity: pieces.longestProbabilities) { output in
                for label in row.indices {
                    if label > 0 { output.append(ASCII.comma) }
                    if label > 0 { output.append(ASCII.space) }
                    output.append(bytes, labelMembers[label])
                    output.append(share: row[label], power: 1_000_000)
                }
            }
        } else {
            for label in row.indices {
                if label > 0 { output.appendComma() }
                output.append(bytes, labelMembers[label])
                output.append(row[label], decimals: 6)
            }
        }
        output.append(ASCII.closeBrace)
        appendUnsureMembers(predictions, first / max(1, pieces.names.count), to: &output)
        if !details.isEmpty {
            output.appendComma()
            output.append(contentsOf: details)
        }
        output.append(ASCII.closeBrace)
    }
}

extension [UInt8] {
    fileprivate mutating func appendComma() {
        append(ASCII.comma)
        append(ASCII.space)
    }
}
