import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Newton's method for logistic regression on few features, such as topics: the Hessian is formed and factorised (LAPACK's
/// Cholesky), and ten iterations or so reach the precision of the value.
extension LogisticSolver {
    /// The largest number of weights and intercepts of one problem that Newton's method is used for: its matrix of second
    /// derivatives takes eight times the square of that in bytes, 72 MB.
    public static let newtonParameterLimit = 3000

    /// Minimises `SoftmaxObjective` with an L2 penalty, as `multinomial` does, by Newton's method.
    ///
    /// - Complexity: O(samples · (features of a sample · classes)² + (features · classes)³ / 3) an iteration.
    public static func newtonMultinomial(
        matrix: SparseMatrix, classes: [Int], classCount: Int, sampleWeights: [Double]? = nil,
        options: LogisticOptions = LogisticOptions(), shouldContinue: @Sendable () -> Bool = { true }
    ) throws(LinearSolverError) -> LinearSolution {
        precondition(options.l1Ratio == 0, "Newton's method wants an L2 penalty")
        var objective = SoftmaxObjective(
            matrix: matrix, classes: classes, classCount: classCount, sampleWeights: sampleWeights,
            inverseRegularization: options.inverseRegularization, fitsIntercept: options.fitsIntercept, threads: options.threads)
        let weightCount = matrix.columnCount * classCount
        let result = try newton(&objective, options, shouldContinue) { parameters in
            softmaxHessian(
                matrix, parameters, classCount, options.fitsIntercept, weightCount,
                costs: sampleWeights?.map { $0 * options.inverseRegularization }, options.inverseRegularization)
        }
        var intercepts = [Double](repeating: 0, count: classCount)
        if options.fitsIntercept {
            intercepts = Array(result.parameters[weightCount...])
            let mean = intercepts.reduce(0, +) / Double(classCount)
            for c in 0..<classCount { intercepts[c] -= mean }
        }
        return LinearSolution(
            weights: SolvedWeights(Array(result.parameters.prefix(weightCount))), intercepts: intercepts, solverName: "newton",
            reports: [result.report])
    }

    /// Minimises a `BinaryLogisticObjective` with an L2 penalty for every label, as `oneVersusRest` does, by Newton's method.
    ///
    /// - Complexity: O(samples · (features of a sample)² + features³ / 3) an iteration of a label.
    public static func newtonOneVersusRest(
        matrix: SparseMatrix, targets: [Int8], labelCount: Int, sampleWeights: [Double]? = nil,
        options: LogisticOptions = LogisticOptions(), shouldContinue: @Sendable () -> Bool = { true }
    ) throws(LinearSolverError) -> LinearSolution {
        precondition(options.l1Ratio == 0, "Newton's method wants an L2 penalty")
        let problem = OneVersusRestProblem(
            targets: targets, sampleCount: matrix.rowCount, labelCount: labelCount, sampleWeights: sampleWeights)
        let transposed = matrix.transposed()
        let solved = try parallelMap(count: labelCount, threads: options.threads) {
            label throws(LinearSolverError) -> (weights: [Double], intercept: Double, report: LinearSolution.Report) in
            if let onesided = problem.onesided(label, loss: .logistic, fitsIntercept: options.fitsIntercept) {
                return (
                    weights: [Double](repeating: 0, count: matrix.columnCount), intercept: onesided.intercept,
                    report: onesided.report(options.inverseRegularization)
                )
            }
            let (signs, weights) = problem.label(label)
            var objective = BinaryLogisticObjective(
                matrix: matrix, transposed: transposed, targets: signs, sampleWeights: weights,
                inverseRegularization: options.inverseRegularization, fitsIntercept: options.fitsIntercept)
            let costs = signs.indices.map { signs[$0] < 0 ? 0 : weights[$0] * options.inverseRegularization }
            let result = try newton(&objective, options, shouldContinue) { parameters in
                binaryHessian(matrix, parameters, options.fitsIntercept, costs: costs)
            }
            return (
                weights: Array(result.parameters.prefix(matrix.columnCount)),
                intercept: options.fitsIntercept ? result.parameters[matrix.columnCount] : 0, report: result.report
            )
        }
        var weights = [Double](repeating: 0, count: matrix.columnCount * labelCount)
        for (label, solution) in solved.enumerated() {
            for feature in 0..<matrix.columnCount { weights[feature * labelCount + label] = solution.weights[feature] }
        }
        return LinearSolution(
            weights: SolvedWeights(weights), intercepts: solved.map(\.intercept), solverName: "newton",
            reports: solved.map(\.report))
    }

    /// Newton's method from zero with halved steps where a full one does not lower the value enough (Armijo).
    private static func newton(
        _ objective: inout some Objective, _ options: LogisticOptions, _ shouldContinue: () -> Bool,
        hessian: ([Double]) -> DenseMatrix
    ) throws(LinearSolverError) -> (parameters: [Double], report: LinearSolution.Report) {
        var parameters = [Double](repeating: 0, count: objective.parameterCount)
        var gradient = parameters
        var value = objective.evaluate(at: parameters, gradient: &gradient)
        let reference = max(BLAS.norm2(gradient), .leastNormalMagnitude)
        guard value.isFinite, reference.isFinite else { throw .notFinite }
        var iterations = 0
        var isAtPrecision = false
        while BLAS.norm2(gradient) > options.tolerance * reference, iterations < options.maximumIterations, !isAtPrecision {
            guard shouldContinue() else { throw .cancelled }
            iterations += 1
            let step = try direction(hessian(parameters), gradient)
            let slope = BLAS.dot(step, gradient)
            var length = 1.0
            while true {
                var candidate = parameters
                BLAS.axpy(-length, step, into: &candidate)
                var candidateGradient = gradient
                let candidateValue = objective.evaluate(at: candidate, gradient: &candidateGradient)
                if candidateValue <= value - 1e-4 * length * slope {
                    (parameters, gradient, value) = (candidate, candidateGradient, candidateValue)
                    break
                }
                length /= 2
                if length < 1e-10 {
                    isAtPrecision = true
                    break
                }
            }
        }
        let remaining = BLAS.norm2(gradient) / reference
        return (
            parameters,
            LinearSolution.Report(
                objective: value, converged: remaining <= options.tolerance || isAtPrecision, iterations: iterations,
                remaining: remaining)
        )
    }

    /// The solution of H·step = gradient. Directions in which H is flat, such as that of all intercepts of a softmax together, are
    /// held by a small number on the diagonal, which is raised until the matrix has a Cholesky factor.
    private static func direction(_ hessian: DenseMatrix, _ gradient: [Double]) throws(LinearSolverError) -> [Double] {
        let largest = (0..<hessian.rowCount).reduce(0) { max($0, hessian[$1, $1]) }
        guard largest.isFinite, largest > 0 else { throw .notFinite }
        var shift = 1e-12 * largest
        while shift < largest {
            var matrix = hessian
            for i in 0..<matrix.rowCount { matrix[i, i] += shift }
            if let factor = try? CholeskyFactor(of: matrix) { return factor.solve(gradient) }
            shift *= 100
        }
        throw .notFinite
    }

    /// Σ_i c_i p_i (1 − p_i) x̃_i x̃_iᵀ + I on the weights, x̃ being x with 1 behind it for the intercept.
    private static func binaryHessian(
        _ matrix: SparseMatrix, _ parameters: [Double], _ fitsIntercept: Bool, costs: [Double]
    ) -> DenseMatrix {
        let featureCount = matrix.columnCount
        let count = parameters.count
        var result = [Double](repeating: 0, count: count * count)
        for i in 0..<matrix.rowCount where costs[i] > 0 {
            let (columns, values) = extended(matrix, i, fitsIntercept)
            var score = 0.0
            for (column, value) in zip(columns, values) { score += parameters[column] * value }
            let probability = sigmoid(score)
            let weight = costs[i] * probability * (1 - probability)
            for (a, x) in zip(columns, values) {
                let factor = weight * x
                for (b, y) in zip(columns, values) { result[a * count + b] += factor * y }
            }
        }
        for j in 0..<featureCount { result[j * count + j] += 1 }
        return DenseMatrix(rowCount: count, columnCount: count, elements: result)
    }

    /// Σ_i c_i (diag(p_i) − p_i p_iᵀ) ⊗ x̃_i x̃_iᵀ + I on the weights; parameters lie as [feature][class].
    private static func softmaxHessian(
        _ matrix: SparseMatrix, _ parameters: [Double], _ classCount: Int, _ fitsIntercept: Bool, _ weightCount: Int,
        costs: [Double]?, _ cost: Double
    ) -> DenseMatrix {
        let count = parameters.count
        var result = [Double](repeating: 0, count: count * count)
        var probabilities = [Double](repeating: 0, count: classCount)
        for i in 0..<matrix.rowCount {
            let own = costs?[i] ?? cost
            guard own > 0 else { continue }
            let (columns, values) = extended(matrix, i, fitsIntercept)
            for c in 0..<classCount { probabilities[c] = 0 }
            for (column, value) in zip(columns, values) {
                for c in 0..<classCount { probabilities[c] += parameters[column * classCount + c] * value }
            }
            var scores = probabilities.mutableSpan
            _ = softmax(&scores, in: 0..<classCount)
            for (a, x) in zip(columns, values) {
                for (b, y) in zip(columns, values) where b <= a {
                    let factor = own * x * y
                    for c in 0..<classCount {
                        let row = (a * classCount + c) * count + b * classCount
                        let ofClass = factor * probabilities[c]
                        for d in 0..<classCount { result[row + d] -= ofClass * probabilities[d] }
                        result[row + c] += ofClass
                    }
                }
            }
        }
        for j in 0..<weightCount { result[j * count + j] += 1 }
        // The other triangle.
        for i in 0..<count {
            for j in 0..<i { result[j * count + i] = result[i * count + j] }
        }
        return DenseMatrix(rowCount: count, columnCount: count, elements: result)
    }

    private static func extended(_ matrix: SparseMatrix, _ row: Int, _ fitsIntercept: Bool) -> (columns: [Int], values: [Double])
    {
        var columns = matrix.columnIndices[matrix.row(row)].map { Int($0) }
        var values = matrix.values[matrix.row(row)].map { Double($0) }
        if fitsIntercept {
            columns.append(matrix.columnCount)
            values.append(1)
        }
        return (columns, values)
    }
}
