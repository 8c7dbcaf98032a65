import TextClassification

/// Figures over the splits of a repeated validation: their means with intervals that allow for the overlap of training parts.
public struct SplitSummary: Codable, Sendable, Equatable {
    public let splitCount: Int
    /// The share of the articles that each split tests with.
    public let testShare: Double
    /// By the name of the `HeadlineFigure`: mean and corrected interval (Nadeau & Bengio 2003).
    public let figures: [String: ConfidenceInterval]
    /// Of prediction sets: the promised coverage, and what came of it over the splits.
    public let coverage: Coverage?

    /// The coverage of prediction sets over the splits.
    public struct Coverage: Codable, Sendable, Equatable {
        public struct Label: Codable, Sendable, Equatable {
            public let label: String
            /// The mean over the splits with articles of the kind of the share covered, and its standard error.
            public let positives: Mean
            public let negatives: Mean?
            /// Whether no mean lies below the promise by more than two of its standard errors.
            public let isWithinPromise: Bool
        }
        public struct Mean: Codable, Sendable, Equatable {
            public let value: Double
            public let standardError: Double
        }
        public let promise: Double
        public let labels: [Label]
        public let meanSetSize: Double
        public let reviewShare: Double
    }

    static let summarizedFigures: [HeadlineFigure] = [.accuracy, .balancedAccuracy, .microF1, .macroF1]

    /// - Parameters:
    ///   - splits: the metrics of each split, and its prediction sets where there are some.
    public init(_ splits: [(metrics: Metrics, sets: PredictionSetReport?)], testShare: Double) {
        splitCount = splits.count
        self.testShare = testShare
        var figures: [String: ConfidenceInterval] = [:]
        for figure in Self.summarizedFigures {
            let values = splits.map { $0.metrics.decisionFigure(figure) }
            figures[figure.rawValue] = CorrectedResampledTest(differences: values, testShare: testShare).interval
        }
        self.figures = figures
        let sets = splits.compactMap(\.sets)
        guard let first = sets.first, sets.count == splits.count else {
            coverage = nil
            return
        }
        func mean(_ values: [Double]) -> Coverage.Mean {
            let count = Double(values.count)
            let mean = quotient(values.reduce(0, +), count)
            let variance = quotient(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }, max(1, count - 1))
            return Coverage.Mean(value: mean, standardError: (variance / max(1, count)).squareRoot())
        }
        coverage = Coverage(
            promise: first.coverage,
            labels: first.labels.indices.map { label in
                let positives = mean(sets.compactMap { $0.labels[label].positives.share?.estimate })
                let negatives =
                    first.labels[label].negatives == nil
                    ? nil : mean(sets.compactMap { $0.labels[label].negatives?.share?.estimate })
                return Coverage.Label(
                    label: first.labels[label].label, positives: positives, negatives: negatives,
                    isWithinPromise: [positives, negatives].allSatisfy {
                        $0.map { $0.value + 2 * $0.standardError >= first.coverage } ?? true
                    })
            }, meanSetSize: mean(sets.map(\.meanSetSize)).value, reviewShare: mean(sets.map(\.reviewShare.estimate)).value)
    }

    /// The summary for people, line by line.
    public func lines(for task: ClassificationTask) -> [String] {
        var lines = ["over \(splitCount) splits, with intervals of 95 % corrected for their overlap (Nadeau & Bengio 2003):"]
        for figure in Self.summarizedFigures {
            guard let interval = figures[figure.rawValue] else { continue }
            lines.append(
                "\(figure.name(for: task)) \(decimal(interval.estimate)) (\(decimal(interval.lower)) to \(decimal(interval.upper)))"
            )
        }
        guard let coverage else { return lines }
        lines += [
            "",
            "prediction sets promise \(decimal(coverage.promise)); over the splits, mean and standard error; "
                + "labels in a set \(decimal(coverage.meanSetSize, digits: 2)), for a person \(decimal(100 * coverage.reviewShare, digits: 1)) %",
        ]
        var table = TextTable(header: ["label", "with it covered", "without it covered", "promise"])
        for label in coverage.labels {
            func cell(_ mean: Coverage.Mean?) -> String {
                mean.map { "\(decimal($0.value)) ± \(decimal($0.standardError))" } ?? "-"
            }
            table.append([label.label, cell(label.positives), cell(label.negatives), label.isWithinPromise ? "kept" : "broken"])
        }
        return lines + table.lines()
    }
}

extension Metrics {
    /// The value of a figure that follows from decisions.
    public func decisionFigure(_ figure: HeadlineFigure) -> Double {
        precondition(figure.isOfDecisions, "\(figure) does not follow from decisions")
        return ArticleOutcomes(self).counts(of: 0..<judgedArticles.count).value(of: figure)
    }
}
