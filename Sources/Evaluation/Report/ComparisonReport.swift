import FoundationEssentials
import TextClassification

/// Two sets of decisions on the same articles, compared in every way that answers whether one is better.
public struct ComparisonReport: Codable, Sendable, Equatable {
    /// The comparison by one figure.
    public struct Figure: Codable, Sendable, Equatable {
        public let figure: HeadlineFigure
        public let first: Double
        public let second: Double
        /// Second minus first, with its interval by the paired bootstrap (BCa, articles as units).
        public let difference: ConfidenceInterval
        /// Of the paired permutation test; `nil` for figures that do not follow from decisions.
        public let pValue: Double?
        /// The comparison in words.
        public let verdict: String
    }

    /// The comparison by the splits of a repeated cross-validation.
    public struct Repeated: Codable, Sendable, Equatable {
        public let figure: HeadlineFigure
        public let splitCount: Int
        public let test: CorrectedResampledTest
        public let verdict: String
    }

    public let first: String
    public let second: String
    public let task: ClassificationTask
    public let articleCount: Int
    public let figures: [Figure]
    /// On articles that only one of the two got exactly right.
    public let mcNemar: PairedComparison.McNemarTest
    /// The same figures over the splits of a cross-validation, where there was one: what other training articles would change is
    /// in these intervals, too.
    public var repeated: [Repeated]?

    /// The figures that are compared.
    static let comparedFigures: [HeadlineFigure] = [.accuracy, .balancedAccuracy, .microF1, .macroF1, .logLoss]

    /// - Complexity: O(resamples × articles × labels of an article).
    public init(_ first: String, _ firstMetrics: Metrics, _ second: String, _ secondMetrics: Metrics, bootstrap: Bootstrap) {
        let comparison = PairedComparison(firstMetrics, secondMetrics)
        self.first = first
        self.second = second
        task = firstMetrics.targets.task
        articleCount = firstMetrics.judgedArticles.count
        mcNemar = comparison.mcNemarTest
        figures = Self.comparedFigures.map { figure in
            let interval = comparison.interval(figure, bootstrap: bootstrap)
            return Figure(
                figure: figure, first: Self.value(figure, firstMetrics), second: Self.value(figure, secondMetrics),
                difference: interval,
                pValue: figure.isOfDecisions
                    ? comparison.permutationTest(figure, seed: bootstrap.seed, threadCount: bootstrap.threadCount) : nil,
                verdict: interval.comparison(of: first, with: second, isLoss: figure.isLoss))
        }
    }

    private static func value(_ figure: HeadlineFigure, _ metrics: Metrics) -> Double {
        figure == .logLoss ? metrics.logLoss : metrics.decisionFigure(figure)
    }

    /// Adds the comparison over splits, of which there are at least two.
    ///
    /// - Parameters:
    ///   - splits: decisions of both on the test articles of each split.
    ///   - testShare: the share of the articles that each split tests with.
    public mutating func addSplits(_ splits: [(first: Metrics, second: Metrics)], testShare: Double) {
        repeated = Self.comparedFigures.map { figure in
            let differences = splits.map { Self.value(figure, $0.second) - Self.value(figure, $0.first) }
            let test = CorrectedResampledTest(differences: differences, testShare: testShare)
            return Repeated(
                figure: figure, splitCount: differences.count, test: test,
                verdict: test.interval?.comparison(of: first, with: second, isLoss: figure.isLoss) ?? "")
        }
    }

    /// The report for people. Ends with a newline.
    public var text: String {
        var table = TextTable(header: ["figure", first, second, "difference", "95 % interval", "p"])
        for figure in figures {
            table.append([
                figure.figure.name(for: task), decimal(figure.first), decimal(figure.second), decimal(figure.difference.estimate),
                "\(decimal(figure.difference.lower)) to \(decimal(figure.difference.upper))", decimal(figure.pValue),
            ])
        }
        var lines = ["\(first) and \(second) on the same \(articleCount) articles", ""] + table.lines() + [""]
        lines += figures.map { "\($0.figure.name(for: task)): \($0.verdict)" }
        lines.append(
            "exactly right: \(mcNemar.onlyFirstCount) articles by \(first) alone, \(mcNemar.onlySecondCount) by \(second) alone; "
                + "McNemar's test p = \(decimal(mcNemar.pValue))"
                + (mcNemar.pValue < 0.05 ? "" : ", no difference can be shown"))
        if let repeated, let one = repeated.first {
            lines += ["", "over the \(one.splitCount) splits, corrected for their overlap (Nadeau & Bengio 2003):"]
            lines += repeated.map {
                "\($0.figure.name(for: task)): \($0.verdict), p = \(decimal($0.test.pValue))"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The report as JSON with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
