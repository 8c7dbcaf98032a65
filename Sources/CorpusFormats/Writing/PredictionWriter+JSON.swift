import TextClassification

/// The pieces that are the same in every prediction.
struct OutputPieces: Sendable {
    /// The labels as they are, on one line, for a table with `;` between them.
    let names: PieceList
    /// The separators of the columns of a table.
    let columns: PieceList
    /// The labels as strings, for an array.
    let labels: PieceList
    /// The same with a colon behind them, for an object.
    let members: PieceList
    /// What follows, in one buffer.
    private(set) var bytes: [UInt8] = []
    /// The names of the fields with a colon behind them.
    private(set) var id = 0..<0
    private(set) var title = 0..<0
    private(set) var text = 0..<0
    /// What stands before and behind the labels that are given.
    private(set) var prediction = 0..<0
    private(set) var probabilities = 0..<0

    init(labels: LabelSet, fieldNames: FieldNames) {
        let names = labels.map { Array($0.utf8) }
        let strings = names.map { name in
            var string: [UInt8] = []
            string.append(jsonString: name.span)
            return string
        }
        self.names = PieceList(
            separator: ";",
            names.map { name in
                var line: [UInt8] = []
                line.append(oneLine: name.span, 0..<name.count)
                return line
            })
        columns = PieceList(separator: "\t", names.map { _ in [] })
        self.labels = PieceList(separator: ", ", strings)
        // The first one follows a brace.
        members = PieceList(
            separator: "",
            strings.enumerated().map { number, string in Array((number == 0 ? "" : ", ").utf8) + string + Array(": ".utf8) })
        id = append(quoted: fieldNames.id, ": ")
        title = append(quoted: fieldNames.title, ": ")
        text = append(quoted: fieldNames.text, ": ")
        prediction = append(quoted: fieldNames[.prediction], ": {\"labels\": [")
        let start = bytes.count
        bytes.append(contentsOf: "], \"probabilities\": {".utf8)
        probabilities = start..<bytes.count
        // What may be read behind the last one.
        bytes.append(contentsOf: repeatElement(0, count: OutputSpan<UInt8>.shortSlack))
    }

    /// How many bytes a row of a table takes, without its identifier and its end.
    var longestRow: Int {
        1 + names.byteCount + columns.byteCount + 10 * columns.count + OutputSpan<UInt8>.pieceSlack
    }

    /// How many bytes a prediction takes, without what few models tell.
    var longestPrediction: Int {
        bytes.count + labels.byteCount + members.byteCount + 10 * members.count + OutputSpan<UInt8>.pieceSlack
    }

    private mutating func append(quoted text: String, _ rest: String) -> Range<Int> {
        let start = bytes.count
        bytes.append(jsonString: Array(text.utf8).span)
        bytes.append(contentsOf: rest.utf8)
        return start..<bytes.count
    }
}

extension PredictionWriter {
    /// Appends the input's objects: their members verbatim and in their order, but for the text and an earlier prediction, and the
    /// new predictions behind them. Ends behind the first that needs more.
    func appendObjects(
        _ articles: Range<Int>, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions,
        to output: inout [UInt8]
    ) -> Int {
        let (pieces, keepsText, isPlain, labelCount) = (pieces, keepsText, sets == nil, pieces.names.count)
        let (places, lines, members) = (block.places, block.records.lines, block.members)
        let (bytes, hasMembers, isMultiline) = (block.records.bytes, block.hasMembers, block.isMultiline)
        let (decisions, probabilities) = (predictions.decisions, predictions.probabilities)
        // An article that was no object is written by itself.
        let articles = hasMembers ? articles : articles.lowerBound..<articles.lowerBound + 1
        if !hasMembers { appendFields(articles.lowerBound, of: block, to: &output) }
        var room = articles.count * (pieces.id.count + OutputSpan<UInt8>.longestDecimal + pieces.longestPrediction + 16)
        // Members are within their record, and some bytes stand between any two of them.
        for article in articles where hasMembers {
            room += block.records.records[places[article].record].count + 2 * places[article].members.count
        }
        var article = articles.lowerBound
        var areShares = true
        output.append(addingCapacity: room) { output in
            let (places, lines) = (places.span, lines.span)
            let constant = pieces.bytes.span
            while article < articles.upperBound {
                if hasMembers {
                    let place = places[article]
                    output.append(ASCII.openBrace)
                    if !place.hasIdentifier {
                        output.append(short: constant, pieces.id)
                        output.append(ASCII.quote)
                        output.append(decimal: lines[place.record])
                        output.append(ASCII.quote)
                        output.appendComma()
                    }
                    for position in place.members {
                        let member = members[position]
                        switch member.field {
                        case .prediction: continue
                        case .text where !keepsText: continue
                        case .id where !place.hasIdentifier: continue
                        default: break
                        }
                        let start = output.count
                        output.append(short: bytes.span, member.name.lowerBound..<member.value.upperBound)
                        // An object may span lines in an array; within its strings there are no line breaks.
                        if isMultiline { output.replaceLineBreaks(from: start) }
                        output.appendComma()
                    }
                }
                output.append(short: constant, pieces.prediction)
                let row = article * labelCount..<(article + 1) * labelCount
                output.append(pieces.labels, given: decisions.span.extracting(row))
                output.append(short: constant, pieces.probabilities)
                areShares = output.append(pieces.members, shares: probabilities.span.extracting(row), power: 1_000_000)
                guard areShares, isPlain else { return }
                output.append(word: Self.end, count: 4)
                article += 1
            }
        }
        guard article < articles.upperBound else { return articles.count }
        if !areShares { appendProbabilities(predictions, article, to: &output) }
        output.append(ASCII.closeBrace)
        appendUnsureMembers(predictions, article, to: &output)
        output.append(contentsOf: "}}\n".utf8)
        return article + 1 - articles.lowerBound
    }

    /// What closes an object: three braces and the line's end.
    private static var end: UInt64 { 0x0A7D_7D7D }

    /// Appends the beginning of the object of an article that was none in the input.
    private func appendFields(_ article: Int, of block: borrowing ArticleBlock, to output: inout [UInt8]) {
        output.append(ASCII.openBrace)
        appendMember(pieces.id, to: &output) { block.appendIdentifier(article, to: &$0) { $0.append(jsonContent: $1) } }
        let (title, body) = (block.batch.titles[article], block.batch.bodies[article])
        let bytes = block.batch.bytes.span
        if !title.isEmpty { appendMember(pieces.title, to: &output) { $0.append(jsonContent: bytes.extracting(title)) } }
        if keepsText { appendMember(pieces.text, to: &output) { $0.append(jsonContent: bytes.extracting(body)) } }
    }

    /// Appends a member whose value is a string, and the comma behind it.
    private func appendMember(_ name: Range<Int>, to output: inout [UInt8], _ content: (inout [UInt8]) -> Void) {
        output.append(pieces.bytes.span, name)
        output.append(ASCII.quote)
        content(&output)
        output.append(contentsOf: "\", ".utf8)
    }

    /// Appends the probabilities of a damaged model, which may be any numbers.
    private func appendProbabilities(_ predictions: borrowing Predictions, _ article: Int, to output: inout [UInt8]) {
        for label in 0..<pieces.members.count {
            output.append(pieces.members, label)
            output.append(predictions.probabilities[article * pieces.members.count + label], decimals: 6)
        }
    }
}

extension OutputSpan<UInt8> {
    @inline(__always)
    fileprivate mutating func appendComma() { append(word: 0x202C, count: 2) }

    fileprivate mutating func replaceLineBreaks(from start: Int) {
        var bytes = mutableSpan
        for i in start..<bytes.count where bytes[i] == ASCII.lineFeed || bytes[i] == ASCII.carriageReturn {
            bytes[i] = ASCII.space
        }
    }
}
