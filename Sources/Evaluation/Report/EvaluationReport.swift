import FoundationEssentials
import TextClassification

/// Everything worth knowing about decisions and probabilities on labelled articles: what `evaluate` prints.
///
/// As JSON (`json()`) every figure stands under the name of its property; undefined ones are left out. `textTable` is for people.
public struct EvaluationReport: Codable, Sendable, Equatable {
    /// Precision, recall and F1 averaged in one way.
    public struct AveragedScores: Codable, Sendable, Equatable {
        public let precision: Double
        public let recall: Double
        public let f1: Double
    }

    /// A figure averaged in two ways; `nil` where it is undefined, see `Metrics`.
    public struct AveragedArea: Codable, Sendable, Equatable {
        public let micro: Double?
        public let macro: Double?
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
        public let averagePrecision: Double?
        public let rocAUC: Double?
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
    /// Agreement beyond chance; single-label tasks only.
    public let cohenKappa: Double?
    /// Correlation of truth and decision; single-label tasks only.
    public let matthewsCorrelation: Double?
    /// Multi-label tasks only, like the two below.
    public let coverageError: Double?
    public let rankingLoss: Double?
    public let labelRankingAveragePrecision: Double?
    /// The answer "none of them"; multi-label tasks only.
    public let noneOfThem: LabelScores?
    /// In the model's order.
    public let labels: [LabelScores]
    /// True class (rows) and given class (columns, the last for "none given"); single-label tasks of up to 200 labels.
    public let confusionMatrix: [[Int]]?
    /// Articles with the label of the row that were given the label of the column; multi-label tasks of up to 200 labels.
    public let coOccurrenceMatrix: [[Int]]?
    /// Confidence intervals by the name of the `HeadlineFigure`, where they were asked for.
    public var intervals: [String: ConfidenceInterval]?

    /// Matrices of more labels are left out.
    static let matrixLimit = 200

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
                precision: metrics.precision(average), recall: metrics.recall(average), f1: metrics.f1(average))
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
        averagePrecision = AveragedArea(
            micro: pooled.averagePrecision, macro: metrics.definedMean(of: rankings.map(\.averagePrecision)))
        rocAUC = AveragedArea(micro: pooled.rocAUC, macro: metrics.definedMean(of: rankings.map(\.rocAUC)))
        logLoss = metrics.logLoss
        brierScore = metrics.brierScore
        reliability = metrics.reliabilityTable()
        expectedCalibrationError = ReliabilityBin.expectedCalibrationError(of: reliability)
        cohenKappa = isSingle ? metrics.cohenKappa : nil
        matthewsCorrelation = isSingle ? metrics.matthewsCorrelation : nil
        coverageError = isSingle ? nil : metrics.coverageError
        rankingLoss = isSingle ? nil : metrics.rankingLoss
        labelRankingAveragePrecision = isSingle ? nil : metrics.labelRankingAveragePrecision
        noneOfThem = isSingle ? nil : LabelScores("none of them", metrics.noneCounts, ranking: nil)
        self.labels = labels.indices.map { LabelScores(labels[$0], metrics.labelCounts[$0], ranking: rankings[$0]) }
        confusionMatrix = isSingle && hasMatrix ? metrics.confusionMatrix : nil
        coOccurrenceMatrix = !isSingle && hasMatrix ? metrics.coOccurrenceMatrix : nil
        intervals = bootstrap.map { bootstrap in
            Dictionary(uniqueKeysWithValues: bootstrap.intervals(of: metrics).map { ($0.key.rawValue, $0.value) })
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
            averagePrecision: ranking?.averagePrecision, rocAUC: ranking?.rocAUC)
    }
}
