import Calibration
import LinearAlgebra
import LinearModels
import TextClassification

/// Soft voting: the weighted mean of the probabilities of several classifiers.
///
/// The members see the same features. With p_m the probabilities of member m (the link of its scores, the softmax in single-label tasks
/// and the logistic function in multi-label ones) and w_m its weight, p = Σ w_m p_m / Σ w_m: scikit-learn's `VotingClassifier` with
/// `voting='soft'`. Scores are ln p, or the log-odds of p in multi-label tasks.
///
/// Scores that are no log-odds, such as margins, are worth as much as others only on their scale: unless `calibrates` is off, the scores of
/// each member are divided by a temperature first (Guo et al. 2017), in multi-label tasks by one a label, so that labels stay apart. It is learnt
/// from stratified out-of-fold scores and costs `folds` more fits of each member. Articles with the same features are never on both sides of a fold.
///
/// It is not additive, so that it cannot be explained by words.
public struct SoftVoting: SampleWeighingClassifier {
    public typealias Model = SoftVotingModel
    public static let identifier = "soft-voting"
    public static let summary = "soft voting: the weighted mean of the probabilities of several classifiers"
    public let parameters: Parameters

    /// The hyper-parameters of `SoftVoting`.
    public struct Parameters: Hyperparameters {
        public var members = Members.defaults
        public var weights = NumberList()
        public var calibrates = true
        public var folds = 5

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "members", \.members, .classifiers(Members.counts), help: "the classifiers whose probabilities are averaged"),
            Hyperparameter(
                "weights", \.weights, .numbers(0...1e6), help: "the weight of each member; without any they count the same"),
            Hyperparameter(
                "calibrates", \.calibrates, .boolean,
                help: "whether each member's scores are brought to scale by a temperature from out-of-fold scores"),
            Hyperparameter("folds", \.folds, .integer(2...100), help: "the folds of those scores"),
        ]

        public func checkTogether(component: String) throws(ConfigurationError) {
            guard !weights.numbers.isEmpty else { return }
            guard weights.numbers.count == members.count else {
                throw .conflict("\(component) has \(weights.numbers.count) weights for \(members.count) members")
            }
            guard weights.numbers.contains(where: { $0 > 0 }) else {
                throw .conflict("\(component): one of the weights has to be above 0")
            }
        }
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    /// Fits every member, and with `calibrates` `folds` times more.
    /// - Throws: `ConfigurationError` for members that cannot be made, and what they throw.
    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> SoftVotingModel {
        try fitted(rows, targets, sampleWeights, context, folds: nil)
    }

    /// - Parameter folds: the fold of each article, where they are not to be found.
    func fitted(
        _ rows: SparseMatrix, _ targets: Targets, _ sampleWeights: [Double]?, _ context: TrainingContext, folds: [Int]?
    ) throws -> SoftVotingModel {
        try parameters.checkTogether(component: Self.identifier)
        let members = try Members(
            of: Self.identifier, parameters.members, rows: rows, targets: targets, sampleWeights: sampleWeights,
            context: context)
        let ones = [Double](repeating: 1, count: targets.task == .single ? 1 : targets.labelCount)
        var temperatures = [[Double]](repeating: ones, count: parameters.members.count)
        if parameters.calibrates {
            let found = try members.outOfFoldScores(foldCount: parameters.folds, given: folds)
            if let found = found?.imputed() {
                temperatures = found.scores.map { Self.temperatures($0, found.targets, members.sampleWeights) }
                let texts = zip(parameters.members, temperatures).map { "\($0.component) \(Self.text($1))" }
                context.report(.note("temperatures: \(texts.joined(separator: ", "))"))
            } else {
                context.report(
                    .warning(
                        "\(Self.identifier): too few articles to hold some out, so that members keep their own probabilities"))
            }
        }
        let weights = parameters.weights.numbers.isEmpty ? temperatures.map { _ in 1.0 } : parameters.weights.numbers
        let total = weights.reduce(0, +)
        return SoftVotingModel(
            task: targets.task, members: try members.fitted(), weights: weights.map { $0 / total }, temperatures: temperatures)
    }

    /// Those of one member: one for all labels (single), or one a label (multi).
    private static func temperatures(_ scores: [Double], _ targets: Targets, _ sampleWeights: [Double]?) -> [Double] {
        func temperature(_ scores: [Double], _ targets: Targets) -> Double {
            TemperatureScaling().fitted(toHeldOut: scores, targets: targets, sampleWeights: sampleWeights).temperature
        }
        guard targets.task == .multi else { return [temperature(scores, targets)] }
        return (0..<targets.labelCount).map { label in
            let column = (0..<targets.count).map { scores[$0 * targets.labelCount + label] }
            return temperature(column, targets.selecting(label: label))
        }
    }

    private static func text(_ temperatures: [Double]) -> String {
        func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }
        guard let lowest = temperatures.min(), let highest = temperatures.max(), lowest < highest else {
            return temperatures.first.map { "\(rounded($0))" } ?? "none"
        }
        return "\(rounded(lowest)) to \(rounded(highest))"
    }
}
