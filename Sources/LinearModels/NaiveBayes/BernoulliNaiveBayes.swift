import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bernoulli naive Bayes: every feature occurs in an article or does not, and that it does not speaks, too (McCallum & Nigam 1998).
///
/// With D(f, c) the number of articles of class c that have feature f, P(f | c) = (D(f, c) + α) / (D(c) + 2 α); scikit-learn's
/// `BernoulliNB`. Values only say whether they are above 0, so that any weighting does; short texts suit it, and a small vocabulary.
public struct BernoulliNaiveBayes: SampleWeighingClassifier {
    public typealias Model = PresenceModel
    public static let identifier = "bernoulli-naive-bayes"
    public static let summary = "Bernoulli naive Bayes, for the presence of words: one pass, for short texts"
    public let parameters: Parameters

    /// The hyper-parameters of `BernoulliNaiveBayes`.
    public struct Parameters: Hyperparameters {
        public var smoothing = 0.1
        public var fitsPrior = true

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            .smoothing(\.smoothing),
            .fitsPrior(\.fitsPrior),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> PresenceModel {
        let sums = try LabelSums(rows, targets, sampleWeights: sampleWeights, context: context) { $0 > 0 ? 1 : 0 }
        var result = NaiveBayesWeights(sums, task: targets.task, priors: parameters.fitsPrior)
        let alpha = parameters.smoothing
        for label in 0..<sums.labelCount where sums.positiveWeights[label] > 0 {
            if targets.task == .multi, !sums.isTwoSided(label) { continue }
            let own = log(sums.positiveWeights[label] + 2 * alpha)
            let others = log(sums.negativeWeights[label] + 2 * alpha)
            for feature in 0..<sums.featureCount {
                // A column that a row has twice counts twice in its sum; it cannot occur in more articles than there are.
                let positive = min(sums.positive[feature * sums.labelCount + label], sums.positiveWeights[label])
                let present = log(positive + alpha) - own
                let absent = log(sums.positiveWeights[label] - positive + alpha) - own
                var (weight, constant) = (present - absent, absent)
                if targets.task == .multi {
                    let negative = min(sums.negative(feature, label), sums.negativeWeights[label])
                    let without = log(sums.negativeWeights[label] - negative + alpha) - others
                    weight -= log(negative + alpha) - others - without
                    constant -= without
                }
                result.set(feature, label, weight)
                result.add(constant, toInterceptOf: label)
            }
        }
        return PresenceModel(weights: result.weights, intercepts: result.intercepts)
    }
}
