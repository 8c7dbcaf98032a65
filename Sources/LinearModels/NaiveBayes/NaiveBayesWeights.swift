import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Weights and intercepts of a naive Bayes model while they are made, [feature][label].
struct NaiveBayesWeights {
    private let labelCount: Int
    private(set) var weights: [Float]
    private(set) var intercepts: [Double]

    /// - Parameters:
    ///   - priors: whether labels have the prior of their share, in multi-label tasks its log-odds; false gives all the same, `nil` no
    ///     prior at all.
    init(_ sums: LabelSums, task: ClassificationTask, priors: Bool?) {
        labelCount = sums.labelCount
        weights = [Float](repeating: 0, count: sums.featureCount * sums.labelCount)
        let total = sums.positiveWeights.reduce(0, +)
        let occurring = Double(sums.positiveWeights.count { $0 > 0 })
        intercepts = (0..<sums.labelCount).map { label in
            let (positive, negative) = (sums.positiveWeights[label], sums.negativeWeights[label])
            switch task {
            case .single:
                guard total > 0 else { return 0 }
                guard positive > 0 else { return OccurringClasses.absentIntercept }
                return priors.map { $0 ? log(positive / total) : -log(occurring) } ?? 0
            case .multi:
                // A label that always or never applies has no weights, whatever is asked of priors.
                guard sums.isTwoSided(label) else { return log((positive + 0.5) / (negative + 0.5)) }
                return priors == true ? log(positive / negative) : 0
            }
        }
    }

    mutating func set(_ feature: Int, _ label: Int, _ weight: Double) { weights[feature * labelCount + label] = Float(weight) }

    mutating func add(_ amount: Double, toInterceptOf label: Int) { intercepts[label] += amount }

    var model: LinearModel { LinearModel(weights: weights, intercepts: intercepts) }
}
