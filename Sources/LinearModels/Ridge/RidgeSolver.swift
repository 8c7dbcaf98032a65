import LinearAlgebra

/// Regularised least squares on sparse rows, a problem a label, by conjugate gradients on the normal equations (Hestenes & Stiefel
/// 1952).
public enum RidgeSolver {
    /// Minimises for every label Σ s (wᵀx + b − t)² + λ‖w‖², t = ±1.
    ///
    /// The intercept is eliminated by weighted means, which stay implicit, so that the rows stay sparse. A label all of whose examples agree
    /// gets zero weights and their target as its intercept; 0 without any.
    ///
    /// - Parameters:
    ///   - targets: [sample][label]; 1 positive, 0 negative, −1 missing.
    ///   - sampleWeights: one a sample, or one a sample and label; 1 each if nil.
    /// - Returns: weights [feature][label], and a report for each label, whose remainder is the relative residual.
    /// - Complexity: O(elements) an iteration and label; labels run side by side.
    public static func solve(
        matrix: SparseMatrix, targets: [Int8], labelCount: Int, sampleWeights: [Double]? = nil, regularization: Double,
        tolerance: Double = 1e-6, maximumIterations: Int = 1000, threads: Int = 1,
        shouldContinue: @Sendable () -> Bool = { true }
    ) throws(LinearSolverError) -> LinearSolution {
        precondition(regularization > 0, "a regularisation of \(regularization)")
        let problem = OneVersusRestProblem(
            targets: targets, sampleCount: matrix.rowCount, labelCount: labelCount, sampleWeights: sampleWeights)
        guard matrix.values.allSatisfy(\.isFinite), sampleWeights?.allSatisfy(\.isFinite) ?? true else { throw .notFinite }
        if !shouldContinue() { throw .cancelled }
        let solved = try parallelMap(count: labelCount, threads: threads) { label throws(LinearSolverError) in
            let (targets, weights) = problem.label(label)
            return try RidgeLabel(matrix: matrix, targets: targets, weights: weights, regularization: regularization)
                .solved(tolerance: tolerance, maximumIterations: maximumIterations, shouldContinue: shouldContinue)
        }
        var weights = [Double](repeating: 0, count: matrix.columnCount * labelCount)
        for (label, solution) in solved.enumerated() {
            for feature in 0..<matrix.columnCount { weights[feature * labelCount + label] = solution.weights[feature] }
        }
        return LinearSolution(
            weights: SolvedWeights(weights), intercepts: solved.map(\.intercept), solverName: "conjugate-gradients",
            reports: solved.map(\.report))
    }
}

/// The problem of one label.
struct RidgeLabel {
    let matrix: SparseMatrix
    /// ±1.
    private let targets: [Double]
    private let weights: [Double]
    private let regularization: Double
    private let totalWeight: Double

    init(matrix: SparseMatrix, targets: [Int8], weights: [Double], regularization: Double) {
        self.matrix = matrix
        self.targets = targets.map { $0 > 0 ? 1 : -1 }
        self.weights = weights
        self.regularization = regularization
        totalWeight = weights.reduce(0, +)
    }

    struct Solution: Sendable {
        var weights: [Double]
        var intercept: Double
        var report: LinearSolution.Report
    }

    func solved(tolerance: Double, maximumIterations: Int, shouldContinue: () -> Bool) throws(LinearSolverError) -> Solution {
        let zeros = [Double](repeating: 0, count: matrix.columnCount)
        let mean = totalWeight > 0 ? zip(weights, targets).reduce(0) { $0 + $1.0 * $1.1 } / totalWeight : 0
        var solution = Solution(
            weights: zeros, intercept: mean, report: .init(objective: 0, converged: true, iterations: 0, remaining: 0))
        guard abs(mean) < 1, totalWeight > 0 else { return solution }
        // (Xᵀ S X + λ I) w = Xᵀ S t, X and t without their weighted means.
        var residual = zeros
        matrix.multiplyTransposed(zip(weights, targets).map { $0 * ($1 - mean) }, k: 1, into: &residual)
        var direction = residual
        var square = dot(residual, residual)
        let first = square
        var iteration = 0
        while square > tolerance * tolerance * first, iteration < maximumIterations {
            if !shouldContinue() { throw .cancelled }
            iteration += 1
            let image = normal(direction)
            let step = square / dot(direction, image)
            for j in direction.indices {
                solution.weights[j] += step * direction[j]
                residual[j] -= step * image[j]
            }
            let next = dot(residual, residual)
            let factor = next / square
            for j in direction.indices { direction[j] = residual[j] + factor * direction[j] }
            square = next
        }
        var scores = [Double](repeating: 0, count: matrix.rowCount)
        matrix.multiply(solution.weights, k: 1, into: &scores)
        solution.intercept = mean - dot(weights, scores) / totalWeight
        solution.report = .init(
            objective: objective(solution.weights, solution.intercept), converged: square <= tolerance * tolerance * first,
            iterations: iteration, remaining: first > 0 ? (square / first).squareRoot() : 0)
        return solution
    }

    /// (Xᵀ S X + λ I) v.
    private func normal(_ v: [Double]) -> [Double] {
        var image = [Double](repeating: 0, count: matrix.rowCount)
        matrix.multiply(v, k: 1, into: &image)
        let mean = dot(weights, image) / totalWeight
        for i in image.indices { image[i] = weights[i] * (image[i] - mean) }
        var result = [Double](repeating: 0, count: v.count)
        matrix.multiplyTransposed(image, k: 1, into: &result)
        for j in v.indices { result[j] += regularization * v[j] }
        return result
    }

    /// Σ s (wᵀx + b − t)² + λ‖w‖².
    func objective(_ w: [Double], _ intercept: Double) -> Double {
        var scores = [Double](repeating: 0, count: matrix.rowCount)
        matrix.multiply(w, k: 1, into: &scores)
        var sum = regularization * dot(w, w)
        for i in scores.indices {
            let difference = scores[i] + intercept - targets[i]
            sum += weights[i] * difference * difference
        }
        return sum
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }
}
