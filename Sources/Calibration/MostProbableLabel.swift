import TextClassification

/// The decision rule of single-label tasks: the most probable label is given, whatever its probability.
public struct MostProbableLabel: DecisionRule {
    public static let identifier = "argmax"
    public static let summary = "the most probable label, always exactly one"
    public let parameters: NoHyperparameters

    public init(_ parameters: NoHyperparameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutProbabilities(for task: ClassificationTask) -> Bool { false }

    public func fitted(toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext) -> DecisionModel {
        DecisionModel(mostProbableOf: targets.labelCount)
    }
}
