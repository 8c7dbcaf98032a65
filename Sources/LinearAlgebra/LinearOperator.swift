/// A linear map known by what it does to blocks of vectors: a sparse matrix, or a product or a sum of matrices that is never
/// formed.
///
/// Blocks are row-major. A product must not depend on the number of threads.
public protocol LinearOperator: Sendable {
    /// The number of rows of the matrix A that this stands for.
    var rowCount: Int { get }
    /// The number of its columns.
    var columnCount: Int { get }
    /// A·B, for `columnCount` rows of `k` numbers: `rowCount` rows of `k` numbers.
    func multiply(_ block: [Double], k: Int, threads: Int) -> [Double]
    /// Aᵀ·B, for `rowCount` rows of `k` numbers: `columnCount` rows of `k` numbers.
    func multiplyTransposed(_ block: [Double], k: Int, threads: Int) -> [Double]
}

/// A sparse matrix together with its transpose, so that the products with either are divided over threads by rows.
public struct SparseOperator: LinearOperator {
    /// The matrix.
    public let matrix: SparseMatrix
    /// Its transpose.
    public let transposed: SparseMatrix

    public var rowCount: Int { matrix.rowCount }
    public var columnCount: Int { matrix.columnCount }

    /// Keeps the matrix and transposes it, O(elements + rows + columns).
    public init(_ matrix: SparseMatrix) {
        self.matrix = matrix
        transposed = matrix.transposed()
    }

    /// Keeps a matrix and its transpose, which the caller has.
    public init(_ matrix: SparseMatrix, transposed: SparseMatrix) {
        precondition(
            matrix.rowCount == transposed.columnCount && matrix.columnCount == transposed.rowCount,
            "\(transposed.rowCount) x \(transposed.columnCount) is no transpose of \(matrix.rowCount) x \(matrix.columnCount)")
        self.matrix = matrix
        self.transposed = transposed
    }

    /// A·B. O(elements · k).
    public func multiply(_ block: [Double], k: Int, threads: Int) -> [Double] {
        matrix.product(with: block, k: k, threads: threads)
    }

    /// Aᵀ·B. O(elements · k).
    public func multiplyTransposed(_ block: [Double], k: Int, threads: Int) -> [Double] {
        transposed.product(with: block, k: k, threads: threads)
    }
}

extension SparseMatrix {
    /// The product X·B with a dense row-major block of `columnCount` rows of `k` numbers, rows divided over threads.
    ///
    /// - Complexity: O(elements · k).
    public func product(with block: [Double], k: Int, threads: Int) -> [Double] {
        precondition(block.count == columnCount * k, "the block has \(block.count) numbers, not \(columnCount) x \(k)")
        guard k > 0, rowCount > 0 else { return [] }
        return CompressedRows(self).product(
            with: FactorMatrix<Double>(rowCount: columnCount, width: k, rows: block), threads: threads
        ).rows
    }
}
