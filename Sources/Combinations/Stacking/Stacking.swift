import LinearAlgebra
import LinearModels
import TextClassification

/// Stacking: logistic regression on what several classifiers say of articles that they were fitted without (Wolpert 1992).
///
/// Every member is fitted `folds` times to all stratified folds but one and gives its scores of that fold; a logistic regression with the L2 penalty
/// of `inverseRegularization` learns the labels from these scores, and the members that are kept are fitted to all articles. Articles with the
/// same features are never on both sides of a fold.
///
/// With `memberOutput` `scores` a score counts as its difference to the mean of the article's scores (in single-label tasks, where a number
/// added to all of them says nothing), divided by the standard deviation of the member's out-of-fold scores, in multi-label tasks of those of the label. It is
/// linear, so that members whose scores are sums over features give a combination whose scores are, too. With `probabilities` it is the link of the
/// scores, as in scikit-learn's `StackingClassifier`; Ting & Witten (1999) compare the two.
///
/// With `memberLabels` `all` each label is learnt from the members' scores of all labels, as in scikit-learn; with `own` from those of the label
/// alone, one against the rest (Seewald 2002: better with many labels). `automatic` is `all` in single-label tasks and `own` in multi-label ones.
///
/// A label that only the articles of one fold have cannot be learnt from them, and is never given in a single-label task.
public struct Stacking: SampleWeighingClassifier {
    public typealias Model = StackingModel
    public static let identifier = "stacking"
    public static let summary = "stacking: logistic regression on the out-of-fold scores of several classifiers"
    public let parameters: Parameters

    /// The hyper-parameters of `Stacking`.
    public struct Parameters: Hyperparameters {
        /// What the logistic regression learns from.
        public enum MemberOutput: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
            case scores, probabilities
        }
        /// Whose scores a label is learnt from.
        public enum MemberLabels: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
            case automatic, all, own
        }

        public var members = Members.defaults
        public var memberOutput = MemberOutput.scores
        public var memberLabels = MemberLabels.automatic
        public var inverseRegularization = 1.0
        public var folds = 5

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter("members", \.members, .classifiers(Members.counts), help: "the classifiers that are combined"),
            Hyperparameter(
                "memberOutput", \.memberOutput, .choice(MemberOutput.allCases.map(\.rawValue)),
                help: "what is learnt from; only with scores the combination can be explained"),
            Hyperparameter(
                "memberLabels", \.memberLabels, .choice(MemberLabels.allCases.map(\.rawValue)),
                help: "a label is learnt from what members say of all labels or of its own; automatic is own in multi-label tasks"
            ),
            Hyperparameter(
                "inverseRegularization", \.inverseRegularization, .number(1e-6...1e9, .logarithmic),
                search: .number(0.01...100, .logarithmic), help: "C of the logistic regression on the scores"),
            Hyperparameter("folds", \.folds, .integer(2...100), help: "the folds of the out-of-fold scores"),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    /// Fits every member `folds` + 1 times.
    /// - Throws: `ConfigurationError` for members that cannot be made, `TrainingError` where there are fewer than two different articles,
    ///   and what members throw.
    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> StackingModel {
        try fitted(rows, targets, sampleWeights, context, folds: nil)
    }

    /// - Parameter folds: the fold of each article, where they are not to be found.
    func fitted(
        _ rows: SparseMatrix, _ targets: Targets, _ sampleWeights: [Double]?, _ context: TrainingContext, folds: [Int]?
    ) throws -> StackingModel {
        let members = try Members(
            of: Self.identifier, parameters.members, rows: rows, targets: targets, sampleWeights: sampleWeights,
            context: context)
        guard let found = try members.outOfFoldScores(foldCount: parameters.folds, given: folds) else {
            throw TrainingError.failed(
                component: Self.identifier, reason: "articles have to be held out, and there are fewer than two different ones")
        }
        let outOfFold = found.imputed()
        let input = StackingInput(outOfFold, sampleWeights: members.sampleWeights, parameters)
        let matrix = input.matrix(outOfFold.scores)
        let final = try final(matrix, outOfFold.targets, members.sampleWeights, context)
        return StackingModel(input: input, members: try members.fitted(), final: final)
    }

    /// What learns from the members, all labels together or each from its own columns.
    private func final(
        _ rows: SparseMatrix, _ targets: Targets, _ sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> LinearModel {
        let labelCount = targets.labelCount
        guard parameters.memberLabels.areOwn(in: targets.task) else {
            let weightCount = (rows.columnCount + 1) * (targets.task == .single ? labelCount : 1)
            return try regression(weightCount: weightCount)
                .fitted(rows, targets, sampleWeights: sampleWeights, context.quiet)
        }
        let classifier = regression(weightCount: rows.columnCount / labelCount + 1)
        let memberCount = rows.columnCount / labelCount
        var weights = [Float](repeating: 0, count: rows.columnCount * labelCount)
        var intercepts: [Double] = []
        for label in 0..<labelCount {
            var own = SparseMatrix(columnCount: memberCount)
            let judged = targets.selecting(label: label)
            for row in 0..<rows.rowCount {
                for element in rows.row(row) where Int(rows.columnIndices[element]) % labelCount == label {
                    own.append(column: rows.columnIndices[element] / Int32(labelCount), value: rows.values[element])
                }
                own.endRow()
            }
            let model = try classifier.fitted(own, judged, sampleWeights: sampleWeights, context.quiet)
            for member in 0..<memberCount {
                weights[(member * labelCount + label) * labelCount + label] = Float(
                    model.featureWeight(member, label: 0) ?? 0)
            }
            intercepts.append(model.intercept(label: 0) ?? 0)
        }
        return LinearModel(weights: weights, intercepts: intercepts)
    }

    /// Up to so many weights of a problem Newton's method is quick; it is the more exact one.
    private static let newtonLimit = 300

    private func regression(weightCount: Int) -> LogisticRegression {
        var parameters = LogisticRegression.Parameters()
        parameters.inverseRegularization = self.parameters.inverseRegularization
        parameters.solver = weightCount <= Self.newtonLimit ? .newton : .automatic
        parameters.tolerance = 1e-8
        parameters.gap = 1e-6
        parameters.maximumIterations = 10_000
        return LogisticRegression(parameters)
    }
}

extension Targets {
    /// The judgements on one label alone.
    func selecting(label: Int) -> Targets {
        var selected = Targets(task: .multi, labelCount: 1)
        for article in 0..<count {
            switch self[article, label] {
            case .positive: selected.append(positive: [0])
            case .negative: selected.append(positive: [])
            case .missing: selected.appendUnlabelled()
            }
        }
        return selected
    }
}

extension Stacking.Parameters.MemberLabels {
    func areOwn(in task: ClassificationTask) -> Bool {
        switch self {
        case .all: false
        case .own: true
        case .automatic: task == .multi
        }
    }
}
