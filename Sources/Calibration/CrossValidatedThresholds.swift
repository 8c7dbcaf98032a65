import LinearAlgebra
import TextClassification

/// The decision rule that learns thresholds from held-out probabilities, with shrinkage twice over.
///
/// A threshold searched for a label alone over-fits where the label has few articles, and thresholds of carefully written
/// training articles do not carry over to a noisier stream. So, on the logit scale, with P_l the positive articles of label l
/// and P their sum over the labels:
///
///     pooled   θ₀ = (P t₀ + s₀ a) / (P + s₀)        t₀: optimum of all labels together (micro-averaged), a: the anchor
///     label    θ_l = (P_l t_l + s θ₀) / (P_l + s)   t_l: optimum of label l alone
///
/// with s = `shrinkage`, s₀ = `pooledShrinkage`, and the probability of θ_l kept within `minimum`...`maximum`. The optimum for F1
/// is the median of the thresholds within one standard error of the best, see `ThresholdSearch`. The anchor is what calibrated
/// probabilities would suggest without data: 0.5 for F1, the target for a precision, one minus the target for a recall.
///
/// The default strengths were measured with logistic regression on Reuters ModApte (90 labels, and 100 to 1000 articles of its ten
/// largest) and between written and real articles of four sectors. Five keeps labels of one to three articles from running off,
/// which cost up to 30 points of micro-F1 without, and leaves labels of twenty their own threshold, which is worth 3 to 9 points
/// of macro-F1 against a strength of 20. Pooled strengths of 50 to 400 differ by a point either way.
///
/// A single-label task gives the most probable label; with a precision as the aim it gives it only where its probability reaches the
/// threshold, so that the others are left to a person. Without held-out probabilities every threshold is the anchor.
public struct CrossValidatedThresholds: DecisionRule {
    public struct Parameters: Hyperparameters {
        public var aim = ThresholdAim.f1
        /// The precision or the recall aimed at; without meaning for F1.
        public var target = 0.8
        /// The number of positive articles at which a label's own optimum weighs as much as the pooled threshold.
        public var shrinkage = 5.0
        /// The number of positive articles of all labels at which the pooled optimum weighs as much as the anchor.
        public var pooledShrinkage = 100.0
        /// The lowest threshold, as a probability.
        public var minimum = 0.01
        /// The highest threshold, as a probability.
        public var maximum = 0.95
        /// Resamples of the articles by which it is found out how far thresholds can be trusted.
        public var resamples = 100

        public init() {}

        /// What calibrated probabilities would suggest without data.
        var anchor: Double {
            switch aim {
            case .f1: 0.5
            case .precision: target
            case .recall: 1 - target
            }
        }

        func bounded(_ logit: Double) -> Double { min(max(sigmoid(logit), minimum), maximum) }

        public static var schema: [Hyperparameter<Parameters>] {
            [
                .init(
                    "aim", \.aim, .choice(ThresholdAim.allCases.map(\.rawValue)),
                    help: "the largest f1, or a precision or recall of at least `target`"),
                .init("target", \.target, .number(0...1), help: "precision or recall aimed at"),
                .init(
                    "shrinkage", \.shrinkage, .number(0.01...10_000, .logarithmic),
                    help: "positive articles at which a label's own threshold weighs as much as the common one"),
                .init(
                    "pooledShrinkage", \.pooledShrinkage, .number(0.01...10_000, .logarithmic),
                    help: "positive articles at which the common threshold weighs as much as 0.5"),
                .init("minimum", \.minimum, .number(0...1), help: "lowest threshold"),
                .init("maximum", \.maximum, .number(0...1), help: "highest threshold"),
                .init(
                    "resamples", \.resamples, .integer(0...10_000),
                    help: "resamples of the articles for the intervals of thresholds; 0 for none"),
            ]
        }
    }

    public static let identifier = "cross-validated-thresholds"
    public static let summary = "thresholds per label from cross-validation, shrunk for rare labels; argmax in single-label tasks"
    public let parameters: Parameters

    public init(_ parameters: Parameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutProbabilities(for task: ClassificationTask) -> Bool {
        task == .multi || parameters.aim != .f1
    }

    /// Learns the thresholds in O(n log n) time for n articles × labels, and their intervals in O(resamples × n).
    /// - Throws: `TrainingError.failed` when `minimum` exceeds `maximum`, and for a recall as the aim of a single-label task.
    public func fitted(
        toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext
    ) throws(TrainingError) -> DecisionModel {
        guard parameters.minimum <= parameters.maximum else {
            throw .failed(
                component: Self.identifier,
                reason: "the minimum \(parameters.minimum) is above the maximum \(parameters.maximum)")
        }
        let isExclusive = targets.task == .single
        if isExclusive {
            switch parameters.aim {
            case .f1: return DecisionModel(mostProbableOf: targets.labelCount)
            case .precision: break
            case .recall:
                throw .failed(
                    component: Self.identifier,
                    reason: "an article of a single-label task gets its most probable label at most, so that no threshold raises "
                        + "the recall: aim at f1 or at a precision")
            }
        }
        guard let probabilities else {
            let anchor = parameters.bounded(ThresholdSearch.position(of: parameters.anchor))
            return DecisionModel(thresholds: Array(repeating: anchor, count: targets.labelCount), isExclusive: isExclusive)
        }
        let learning = ThresholdLearning(parameters, probabilities: probabilities, targets: targets)
        let thresholds = learning.thresholds()
        return DecisionModel(
            thresholds: thresholds, isExclusive: isExclusive,
            estimates: learning.estimates(for: thresholds, seed: context.seed, threadCount: context.threadCount))
    }
}
