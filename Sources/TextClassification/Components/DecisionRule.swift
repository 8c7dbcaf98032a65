/// Learns how probabilities become labels, from probabilities of held-out articles.
public protocol DecisionRule: Component {
    associatedtype Model: DecisionRuleModel
    /// Whether `fitted` makes use of held-out probabilities in such a task; they cost one more fit of the pipeline a fold.
    func needsHeldOutProbabilities(for task: ClassificationTask) -> Bool
    func fitted(toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext) throws -> Model
}

/// A fitted decision rule.
public protocol DecisionRuleModel: ComponentModel {
    /// How many probabilities a row has.
    var labelCount: Int { get }
    /// Writes for each article and label (articles × labels) whether the label is given. "None of them" is an answer.
    func decide(_ probabilities: borrowing [Double], into decisions: inout [Bool])
    /// The probability from which on each label is given, one a label; `nil` where the rule is of another kind.
    var thresholds: [Double]? { get }
    /// How far each threshold can be trusted, one a label; `nil` where that was not found out.
    var thresholdEstimates: [ThresholdEstimate]? { get }
    /// What else is possible beside the decisions; `nil` where the rule does not tell.
    var predictionSets: PredictionSets? { get }
}

extension DecisionRuleModel {
    public var thresholdEstimates: [ThresholdEstimate]? { nil }
    public var predictionSets: PredictionSets? { nil }
}
