import LinearAlgebra

/// The objective of the support vector machine with squared hinge loss:
///
///     f(w, b) = C Σ_i s_i max(0, 1 − t_i z_i)² + ½ ‖w‖²,    z_i = Σ_j X_ij w_j + b,  t_i = ±1
///
/// A sum over the samples; the intercept b is not penalised. It is LIBLINEAR's and scikit-learn's `LinearSVC` with the same `C`
/// without an intercept; with one, those penalise it as one more weight. Samples whose target is missing have no part in the sum.
///
/// Parameters: w, then b if there is an intercept.
public struct SquaredHingeObjective: Objective, Sendable {
    /// Whether b is fitted.
    public let fitsIntercept: Bool

    private let matrix: SparseMatrix
    private let transposed: SparseMatrix
    private let targets: [Int8]
    private let sampleCosts: [Double]
    private let threads: Int
    private var residuals: [Double]

    /// An objective on the given samples; the parameters are those of `BinaryLogisticObjective`.
    public init(
        matrix: SparseMatrix, targets: [Int8], sampleWeights: [Double]? = nil, inverseRegularization: Double = 1,
        fitsIntercept: Bool = true, threads: Int = 1
    ) {
        precondition(targets.count == matrix.rowCount, "\(targets.count) targets for \(matrix.rowCount) samples")
        precondition(targets.allSatisfy { $0 >= -1 && $0 <= 1 }, "a target is none of 1, 0, -1")
        precondition(sampleWeights == nil || sampleWeights?.count == matrix.rowCount, "one weight a sample is needed")
        self.matrix = matrix
        self.transposed = matrix.transposed()
        self.targets = targets
        self.sampleCosts = targets.indices.map { i in
            targets[i] < 0 ? 0 : inverseRegularization * (sampleWeights?[i] ?? 1)
        }
        self.fitsIntercept = fitsIntercept
        self.threads = threads
        self.residuals = Array(repeating: 0, count: matrix.rowCount)
    }

    public var parameterCount: Int { matrix.columnCount + (fitsIntercept ? 1 : 0) }

    public mutating func evaluate(at parameters: [Double], gradient: inout [Double]) -> Double {
        let (matrix, targets, costs) = (matrix, targets, sampleCosts)
        let intercept = fitsIntercept ? parameters[matrix.columnCount] : 0

        let sums = parallelChunks(of: &residuals, chunkLength: EvaluationChunks.samples, threads: threads) { _, rows, scores in
            matrix.multiply(rows: rows, parameters.span, k: 1, into: &scores)
            var loss = 0.0
            var interceptGradient = 0.0
            for i in rows {
                let e = i - rows.lowerBound
                let sign = targets[i] > 0 ? 1.0 : -1.0
                let slack = max(0, 1 - sign * (scores[e] + intercept))
                // A cost of zero must also silence a score that is not finite.
                loss += costs[i] == 0 ? 0 : costs[i] * slack * slack
                scores[e] = costs[i] == 0 ? 0 : -2 * costs[i] * sign * slack
                interceptGradient += scores[e]
            }
            return (loss: loss, interceptGradient: interceptGradient)
        }

        let value = EvaluationChunks.addTransposedProduct(
            transposed, residuals, k: 1, ridge: 1, parameters: parameters, gradient: &gradient, threads: threads)
        if fitsIntercept { gradient[matrix.columnCount] = sums.reduce(0) { $0 + $1.interceptGradient } }
        return sums.reduce(value) { $0 + $1.loss }
    }
}
