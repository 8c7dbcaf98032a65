import TextClassification

/// The decision rule with thresholds given beforehand.
///
/// In a multi-label task each label whose probability reaches its threshold is given; in a single-label task only the most
/// probable label, and that only if it reaches its own, so that "none of them" is an answer there too.
public struct FixedThreshold: DecisionRule {
    public struct Parameters: Hyperparameters {
        /// The threshold of every label.
        public var threshold = 0.5
        /// Thresholds of the labels, in their order and separated by commas; an empty one, or one left out at the end, is
        /// `threshold`.
        public var thresholds = ""

        public init() {}

        public static var schema: [Hyperparameter<Parameters>] {
            [
                .init("threshold", \.threshold, .number(0...1), help: "probability from which on a label is given"),
                .init(
                    "thresholds", \.thresholds, .text,
                    help: "thresholds of single labels in their order, such as 0.4,,0.6; where empty, `threshold`"),
            ]
        }
    }

    public static let identifier = "fixed-threshold"
    public static let summary = "every label whose probability reaches a threshold given beforehand"
    public let parameters: Parameters

    public init(_ parameters: Parameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutProbabilities(for task: ClassificationTask) -> Bool { false }

    /// The rule with the thresholds of the parameters.
    /// - Throws: `TrainingError.failed` when a single threshold is not a number of 0...1, or when there are more than labels.
    public func fitted(
        toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext
    ) throws(TrainingError) -> DecisionModel {
        var thresholds = [Double](repeating: parameters.threshold, count: targets.labelCount)
        let parts = parameters.thresholds.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= thresholds.count || parameters.thresholds.isEmpty else {
            throw .failed(
                component: Self.identifier, reason: "\(parts.count) thresholds were given for \(thresholds.count) labels")
        }
        for (label, part) in parts.enumerated() {
            let text = part.filter { $0 != " " }
            guard !text.isEmpty else { continue }
            guard let threshold = Double(text), 0...1 ~= threshold else {
                throw .failed(
                    component: Self.identifier, reason: "the threshold \"\(part)\" is not a number, 0.0 to 1.0")
            }
            thresholds[label] = threshold
        }
        return DecisionModel(thresholds: thresholds, isExclusive: targets.task == .single)
    }
}
