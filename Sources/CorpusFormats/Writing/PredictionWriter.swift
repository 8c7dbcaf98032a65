import TextClassification

/// Writes predictions as bytes behind those of a buffer; without allocating once the buffer is large enough.
public struct PredictionWriter: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        /// For people: the article, and its labels with their probabilities, or `none`.
        case text
        /// The labels alone, one line an article, with `;` between them.
        case labels
        /// A table: identifier, labels, and the probability of every label.
        case tsv
        /// The input's objects with the prediction.
        case jsonl
    }

    public let format: Format
    /// Whether objects keep their text.
    public let keepsText: Bool
    /// Whether `text` shows every label with its probability, those that are given marked with `*`.
    public let showsAllScores: Bool
    /// Whether `text` shows which article it is before its labels.
    public var showsIdentifiers = true
    /// What tells which labels are unsure and which articles a person should look at; `nil` where the model does not tell.
    public let sets: PredictionSets?
    let pieces: OutputPieces

    /// A writer for the labels of a model.
    /// - Parameter fieldNames: what the fields of the input are called.
    public init(
        format: Format, labels: LabelSet, keepsText: Bool = false, showsAllScores: Bool = false, sets: PredictionSets? = nil,
        fieldNames: FieldNames = FieldNames()
    ) {
        precondition(sets.map { $0.labelCount == labels.count } ?? true, "sets of other labels")
        self.sets = sets
        self.format = format
        self.keepsText = keepsText
        self.showsAllScores = showsAllScores
        pieces = OutputPieces(labels: labels, fieldNames: fieldNames)
    }

    /// Appends what stands before the first prediction: the header of a table.
    public func appendHeader(to output: inout [UInt8]) {
        guard format == .tsv else { return }
        output.append(contentsOf: "id\tlabels".utf8)
        for label in 0..<pieces.names.count {
            output.append(ASCII.tab)
            output.append(pieces.names, label)
        }
        if sets != nil { output.append(contentsOf: "\tunsure\treview".utf8) }
        output.append(ASCII.lineFeed)
    }

    /// Appends the predictions for all articles of a block, in their order.
    public func append(_ block: borrowing ArticleBlock, _ predictions: borrowing Predictions, to output: inout [UInt8]) {
        append(0..<block.count, of: block, predictions, to: &output)
    }

    /// Appends the predictions for some articles of a block, whose rows in `predictions` are their positions.
    ///
    /// - Complexity: O(articles × labels + length of what is kept)
    public func append(
        _ articles: Range<Int>, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions,
        to output: inout [UInt8]
    ) {
        switch format {
        case .text:
            for article in articles { appendText(article, of: block, predictions, to: &output) }
        case .labels:
            inParts(articles) { appendLabels($0, predictions, to: &output) }
        case .tsv:
            inParts(articles) { appendRows($0, of: block, predictions, to: &output) }
        case .jsonl:
            inParts(articles) { appendObjects($0, of: block, predictions, to: &output) }
        }
    }

    /// Calls `body` with some articles, which go to the output at once; it returns how many were written.
    private func inParts(_ articles: Range<Int>, _ body: (Range<Int>) -> Int) {
        var next = articles.lowerBound
        while next < articles.upperBound { next += body(next..<min(articles.upperBound, next + 32)) }
    }

    private func appendLabels(_ articles: Range<Int>, _ predictions: borrowing Predictions, to output: inout [UInt8]) -> Int {
        let (names, decisions) = (pieces.names, predictions.decisions)
        let longest = names.byteCount + OutputSpan<UInt8>.pieceSlack + 1
        output.append(addingCapacity: articles.count * longest) { output in
            for article in articles {
                let first = article * names.count
                output.append(names, given: decisions.span.extracting(first..<first + names.count))
                output.append(ASCII.lineFeed)
            }
        }
        return articles.count
    }

    /// Appends rows, up to the first that needs more than its labels and probabilities.
    private func appendRows(
        _ articles: Range<Int>, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions,
        to output: inout [UInt8]
    ) -> Int {
        let (names, columns, isPlain) = (pieces.names, pieces.columns, sets == nil)
        let (places, lines, identifiers) = (block.places, block.records.lines, block.identifierBytes)
        let (decisions, probabilities) = (predictions.decisions, predictions.probabilities)
        var room = articles.count * (OutputSpan<UInt8>.longestDecimal + pieces.longestRow + 1)
        for article in articles { room += places[article].identifier.count }
        var article = articles.lowerBound
        var areShares = true
        output.append(addingCapacity: room) { output in
            let (places, lines) = (places.span, lines.span)
            while article < articles.upperBound {
                let place = places[article]
                if place.hasIdentifier {
                    output.append(oneLine: identifiers.span, place.identifier)
                } else {
                    output.append(decimal: lines[place.record])
                }
                output.append(ASCII.tab)
                let row = article * names.count..<(article + 1) * names.count
                output.append(names, given: decisions.span.extracting(row))
                areShares = output.append(columns, shares: probabilities.span.extracting(row), power: 10_000)
                guard areShares, isPlain else { return }
                output.append(ASCII.lineFeed)
                article += 1
            }
        }
        guard article < articles.upperBound else { return articles.count }
        if !areShares {
            for label in 0..<names.count {
                output.append(ASCII.tab)
                output.append(probabilities[article * names.count + label], decimals: 4)
            }
        }
        appendUnsureColumns(predictions, article, to: &output)
        output.append(ASCII.lineFeed)
        return article + 1 - articles.lowerBound
    }

    private func appendText(
        _ article: Int, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions, to output: inout [UInt8]
    ) {
        if showsIdentifiers {
            block.appendIdentifier(article, to: &output) { $0.append(oneLine: $1, 0..<$1.count) }
            let title = block.batch.titles[article]
            if !title.isEmpty {
                output.append(contentsOf: "  ".utf8)
                output.append(oneLine: block.batch.bytes.span, title)
            }
            output.append(contentsOf: "\n    ".utf8)
        }
        let labelCount = pieces.names.count
        let first = article * labelCount
        var isNone = true
        for label in 0..<labelCount where predictions.decisions[first + label] { isNone = false }
        if isNone { output.append(contentsOf: "none".utf8) }
        // By falling probability, then in the model's order: each time the next one is looked for, since few are shown.
        var last: (probability: Double, label: Int)?
        var isFirst = !isNone
        while let label = nextShown(predictions, first: first, after: last) {
            let probability = predictions.probabilities[first + label]
            last = (Self.rank(probability), label)
            if !isFirst { output.append(contentsOf: "  ".utf8) }
            isFirst = false
            output.append(pieces.names, label)
            output.append(ASCII.space)
            output.append(probability, decimals: 4)
            if showsAllScores, predictions.decisions[first + label] { output.append(UInt8(ascii: "*")) }
            if isUnsure(label, predictions, first: first) { output.append(Self.unsureMark) }
        }
        appendPossible(predictions, article, to: &output)
        output.append(ASCII.lineFeed)
    }

    /// Of the labels that are shown the next one after another.
    private func nextShown(
        _ predictions: borrowing Predictions, first: Int, after last: (probability: Double, label: Int)?
    ) -> Int? {
        var next: Int?
        for label in 0..<pieces.names.count where showsAllScores || predictions.decisions[first + label] {
            let probability = Self.rank(predictions.probabilities[first + label])
            if let last, probability > last.probability || probability == last.probability && label <= last.label { continue }
            if let found = next, Self.rank(predictions.probabilities[first + found]) >= probability { continue }
            next = label
        }
        return next
    }

    /// What probabilities are ordered by: what is not a number comes last.
    private static func rank(_ probability: Double) -> Double { probability.isNaN ? -1 : probability }
}
