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
    let names: [[UInt8]]
    let pieces: JSONPieces

    /// A writer for the labels of a model.
    /// - Parameter fieldNames: what the fields of the input are called.
    public init(
        format: Format, labels: LabelSet, keepsText: Bool = false, showsAllScores: Bool = false,
        fieldNames: FieldNames = FieldNames()
    ) {
        self.format = format
        self.keepsText = keepsText
        self.showsAllScores = showsAllScores
        names = labels.map { name in
            var bytes: [UInt8] = []
            let name = Array(name.utf8)
            bytes.append(oneLine: name.span, 0..<name.count)
            return bytes
        }
        pieces = JSONPieces(labels: labels, fieldNames: fieldNames)
    }

    /// Appends what stands before the first prediction: the header of a table.
    public func appendHeader(to output: inout [UInt8]) {
        guard format == .tsv else { return }
        output.append(contentsOf: "id\tlabels".utf8)
        for name in names {
            output.append(ASCII.tab)
            output.append(contentsOf: name)
        }
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
        output.append(ASCII.tab)
        let first = row * names.count
        var isFirst = true
        for label in names.indices where predictions.decisions[first + label] {
            if !isFirst { output.append(ASCII.semicolon) }
            isFirst = false
            output.append(contentsOf: names[label])
        }
        for label in names.indices {
            output.append(ASCII.tab)
            output.append(predictions.probabilities[first + label], decimals: 4)
        }
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
        let first = row * names.count
        let probabilities = predictions.probabilities
        let isGiven = predictions.decisions
        let shown = names.indices.filter { showsAllScores || isGiven[first + $0] }
            .sorted { (probabilities[first + $0], $1) > (probabilities[first + $1], $0) }
        if !shown.contains(where: { isGiven[first + $0] }) {
            output.append(contentsOf: (shown.isEmpty ? "none" : "none  ").utf8)
        }
        for (position, label) in shown.enumerated() {
            if position > 0 { output.append(contentsOf: "  ".utf8) }
            output.append(contentsOf: names[label])
            output.append(ASCII.space)
            output.append(probabilities[first + label], decimals: 4)
            if showsAllScores, isGiven[first + label] { output.append(UInt8(ascii: "*")) }
        }
    }
}
