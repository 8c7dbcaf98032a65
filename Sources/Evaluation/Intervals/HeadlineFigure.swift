import TextClassification

/// The figures that intervals are made for: all that a report shows above its tables.
public enum HeadlineFigure: String, Sendable, Codable, CaseIterable {
    /// The share of articles with exactly the right labels.
    case accuracy
    case balancedAccuracy
    case hammingLoss
    case microPrecision
    case microRecall
    case microF1
    case macroPrecision
    case macroRecall
    case macroF1
    case weightedF1
    case cohenKappa
    case matthewsCorrelation
    case jaccard
    case labelRankingAveragePrecision
    case coverageError
    case rankingLoss
    case logLoss
    case brierScore
    /// The average precision of all pairs of article and label together.
    case averagePrecision
    /// The area under the curve of all pairs of article and label together.
    case rocAUC
    case expectedCalibrationError

    /// What a figure is computed from.
    enum Kind {
        /// Sums of right and wrong decisions.
        case decisions
        /// The mean of a value that each article has by itself.
        case articleMean
        /// The order of all probabilities.
        case ranking
    }

    var kind: Kind {
        switch self {
        case .accuracy, .balancedAccuracy, .hammingLoss, .microPrecision, .microRecall, .microF1, .macroPrecision, .macroRecall,
            .macroF1, .weightedF1, .cohenKappa, .matthewsCorrelation:
            .decisions
        case .jaccard, .labelRankingAveragePrecision, .coverageError, .rankingLoss, .logLoss, .brierScore: .articleMean
        case .averagePrecision, .rocAUC, .expectedCalibrationError: .ranking
        }
    }

    /// Whether the figure follows from counting right and wrong decisions, so that two sets of decisions can be compared by it.
    public var isOfDecisions: Bool { kind == .decisions }

    /// Whether less of it is better.
    public var isLoss: Bool {
        switch self {
        case .hammingLoss, .coverageError, .rankingLoss, .logLoss, .brierScore, .expectedCalibrationError: true
        default: false
        }
    }

    /// What people call it.
    public func name(for task: ClassificationTask) -> String {
        switch self {
        case .accuracy: task == .single ? "accuracy" : "subset accuracy"
        case .balancedAccuracy: "balanced accuracy"
        case .hammingLoss: "Hamming loss"
        case .microPrecision: "micro precision"
        case .microRecall: "micro recall"
        case .microF1: "micro-F1"
        case .macroPrecision: "macro precision"
        case .macroRecall: "macro recall"
        case .macroF1: "macro-F1"
        case .weightedF1: "weighted F1"
        case .cohenKappa: task == .single ? "Cohen's kappa" : "Cohen's kappa (mean)"
        case .matthewsCorrelation: task == .single ? "Matthews correlation" : "Matthews corr. (mean)"
        case .jaccard: "Jaccard index"
        case .labelRankingAveragePrecision: "ranking precision"
        case .coverageError: "coverage error"
        case .rankingLoss: "ranking loss"
        case .logLoss: "log-loss"
        case .brierScore: "Brier score"
        case .averagePrecision: "average precision (micro)"
        case .rocAUC: "ROC-AUC (micro)"
        case .expectedCalibrationError: "calibration error"
        }
    }
}
