import LinearAlgebra

/// How evaluations of the logistic objectives are divided: by fixed numbers of samples and features, never by threads.
enum EvaluationChunks {
    /// Samples whose losses are summed together.
    static let samples = 512
    /// Features whose gradients are computed together.
    static let features = 256

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
