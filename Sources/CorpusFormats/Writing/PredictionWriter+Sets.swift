import TextClassification

/// What a model that tells what else is possible says beside its labels.
extension PredictionWriter {
    static let unsureMark = UInt8(ascii: "?")

    /// Whether a label of an article is unsure; `false` for models that do not tell.
    func isUnsure(_ label: Int, _ predictions: borrowing Predictions, first: Int) -> Bool {
        sets?.isUnsure(
            label, probability: predictions.probabilities[first + label], isGiven: predictions.decisions[first + label]) ?? false
    }

    /// Whether a person should look at the article.
    public func needsReview(_ predictions: borrowing Predictions, row: Int) -> Bool {
        guard let sets else { return false }
        let first = row * pieces.names.count
        var isGiven = false
        for label in 0..<pieces.names.count {
            if isUnsure(label, predictions, first: first) { return true }
            if predictions.decisions[first + label] { isGiven = true }
        }
        return sets.isExclusive && !isGiven
    }

    /// Appends, in text, the labels that are possible although not given, and whether a person should look.
    func appendPossible(_ predictions: borrowing Predictions, _ row: Int, to output: inout [UInt8]) {
        guard sets != nil else { return }
        let first = row * pieces.names.count
        if !showsAllScores {
            for label in 0..<pieces.names.count
            where !predictions.decisions[first + label] && isUnsure(label, predictions, first: first) {
                output.append(contentsOf: "  (".utf8)
                output.append(pieces.names, label)
                output.append(ASCII.space)
                output.append(predictions.probabilities[first + label], decimals: 4)
                output.append(contentsOf: "?)".utf8)
            }
        }
        if needsReview(predictions, row: row) { output.append(contentsOf: "  [review]".utf8) }
    }

    /// Appends the columns of a table.
    func appendUnsureColumns(_ predictions: borrowing Predictions, _ row: Int, to output: inout [UInt8]) {
        guard sets != nil else { return }
        output.append(ASCII.tab)
        let first = row * pieces.names.count
        var isFirst = true
        for label in 0..<pieces.names.count where isUnsure(label, predictions, first: first) {
            if !isFirst { output.append(ASCII.semicolon) }
            isFirst = false
            output.append(pieces.names, label)
        }
        output.append(contentsOf: (needsReview(predictions, row: row) ? "\tyes" : "\tno").utf8)
    }

    /// Appends the members of the prediction's object.
    func appendUnsureMembers(_ predictions: borrowing Predictions, _ row: Int, to output: inout [UInt8]) {
        guard sets != nil else { return }
        output.append(contentsOf: ", \"unsure\": [".utf8)
        let first = row * pieces.names.count
        var isFirst = true
        for label in 0..<pieces.names.count where isUnsure(label, predictions, first: first) {
            if !isFirst { output.append(contentsOf: ", ".utf8) }
            isFirst = false
            output.append(pieces.labels, label)
        }
        output.append(contentsOf: (needsReview(predictions, row: row) ? "], \"review\": true" : "], \"review\": false").utf8)
    }
}
