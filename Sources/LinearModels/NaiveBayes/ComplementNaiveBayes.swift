import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Complement naive Bayes: a label's weights come from the articles of all other labels, which are more (Rennie, Shih, Teevan & Karger
/// 2003, "Tackling the poor assumptions of naive Bayes text classifiers").
///
/// With N̄(f, c) the weighted sum of feature f over the articles outside of c, θ = (N̄(f, c) + α) / Σ (N̄ + α) and w = −ln θ, divided by
/// Σ |ln θ| over the features where `normalizes` is set. The score is Σ x w, without a prior: scikit-learn's `ComplementNB`. In multi-label
/// tasks it is the difference of these scores for the label and its absence.
///
/// It expects TF-IDF rows of unit length, or damped counts. It is the strongest of the naive Bayes family where labels are uneven.
public struct ComplementNaiveBayes: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "complement-naive-bayes"
    public static let summary = "complement naive Bayes, for TF-IDF: one pass, good with uneven labels"
    public let parameters: Parameters

    /// The hyper-parameters of `ComplementNaiveBayes`.
    public struct Parameters: Hyperparameters {
        public var smoothing = 0.1
        public var normalizes = false

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            .smoothing(\.smoothing),
            Hyperparameter(
                "normalizes", \.normalizes, .boolean, search: .boolean,
                help: "whether the weights of a label are divided by their sum"),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> LinearModel {
        try rows.requireCounts(Self.identifier)
        let sums = try LabelSums(rows, targets, sampleWeights: sampleWeights, context: context)
        var result = NaiveBayesWeights(sums, task: targets.task, priors: nil)
        for label in 0..<sums.labelCount where sums.isTwoSided(label) {
            let own = weights(sums) { sums.negative($0, label) }
            switch targets.task {
            case .single: for feature in own.indices { result.set(feature, label, own[feature]) }
            case .multi:
                let absence = weights(sums) { sums.positive[$0 * sums.labelCount + label] }
                for feature in own.indices { result.set(feature, label, own[feature] - absence[feature]) }
            }
        }
        return result.model
    }

    /// The weights of a class, from the sums over its complement.
    private func weights(_ sums: LabelSums, _ complement: (Int) -> Double) -> [Double] {
        let counts = (0..<sums.featureCount).map { complement($0) + parameters.smoothing }
        let total = counts.reduce(0, +)
        let weights = counts.map { -log($0 / total) }
        guard parameters.normalizes else { return weights }
        let size = weights.reduce(0) { $0 + abs($1) }
        return size > 0 ? weights.map { $0 / size } : weights
    }
}
