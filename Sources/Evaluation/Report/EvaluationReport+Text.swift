import TextClassification

extension EvaluationReport {
    /// Confusion matrices of more labels are left out of the text.
    static let printedMatrixLimit = 30

    /// The report for people: headline figures, averages, a row a label, and the confusion matrix of a single-label task with up
    /// to 30 labels. Ends with a newline.
    public var textTable: String {
        let noun = task == .single ? "single-label" : "multi-label"
        var lines = ["\(articleCount) \(articleCount == 1 ? "article" : "articles"), \(labels.count) labels (\(noun))", ""]
        lines += headlineLines + [""] + averages + [""] + labelTable
        if let predictionSets { lines += [""] + predictionSets.lines }
        if let splits { lines += [""] + splits.lines(for: task) }
        if let comparison { lines += ["", String(comparison.text.dropLast())] }
        if let matrix = confusionTable { lines += [""] + matrix }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The figures at the head of the text, each with its value.
    public var headline: [(figure: HeadlineFigure, value: Double?)] {
        let ofTask: [(HeadlineFigure, Double?)] =
            switch task {
            case .single: [(.cohenKappa, cohenKappa), (.matthewsCorrelation, matthewsCorrelation)]
            case .multi: [(.hammingLoss, hammingLoss), (.labelRankingAveragePrecision, labelRankingAveragePrecision)]
            }
        return [(.accuracy, accuracy), (.balancedAccuracy, balancedAccuracy)] + ofTask
            + [
                (.microF1, micro.f1), (.macroF1, macro.f1), (.averagePrecision, averagePrecision.micro),
                (.logLoss, logLoss), (.expectedCalibrationError, expectedCalibrationError),
            ]
    }

    private var headlineLines: [String] {
        let figures = headline.map { ($0.figure.name(for: task), $0.figure.rawValue, $0.value) }
        let width = figures.map(\.0.count).max() ?? 0
        return figures.map { name, key, value in
            var line = name + String(repeating: " ", count: width - name.count) + "  " + decimal(value)
            if let interval = intervals?[key] { line += "  (\(decimal(interval.lower)) to \(decimal(interval.upper)))" }
            return line
        }
    }

    private var averages: [String] {
        var table = TextTable(header: ["average", "precision", "recall", "F1"])
        for (name, scores) in [("micro", micro), ("macro", macro), ("weighted", weighted)] {
            table.append([name, decimal(scores.precision), decimal(scores.recall), decimal(scores.f1)])
        }
        return table.lines()
    }

    private var labelTable: [String] {
        let hasIntervals = labels.contains { $0.f1Interval != nil }
        var table = TextTable(
            header: ["label", "precision", "recall", "F1"] + (hasIntervals ? ["interval"] : [])
                + ["average precision", "ROC-AUC", "given", "support"])
        func append(_ name: String, _ scores: LabelScores) {
            let interval = scores.f1Interval.map { "\(decimal($0.lower)) to \(decimal($0.upper))" } ?? "-"
            table.append(
                [name, decimal(scores.precision), decimal(scores.recall), decimal(scores.f1)]
                    + (hasIntervals ? [interval] : [])
                    + [
                        decimal(scores.averagePrecision), decimal(scores.rocAUC), "\(scores.givenCount)",
                        "\(scores.support)",
                    ])
        }
        for scores in labels { append(scores.label, scores) }
        if let noneOfThem { append("(none of them)", noneOfThem) }
        return table.lines()
    }

    private var confusionTable: [String]? {
        guard let confusionMatrix, labels.count <= Self.printedMatrixLimit else { return nil }
        let abstains = confusionMatrix.contains { ($0.last ?? 0) > 0 }
        let columnCount = labels.count + (abstains ? 1 : 0)
        let names = labels.map(\.label) + ["none"]
        // Wide headings would make the table unreadable, so columns are numbered where they do not fit.
        let fits = names.prefix(columnCount).reduce(0) { $0 + $1.count + 2 } <= 100
        let heading = (0..<columnCount).map { fits ? names[$0] : "\($0 + 1)" }
        var table = TextTable(header: ["true \\ given"] + heading)
        for (position, row) in confusionMatrix.enumerated() {
            let name = fits ? names[position] : "\(position + 1) \(names[position])"
            table.append([name] + row.prefix(columnCount).map(String.init))
        }
        return table.lines()
    }
}
