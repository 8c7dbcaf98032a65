import CKernels

/// Non-negative least squares with the same few columns for many right-hand sides: for a sparse row x the w ≥ 0 that minimises
///
///     ½‖x − w·Tᵀ‖² + l1·Σw + ½ l2·Σw²
///
/// by coordinate descent from 0, each row on its own.
public struct NonNegativeLeastSquares: Sendable, Equatable {
    /// The number of columns of T.
    public let width: Int
    /// The numbers of a result: `width`, and zeros up to a multiple of eight.
    public let stride: Int
    /// The penalty of the sum of w.
    public let l1: Double
    private let gram: [Double]
    private let sweeps: Int32
    private let tolerance: Double

    /// Problems for the matrix T whose columns have these products with one another.
    ///
    /// - Parameters:
    ///   - gram: TᵀT.
    ///   - sweeps: the largest number of passes over the coordinates.
    ///   - tolerance: a row is left once a pass moves no coordinate by more than this times the largest.
    public init(gram: DenseMatrix, l1: Double = 0, l2: Double = 0, sweeps: Int = 200, tolerance: Double = 1e-7) {
        precondition(gram.rowCount == gram.columnCount, "a matrix of \(gram.rowCount) x \(gram.columnCount)")
        width = gram.rowCount
        stride = (width + 7) / 8 * 8
        var padded = [Double](repeating: 0, count: stride * stride)
        for a in 0..<width {
            for b in 0..<width { padded[a * stride + b] = gram[a, b] }
            padded[a * stride + a] += l2
        }
        self.gram = padded
        self.l1 = l1
        self.sweeps = Int32(clamping: sweeps)
        self.tolerance = tolerance
    }

    /// Solves for a row of `matrix`. Allocates nothing.
    ///
    /// - Parameters:
    ///   - columns: T, a row of `stride` numbers for every column of the matrix, padded with zeros.
    ///   - weights: receives `stride` numbers.
    ///   - scratch: `stride` numbers that may be overwritten.
    /// - Complexity: O(elements of the row · width + coordinates moved · width).
    public func solve(
        row: Int, of matrix: borrowing SparseMatrix, columns: Span<Float>, into weights: inout [Double], scratch: inout [Double]
    ) {
        precondition(row >= 0 && row < matrix.rowCount, "row \(row) is outside 0..<\(matrix.rowCount)")
        precondition(columns.count >= matrix.columnCount * stride, "\(columns.count) numbers for \(matrix.columnCount) columns")
        precondition(weights.count >= stride && scratch.count >= stride, "room for less than \(stride) numbers")
        guard stride > 0 else { return }
        // One closure only: an unoptimised build allocates for each.
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe sk_fold(
                sk_instruction_set(), matrix.rowOffsets, matrix.columnIndices, matrix.values, row, row + 1,
                columns.baseAddress, gram, l1, width, stride, sweeps, tolerance, &weights, &scratch)
        }
    }
}
