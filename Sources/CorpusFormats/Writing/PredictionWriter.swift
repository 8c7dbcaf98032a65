import TextClassification

/// Writes predictions as bytes behind those of a buffer; without allocating once the buffer is large enough.
public struct PredictionWriter: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        /// For people: the article, and its labels with their probabilities, or `none`.
        case text
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
        for name in pieces.names {
            output.append(ASCII.tab)
            output.append(pieces.bytes.span, name)
        }
        if sets != nil { output.append(contentsOf: "\tunsure\treview".utf8) }
        output.append(ASCII.lineFeed)
    }

    /// Appends the prediction for one article of a block.
    ///
    /// - Parameters:
    ///   - row: the position of the article in `predictions`.
    ///   - details: members to be added to the prediction's object in JSONL, as `"name": value` with commas between them.
    /// - Complexity: O(number of labels + length of what is kept).
    public func append(
        _ article: Int, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions, row: Int,
        details: [UInt8] = [], to output: inout [UInt8]
    ) {
        switch format {
        case .text: appendText(article, of: block, predictions, row, to: &output)
        case .tsv: appendRow(article, of: block, predictions, row, to: &output)
        case .jsonl: appendObject(article, of: block, predictions, row, details, to: &output)
        }
        output.append(ASCII.lineFeed)
    }

    /// Appends the predictions for all articles of a block, in their order.
    public func append(_ block: borrowing ArticleBlock, _ predictions: borrowing Predictions, to output: inout [UInt8]) {
        for article in 0..<block.count { append(article, of: block, predictions, row: article, to: &output) }
    }

    private func appendRow(
        _ article: Int, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions, _ row: Int,
        to output: inout [UInt8]
    ) {
        output.append(oneLine: block.identifierBytes.span, block.identifierRanges[article])
        let names = pieces.names.span
        let bytes = pieces.bytes.span
        let decisions = predictions.decisions.span
        let probabilities = predictions.probabilities.span
        let first = row * names.count
        let row = probabilities.extracting(first..<first + names.count)
        let areShares = row.areShares
        output.append(addingCapacity: pieces.longestRow) { output in
            output.append(ASCII.tab)
            var isFirst = true
            for label in names.indices where decisions[first + label] {
                if !isFirst { output.append(ASCII.semicolon) }
                isFirst = false
                output.append(bytes, names[label])
            }
            guard areShares else { return }
            for label in row.indices {
                output.append(ASCII.tab)
                output.append(share: row[label], power: 10_000)
            }
        }
        if !areShares {
            for label in row.indices {
                output.append(ASCII.tab)
                output.append(row[label], decimals: 4)
            }
        }
        appendUnsureColumns(predictions, first / max(1, names.count), to: &output)
    }

    private func appendText(
        _ article: Int, of block: borrowing ArticleBlock, _ predictions: borrowing Predictions, _ row: Int,
        to output: inout [UInt8]
    ) {
        if showsIdentifiers {
            output.append(oneLine: block.identifierBytes.span, block.identifierRanges[article])
            let title = block.batch.titles[article]
            if !title.isEmpty {
                output.append(contentsOf: "  ".utf8)
                output.append(oneLine: block.batch.bytes.span, title)
            }
            output.append(contentsOf: "\n    ".utf8)
        }
        let labelCount = pieces.names.count
        let first = row * labelCount
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
            output.append(pieces.bytes.span, pieces.names[label])
            output.append(ASCII.space)
            output.append(probability, decimals: 4)
            if showsAllScores, predictions.decisions[first + label] { output.append(UInt8(ascii: "*")) }
            if isUnsure(label, predictions, first: first) { output.append(Self.unsureMark) }
        }
        appendPossible(predictions, row, to: &output)
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

extension Span<Double> {
    /// Whether all numbers are within 0...1; those of a damaged model may not be.
    var areShares: Bool {
        var areShares = true
        for position in indices where !(self[position] >= 0 && self[position] <= 1) { areShares = false }
        return areShares
    }
}
