#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The objective of a factorisation with its gradients, by definition: what the iterative methods are checked against, and the
/// reconstruction error of a model.
public struct FactorizationObjective: Sendable {
    /// The loss and the penalties; the other options play no part.
    public let options: FactorizationOptions
    private let matrix: SparseMatrix
    private let transposed: SparseMatrix

    /// The objective of a matrix in which no row has a column twice.
    public init(_ matrix: SparseMatrix, options: FactorizationOptions) {
        self.matrix = matrix
        self.options = options
        transposed = matrix.transposed()
    }

    /// The value at W (rows × k) and H (columns × k).
    ///
    /// - Complexity: O(elements · k + (rows + columns) · k²).
    public func value(w: DenseMatrix, h: DenseMatrix) -> Double {
        var value = 0.0
        func penalty(_ factor: DenseMatrix, _ l1: Double, _ l2: Double) -> Double {
            factor.elements.reduce(0) { $0 + l1 * $1 + 0.5 * l2 * $1 * $1 }
        }
        for i in 0..<matrix.rowCount {
            for e in matrix.row(i) {
                let x = Double(matrix.values[e])
                let fitted = Self.dot(w, i, h, Int(matrix.columnIndices[e]))
                switch options.loss {
                case .frobenius: value += 0.5 * x * x - x * fitted
                case .kullbackLeibler: value += x > 0 ? x * log(x / fitted) - x : 0
                }
            }
        }
        switch options.loss {
        case .frobenius:
            value += 0.5 * zip(w.gram().elements, h.gram().elements).reduce(0) { $0 + $1.0 * $1.1 }
        case .kullbackLeibler:
            value += zip(Self.columnSums(w), Self.columnSums(h)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        return value + penalty(w, options.l1.rows, options.l2.rows) + penalty(h, options.l1.columns, options.l2.columns)
    }

    /// The gradients by W and by H.
    ///
    /// - Complexity: O(elements · k + (rows + columns) · k²).
    public func gradients(w: DenseMatrix, h: DenseMatrix) -> (w: DenseMatrix, h: DenseMatrix) {
        (
            gradient(matrix, own: w, other: h, l1: options.l1.rows, l2: options.l2.rows),
            gradient(transposed, own: h, other: w, l1: options.l1.columns, l2: options.l2.columns)
        )
    }

    /// Frobenius: W·(HᵀH) − X·H; Kullback–Leibler: Σ_j h_j − (X / (W·Hᵀ))·H; both + l1 + l2 W.
    private func gradient(_ rows: SparseMatrix, own: DenseMatrix, other: DenseMatrix, l1: Double, l2: Double) -> DenseMatrix {
        let width = own.columnCount
        var result: DenseMatrix
        switch options.loss {
        case .frobenius:
            result = DenseMatrix.product(own, other.gram())
        case .kullbackLeibler:
            let sums = Self.columnSums(other)
            result = DenseMatrix(
                rowCount: own.rowCount, columnCount: width, elements: (0..<own.rowCount).flatMap { _ in sums })
        }
        for i in 0..<rows.rowCount {
            for e in rows.row(i) {
                let j = Int(rows.columnIndices[e])
                var factor = Double(rows.values[e])
                if options.loss == .kullbackLeibler { factor /= Self.dot(own, i, other, j) }
                for c in 0..<width { result[i, c] -= factor * other[j, c] }
            }
            for c in 0..<width { result[i, c] += l1 + l2 * own[i, c] }
        }
        return result
    }

    private static func dot(_ a: DenseMatrix, _ i: Int, _ b: DenseMatrix, _ j: Int) -> Double {
        var sum = 0.0
        for c in 0..<a.columnCount { sum += a[i, c] * b[j, c] }
        return sum
    }

    private static func columnSums(_ matrix: DenseMatrix) -> [Double] {
        var sums = [Double](repeating: 0, count: matrix.columnCount)
        for i in 0..<matrix.rowCount {
            for c in 0..<matrix.columnCount { sums[c] += matrix[i, c] }
        }
        return sums
    }
}
