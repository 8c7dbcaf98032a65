import LinearAlgebra

/// The objective of multinomial logistic regression:
///
///     f(W, b) = C Σ_i s_i [ ln Σ_c exp(z_ic) − z_{i,y_i} ] + ½ r ‖W‖²,    z_ic = Σ_j X_ij W_jc + b_c
///
/// A sum over the samples, not a mean; the intercepts b are not penalised. With r = 1 it is scikit-learn's `LogisticRegression`
/// with the same `C` for three classes or more (for two classes scikit-learn uses one weight vector w = W_1 − W_0, whose
/// optimum at C is reached here at C / 2). With an elastic net r = 1 − l1Ratio, and the solver adds l1Ratio ‖W‖₁.
///
/// Parameters: W as [feature][class], then b if there are intercepts. The gradient goes through the transposed matrix, so no sum
/// depends on the number of threads.
public struct SoftmaxObjective: Objective, Sendable {
    /// The number of classes.
    public let classCount: Int
    /// Whether b is fitted.
    public let fitsIntercept: Bool

    private let matrix: SparseMatrix
    private let transposed: SparseMatrix
    private let classes: [Int]
    private let sampleCosts: [Double]
    private let ridge: Double
    private let threads: Int
    private var residuals: [Double]

    /// An objective on the given samples.
    ///
    /// - Parameters:
    ///   - matrix: X, a row a sample.
    ///   - classes: y, the class of each sample, within `0 ..< classCount`.
    ///   - sampleWeights: s; 1 each if nil.
    ///   - inverseRegularization: C.
    ///   - ridge: r.
    ///   - threads: the most threads an evaluation uses.
    public init(
        matrix: SparseMatrix, classes: [Int], classCount: Int, sampleWeights: [Double]? = nil, inverseRegularization: Double = 1,
        ridge: Double = 1, fitsIntercept: Bool = true, threads: Int = 1
    ) {
        precondition(classes.count == matrix.rowCount, "\(classes.count) classes for \(matrix.rowCount) samples")
        precondition(classes.allSatisfy { $0 >= 0 && $0 < classCount }, "a class is outside 0..<\(classCount)")
        precondition(sampleWeights == nil || sampleWeights?.count == matrix.rowCount, "one weight a sample is needed")
        self.matrix = matrix
        self.transposed = matrix.transposed()
        self.classes = classes
        self.classCount = classCount
        self.sampleCosts =
            sampleWeights?.map { $0 * inverseRegularization } ?? Array(repeating: inverseRegularization, count: matrix.rowCount)
        self.ridge = ridge
        self.fitsIntercept = fitsIntercept
        self.threads = threads
        self.residuals = Array(repeating: 0, count: matrix.rowCount * classCount)
    }

    public var parameterCount: Int { (matrix.columnCount + (fitsIntercept ? 1 : 0)) * classCount }

    /// The scale of each parameter, to start L-BFGS with.
    var scales: [Double] {
        var shares = [Double](repeating: 0, count: classCount)
        for i in classes.indices { shares[classes[i]] += sampleCosts[i] }
        let total = shares.reduce(0, +)
        let variances = shares.map { total > 0 ? $0 / total * (1 - $0 / total) : 0 }
        return EvaluationChunks.scales(
            matrix, sampleCosts, variances: variances, ridge: ridge, fitsIntercept: fitsIntercept)
    }

    public mutating func evaluate(at parameters: [Double], gradient: inout [Double]) -> Double {
        let k = classCount
        let weightCount = matrix.columnCount * k
        let (matrix, classes, costs, fitsIntercept) = (matrix, classes, sampleCosts, fitsIntercept)

        // Chunk by chunk of samples: scores, losses, and the residuals C s_i (p_ic − [y_i = c]).
        let sums = parallelChunks(of: &residuals, chunkLength: EvaluationChunks.samples * k, threads: threads) {
            _, range, block in
            let rows = (range.lowerBound / k)..<(range.upperBound / k)
            matrix.multiply(rows: rows, parameters.span, k: k, into: &block)
            var loss = 0.0
            var interceptGradient = [Double](repeating: 0, count: k)
            for i in rows {
                let start = (i - rows.lowerBound) * k
                if fitsIntercept {
                    for c in 0..<k { block[start + c] += parameters[weightCount + c] }
                }
                let own = block[start + classes[i]]
                loss += costs[i] * (softmax(&block, in: start..<(start + k)) - own)
                block[start + classes[i]] -= 1
                for c in 0..<k {
                    block[start + c] *= costs[i]
                    interceptGradient[c] += block[start + c]
                }
            }
            return (loss: loss, interceptGradient: interceptGradient)
        }

        let value = EvaluationChunks.addTransposedProduct(
            transposed, residuals, k: k, ridge: ridge, parameters: parameters, gradient: &gradient, threads: threads)
        if fitsIntercept {
            for c in 0..<k { gradient[weightCount + c] = sums.reduce(0) { $0 + $1.interceptGradient[c] } }
        }
        return sums.reduce(value) { $0 + $1.loss }
    }
}
