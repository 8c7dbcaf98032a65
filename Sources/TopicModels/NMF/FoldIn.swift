import LinearAlgebra

/// Gives new articles the weights of fitted topics, one after another, in the same memory.
struct FoldIn {
    private let loss: NMFParameters.Loss
    private let leastSquares: NonNegativeLeastSquares
    private let divergence: KullbackLeiblerFolding
    /// The weights of the last article, one a topic, and zeros up to a multiple of eight.
    private(set) var weights: [Double]
    private var scratch: [Double]

    init(_ model: NMFModel) {
        loss = model.parameters.loss
        leastSquares = model.leastSquares
        divergence = model.folding
        weights = Array(repeating: 0, count: model.stride)
        scratch = weights
    }

    /// Finds the weights of a row. They depend on it alone. Allocates nothing.
    mutating func fold(row: Int, of matrix: borrowing SparseMatrix, terms: Span<Float>) {
        switch loss {
        case .frobenius: leastSquares.solve(row: row, of: matrix, columns: terms, into: &weights, scratch: &scratch)
        case .kullbackLeibler: divergence.solve(row: row, of: matrix, columns: terms, into: &weights, scratch: &scratch)
        }
    }
}

/// Weights of a row under the generalised Kullback–Leibler divergence with topics held, by multiplicative steps from equal weights.
struct KullbackLeiblerFolding: Sendable {
    let sums: [Double]
    let stride: Int
    let l1: Double
    let l2: Double
    private static let maximumIterations = 500
    private static let tolerance = 1e-5
    /// What scikit-learn puts in place of smaller denominators.
    private static let least = 1.1920928955078125e-07

    /// - Complexity: O(elements of the row · topics) an iteration.
    func solve(
        row: Int, of matrix: borrowing SparseMatrix, columns: Span<Float>, into weights: inout [Double], scratch: inout [Double]
    ) {
        let elements = matrix.row(row)
        var total = 0.0
        for e in elements { total += Double(matrix.values[e]) }
        // No iterator over an array here: an unoptimised build allocates for it.
        var mass = 0.0
        for a in sums.indices { mass += sums[a] }
        for a in weights.indices { weights[a] = a < sums.count && sums[a] > 0 && mass > 0 ? total / mass : 0 }
        guard total > 0, mass > 0 else { return }
        for _ in 0..<Self.maximumIterations {
            for a in scratch.indices { scratch[a] = 0 }
            for e in elements {
                let first = Int(matrix.columnIndices[e]) * stride
                var fitted = 0.0
                for a in sums.indices { fitted += weights[a] * Double(columns[first + a]) }
                let ratio = Double(matrix.values[e]) / max(fitted, Self.least)
                for a in sums.indices { scratch[a] += ratio * Double(columns[first + a]) }
            }
            var moved = 0.0
            var largest = 0.0
            for a in sums.indices {
                let denominator = sums[a] + l1 + l2 * weights[a]
                let next = weights[a] * scratch[a] / (denominator > 0 ? denominator : Self.least)
                moved = max(moved, abs(next - weights[a]))
                largest = max(largest, next)
                weights[a] = next
            }
            if !(moved > Self.tolerance * largest) { return }
        }
    }
}
