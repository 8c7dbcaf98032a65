import LinearAlgebra

/// How evaluations of the logistic objectives are divided: by fixed numbers of samples and features, never by threads.
enum EvaluationChunks {
    /// Samples whose losses are summed together.
    static let samples = 512
    /// Features whose gradients are computed together.
    static let features = 256

    /// The scales that start L-BFGS: √(r + Σ_i cost_i X_ij² v_c) for feature j and output c, √(Σ_i cost_i v_c) for the intercepts.
    ///
    /// Inside the root stands the diagonal of the Hessian where every sample has the class shares of the whole. The root, because
    /// towards the optimum the variances v shrink to an unknown fraction: measured on TF-IDF rows, the full diagonal takes 2 to
    /// 4 times as many iterations without an intercept as no scales at all, and no scales 2 to 4 times as many with one.
    static func scales(
        _ matrix: SparseMatrix, _ costs: [Double], variances: [Double], ridge: Double, fitsIntercept: Bool
    ) -> [Double] {
        var squares = [Double](repeating: 0, count: matrix.columnCount)
        for i in 0..<matrix.rowCount {
            for e in matrix.row(i) {
                let value = Double(matrix.values[e])
                squares[Int(matrix.columnIndices[e])] += costs[i] * value * value
            }
        }
        // A class that nobody has, and a feature that nobody has without a ridge, have no curvature: any positive number will do.
        func scale(_ curvature: Double) -> Double { max(curvature, 1e-6).squareRoot() }
        let total = costs.reduce(0, +)
        var scales: [Double] = []
        scales.reserveCapacity((squares.count + 1) * variances.count)
        for square in squares {
            for variance in variances { scales.append(scale(ridge + square * variance)) }
        }
        if fitsIntercept {
            for variance in variances { scales.append(scale(total * variance)) }
        }
        return scales
    }

    /// Writes the gradient of the weights, Xᵀ·R + r·W, and returns ½ r ‖W‖².
    static func addTransposedProduct(
        _ transposed: SparseMatrix, _ residuals: [Double], k: Int, ridge: Double, parameters: [Double],
        gradient: inout [Double], threads: Int
    ) -> Double {
        let weightCount = transposed.rowCount * k
        let penalties = parallelChunks(of: &gradient, chunkLength: features * k, threads: threads) { _, range, block in
            // The last chunk may hold the intercepts, which have no row and no penalty.
            let end = min(range.upperBound, weightCount)
            guard range.lowerBound < end else { return 0.0 }
            let rows = (range.lowerBound / k)..<(end / k)
            transposed.multiply(rows: rows, residuals.span, k: k, into: &block)
            var square = 0.0
            for e in 0..<(end - range.lowerBound) {
                let w = parameters[range.lowerBound + e]
                block[e] += ridge * w
                square += w * w
            }
            return square
        }
        return 0.5 * ridge * penalties.reduce(0, +)
    }
}
