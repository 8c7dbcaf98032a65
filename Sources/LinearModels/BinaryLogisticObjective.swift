import LinearAlgebra

/// The objective of binary logistic regression:
///
///     f(w, b) = C Σ_i s_i ln(1 + exp(−t_i z_i)) + ½ r ‖w‖²,    z_i = Σ_j X_ij w_j + b,  t_i = ±1
///
/// A sum over the samples, not a mean; the intercept b is not penalised. With r = 1 it is scikit-learn's `LogisticRegression` of
/// two classes, and one label of its `OneVsRestClassifier`, with the same `C`. With an elastic net r = 1 − l1Ratio, and the
/// solver adds l1Ratio ‖w‖₁. Samples whose target is missing have no part in the sum.
///
/// Parameters: w, then b if there is an intercept.
public struct BinaryLogisticObjective: Objective, Sendable {
    /// Whether b is fitted.
    public let fitsIntercept: Bool

    private let matrix: SparseMatrix
    private let transposed: SparseMatrix
    private let targets: [Int8]
    private let sampleCosts: [Double]
    private let ridge: Double
    private let threads: Int
    private var residuals: [Double]

    /// An objective on the given samples.
    ///
    /// - Parameters:
    ///   - matrix: X, a row a sample.
    ///   - transposed: Xᵀ if the caller has it, to share among labels.
    ///   - targets: 1 positive, 0 negative, −1 missing.
    ///   - sampleWeights: s; 1 each if nil.
    ///   - inverseRegularization: C.
    ///   - ridge: r.
    ///   - threads: the most threads an evaluation uses.
    public init(
        matrix: SparseMatrix, transposed: SparseMatrix? = nil, targets: [Int8], sampleWeights: [Double]? = nil,
        inverseRegularization: Double = 1, ridge: Double = 1, fitsIntercept: Bool = true, threads: Int = 1
    ) {
        precondition(targets.count == matrix.rowCount, "\(targets.count) targets for \(matrix.rowCount) samples")
        precondition(targets.allSatisfy { $0 >= -1 && $0 <= 1 }, "a target is none of 1, 0, -1")
        precondition(sampleWeights == nil || sampleWeights?.count == matrix.rowCount, "one weight a sample is needed")
        self.matrix = matrix
        self.transposed = transposed ?? matrix.transposed()
        self.targets = targets
        self.sampleCosts = targets.indices.map { i in
            targets[i] < 0 ? 0 : inverseRegularization * (sampleWeights?[i] ?? 1)
        }
        self.ridge = ridge
        self.fitsIntercept = fitsIntercept
        self.threads = threads
        self.residuals = Array(repeating: 0, count: matrix.rowCount)
    }

    public var parameterCount: Int { matrix.columnCount + (fitsIntercept ? 1 : 0) }

    /// The scale of each parameter, to start L-BFGS with.
    var scales: [Double] {
        var positive = 0.0
        for i in targets.indices where targets[i] > 0 { positive += sampleCosts[i] }
        let total = sampleCosts.reduce(0, +)
        let share = total > 0 ? positive / total : 0
        return EvaluationChunks.scales(
            matrix, sampleCosts, variances: [share * (1 - share)], ridge: ridge, fitsIntercept: fitsIntercept)
    }

    public mutating func evaluate(at parameters: [Double], gradient: inout [Double]) -> Double {
        let (matrix, targets, costs) = (matrix, targets, sampleCosts)
        let intercept = fitsIntercept ? parameters[matrix.columnCount] : 0

        let sums = parallelChunks(of: &residuals, chunkLength: EvaluationChunks.samples, threads: threads) { _, rows, scores in
            matrix.multiply(rows: rows, parameters.span, k: 1, into: &scores)
            var loss = 0.0
            var interceptGradient = 0.0
            for i in rows {
                let e = i - rows.lowerBound
                // A cost of zero must also silence a score that is not finite.
                guard costs[i] != 0 else {
                    scores[e] = 0
                    continue
                }
                let z = scores[e] + intercept
                loss += costs[i] * softplus(targets[i] > 0 ? -z : z)
                scores[e] = costs[i] * (targets[i] > 0 ? -sigmoid(-z) : sigmoid(z))
                interceptGradient += scores[e]
            }
            return (loss: loss, interceptGradient: interceptGradient)
        }

        let value = EvaluationChunks.addTransposedProduct(
            transposed, residuals, k: 1, ridge: ridge, parameters: parameters, gradient: &gradient, threads: threads)
        if fitsIntercept { gradient[matrix.columnCount] = sums.reduce(0) { $0 + $1.interceptGradient } }
        return sums.reduce(value) { $0 + $1.loss }
    }
}
