import FoundationEssentials
import TextClassification

/// Everything worth knowing about decisions and probabilities on labelled articles: what `evaluate` prints.
///
/// As JSON (`json()`) every figure stands under the name of its property; undefined ones are left out. `textTable` is for people.
public struct EvaluationReport: Codable, Sendable, Equatable {
    /// Figures of decisions averaged in one way.
    public struct AveragedScores: Codable, Sendable, Equatable {
        public let precision: Double
        public let recall: Double
        public let f1: Double
        /// F-beta by its beta: `"0.5"` counts precision twice as much as recall, `"2"` recall twice as much as precision.
        public let fScores: [String: Double]
        public let jaccard: Double
    }

    /// A figure averaged in three ways; `nil` where it is undefined, see `Metrics`.
    public struct AveragedArea: Codable, Sendable, Equatable {
        public let micro: Double?
        public let macro: Double?
        public let weighted: Double?
    }

    /// The figures of one label.
    public struct LabelScores: Codable, Sendable, Equatable {
        public let label: String
        /// Articles that have the label.
        public let support: Int
        /// Articles that were given the label.
        public let givenCount: Int
        /// Articles on which the label was judged.
        public let judgedCount: Int
        public let precision: Double
        public let recall: Double
        public let f1: Double
        /// F-beta by its beta, as in the averages.
        public let fScores: [String: Double]
        public let jaccard: Double
        public let balancedAccuracy: Double
        public let cohenKappa: Double
        public let matthewsCorrelation: Double
        public let averagePrecision: Double?
        public let rocAUC: Double?
        /// The interval of F1, where intervals were asked for.
        public var f1Interval: ConfidenceInterval?
    }

    public let task: ClassificationTask
    /// The articles on which a label was judged.
    public let articleCount: Int
    /// The share of articles with exactly the right labels: accuracy (single), subset accuracy (multi).
    public let accuracy: Double
    public let hammingLoss: Double
    public let jaccard: Double
    public let balancedAccuracy: Double
    public let micro: AveragedScores
    public let macro: AveragedScores
    public let weighted: AveragedScores
    public let averagePrecision: AveragedArea
    public let rocAUC: AveragedArea
    public let logLoss: Double
    public let brierScore: Double
    public let expectedCalibrationError: Double
    public let reliability: [ReliabilityBin]
    /// Agreement beyond chance; in multi-label tasks the mean of the labels'.
    public let cohenKappa: Double
    /// Correlation of truth and decision; in multi-label tasks the mean of the labels'.
    public let matthewsCorrelation: Double
    public let coverageError: Double
    public let rankingLoss: Double
    public let labelRankingAveragePrecision: Double
    /// The answer "none of them"; multi-label tasks only.
    public let noneOfThem: LabelScores?
    /// In the model's order.
    public private(set) var labels: [LabelScores]
    /// True class (rows) and given class (columns, the last for "none given"); single-label tasks of up to 200 labels.
    public let confusionMatrix: [[Int]]?
    /// Articles with the label of the row that were given the label of the column; multi-label tasks of up to 200 labels.
    public let coOccurrenceMatrix: [[Int]]?
    /// Confidence intervals by the name of the `HeadlineFigure`, where they were asked for.
    public var intervals: [String: ConfidenceInterval]?
    /// What the model says that it cannot rule out, where it says so.
    public var predictionSets: PredictionSetReport?
    /// Figures over the splits of a repeated validation.
    public var splits: SplitSummary?
    /// The comparison with another model or recipe on the same articles.
    public var comparison: ComparisonReport?

    /// Matrices of more labels are left out.
    static let matrixLimit = 200
    /// The betas of the F-scores that are reported beside F1.
    static let betas = [("0.5", 0.5), ("2", 2.0)]

    /// Compares decisions and probabilities (articles × labels each) with the truth.
    ///
    /// - Parameter bootstrap: how intervals of headline figures are found; `nil` leaves them out.
    /// - Complexity: O(n log n) for n pairs of article and label, and that of the bootstrap.
    public init(
        targets: Targets, probabilities: [Double], decisions: [Bool], labels: LabelSet, bootstrap: Bootstrap? = nil
    ) {
        self.init(
            Metrics(targets: targets, probabilities: probabilities, decisions: decisions), labels: labels,
            bootstrap: bootstrap)
    }

    public init(_ metrics: Metrics, labels: LabelSet, bootstrap: Bootstrap? = nil) {
        precondition(labels.count == metrics.labelCount, "metrics of another label set")
        func scores(_ average: LabelAverage) -> AveragedScores {
            AveragedScores(
                precision: metrics.precision(average), recall: metrics.recall(average), f1: metrics.f1(average),
                fScores: Dictionary(
                    uniqueKeysWithValues: Self.betas.map { ($0.0, metrics.fScore(beta: $0.1, average)) }),
                jaccard: metrics.jaccard(average))
        }
        func area(_ pooled: Double?, _ labels: [Double?]) -> AveragedArea {
            AveragedArea(
                micro: pooled, macro: metrics.definedMean(of: labels),
                weighted: metrics.definedMean(of: labels, weighted: true))
        }
        let isSingle = metrics.targets.task == .single
        let hasMatrix = labels.count <= Self.matrixLimit
        let rankings = (0..<labels.count).map { metrics.ranking(of: $0) }
        let pooled = metrics.pooledRanking
        task = metrics.targets.task
        articleCount = metrics.judgedArticles.count
        accuracy = metrics.accuracy
        hammingLoss = metrics.hammingLoss
        jaccard = metrics.sampleJaccard
        balancedAccuracy = metrics.balancedAccuracy
        micro = scores(.micro)
        macro = scores(.macro)
        weighted = scores(.weighted)
        averagePrecision = area(pooled.averagePrecision, rankings.map(\.averagePrecision))
        rocAUC = area(pooled.rocAUC, rankings.map(\.rocAUC))
        logLoss = metrics.logLoss
        brierScore = metrics.brierScore
        reliability = metrics.reliabilityTable()
        expectedCalibrationError = ReliabilityBin.expectedCalibrationError(of: reliability)
        cohenKappa = metrics.cohenKappa
        matthewsCorrelation = metrics.matthewsCorrelation
        coverageError = metrics.coverageError
        rankingLoss = metrics.rankingLoss
        labelRankingAveragePrecision = metrics.labelRankingAveragePrecision
        noneOfThem = isSingle ? nil : LabelScores("none of them", metrics.noneCounts, ranking: nil)
        self.labels = labels.indices.map { LabelScores(labels[$0], metrics.labelCounts[$0], ranking: rankings[$0]) }
        confusionMatrix = isSingle && hasMatrix ? metrics.confusionMatrix : nil
        coOccurrenceMatrix = !isSingle && hasMatrix ? metrics.coOccurrenceMatrix : nil
        intervals = bootstrap.map { bootstrap in
            Dictionary(uniqueKeysWithValues: bootstrap.intervals(of: metrics).map { ($0.key.rawValue, $0.value) })
        }
        if let bootstrap {
            for (label, interval) in bootstrap.labelIntervals(of: metrics, \.f1).enumerated() {
                self.labels[label].f1Interval = interval
            }
        }
    }

    /// The report as JSON with sorted keys: equal reports give equal text.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension EvaluationReport.LabelScores {
    init(_ label: String, _ counts: ConfusionCounts, ranking: BinaryRanking?) {
        self.init(
            label: label, support: counts.support, givenCount: counts.givenCount, judgedCount: counts.judgedCount,
            precision: counts.precision, recall: counts.recall, f1: counts.f1,
            fScores: Dictionary(
                uniqueKeysWithValues: EvaluationReport.betas.map { ($0.0, counts.fScore(beta: $0.1)) }),
            jaccard: counts.jaccard, balancedAccuracy: counts.balancedAccuracy, cohenKappa: counts.cohenKappa,
            matthewsCorrelation: counts.matthewsCorrelation, averagePrecision: ranking?.averagePrecision,
            rocAUC: ranking?.rocAUC)
    }
}
