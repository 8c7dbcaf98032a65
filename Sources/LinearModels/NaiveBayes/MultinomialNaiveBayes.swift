import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Multinomial naive Bayes: an article is a bag of words drawn from its label's distribution (McCallum & Nigam 1998).
///
/// With N(f, c) the weighted sum of feature f over the articles of class c, and n features, P(f | c) = (N(f, c) + α) / (N(c) + α n).
/// The score of a single-label task is the joint log-likelihood ln P(c) + Σ x ln P(f | c); that of a multi-label one the log-odds of two such
/// classes, the label and its absence. It is scikit-learn's `MultinomialNB`.
///
/// It expects counts: features without inverse document frequency and without normalisation; damped counts (`sublinear`) do as well
/// and often better (Rennie et al. 2003). TF-IDF is possible too.
public struct MultinomialNaiveBayes: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "multinomial-naive-bayes"
    public static let summary = "multinomial naive Bayes, for counts of words: one pass, no iteration"
    public let parameters: Parameters

    /// The hyper-parameters of `MultinomialNaiveBayes`.
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
    ) throws -> LinearModel {
        try rows.requireCounts(Self.identifier)
        let sums = try LabelSums(rows, targets, sampleWeights: sampleWeights, context: context)
        var result = NaiveBayesWeights(sums, task: targets.task, priors: parameters.fitsPrior)
        let alpha = parameters.smoothing
        let extra = alpha * Double(sums.featureCount)
        for label in 0..<sums.labelCount where sums.positiveWeights[label] > 0 {
            let features = 0..<sums.featureCount
            let own = log(features.reduce(extra) { $0 + sums.positive[$1 * sums.labelCount + label] })
            switch targets.task {
            case .single:
                for feature in features {
                    result.set(feature, label, log(sums.positive[feature * sums.labelCount + label] + alpha) - own)
                }
            case .multi:
                guard sums.isTwoSided(label) else { continue }
                let others = log(features.reduce(extra) { $0 + sums.negative($1, label) })
                for feature in features {
                    let (positive, negative) = (
                        sums.positive[feature * sums.labelCount + label], sums.negative(feature, label)
                    )
                    result.set(feature, label, log((positive + alpha) / (negative + alpha)) - own + others)
                }
            }
        }
        return result.model
    }
}
