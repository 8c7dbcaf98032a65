import Evaluation
import TextClassification

/// What a search makes as good as it can.
public enum TuningFigure: String, Sendable, Codable, CaseIterable {
    case accuracy
    case microF1 = "micro-f1"
    case macroF1 = "macro-f1"
    case logLoss = "log-loss"

    /// Accuracy where an article has one label, micro-F1 where it has several.
    public static func usual(for task: ClassificationTask) -> TuningFigure { task == .single ? .accuracy : .microF1 }

    /// Whether less of it is better.
    public var isLoss: Bool { self == .logLoss }

    func value(_ metrics: Metrics) -> Double {
        switch self {
        case .accuracy: metrics.accuracy
        case .microF1: metrics.f1(.micro)
        case .macroF1: metrics.f1(.macro)
        case .logLoss: metrics.logLoss
        }
    }
}
