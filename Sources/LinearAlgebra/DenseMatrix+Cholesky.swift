import CDenseRoutines

/// A matrix that has no Cholesky factor.
public struct NotPositiveDefiniteError: Error, Equatable, CustomStringConvertible {
    /// The order of the first leading minor that is not positive (1 is the first).
    public let order: Int

    /// The error for a leading minor.
    public init(order: Int) {
        self.order = order
    }

    public var description: String {
        "the matrix is not positive definite: its leading minor of order \(order) is not positive"
    }
}

/// The Cholesky factor of a symmetric positive definite matrix, to solve linear equations with.
public struct CholeskyFactor: Sendable {
    private var factor: DenseMatrix

    /// Factorises A (LAPACK `dpotrf`); only one triangle of A is read.
    ///
    /// - Throws: `NotPositiveDefiniteError`.
    /// - Complexity: O(n³ / 3).
    public init(of matrix: DenseMatrix) throws(NotPositiveDefiniteError) {
        precondition(matrix.rowCount == matrix.columnCount, "a matrix of \(matrix.rowCount) x \(matrix.columnCount)")
        factor = matrix
        guard matrix.rowCount > 0 else { return }
        BLAS.oneThread
        let info = unsafe sk_dpotrf(Int32(matrix.rowCount), &factor.elements)
        precondition(info >= 0, "dpotrf: argument \(-info) is invalid")
        if info > 0 { throw NotPositiveDefiniteError(order: Int(info)) }
    }

    /// The number of rows of A.
    public var order: Int { factor.rowCount }

    /// Element (i, j) of the lower triangular factor, j ≤ i.
    func lowerElement(_ i: Int, _ j: Int) -> Double { factor[i, j] }

    /// The solution x of A·x = b (LAPACK `dpotrs`).
    ///
    /// - Complexity: O(n²).
    public func solve(_ b: [Double]) -> [Double] {
        solve(b, rightHandSideCount: 1)
    }

    /// The solution X of A·X = B, for B given as rows: row `i` of `rows` is a right-hand side, and of the result its solution.
    ///
    /// - Complexity: O(n² · rows).
    public func solve(rows: DenseMatrix) -> DenseMatrix {
        precondition(rows.columnCount == factor.rowCount, "rows of \(rows.columnCount) numbers, not \(factor.rowCount)")
        let solved = solve(rows.elements, rightHandSideCount: rows.rowCount)
        return DenseMatrix(rowCount: rows.rowCount, columnCount: rows.columnCount, elements: solved)
    }

    private func solve(_ b: [Double], rightHandSideCount: Int) -> [Double] {
        precondition(b.count == factor.rowCount * rightHandSideCount, "\(b.count) numbers for \(factor.rowCount) unknowns")
        guard !b.isEmpty else { return [] }
        var solution = b
        BLAS.oneThread
        let info = unsafe sk_dpotrs(Int32(factor.rowCount), Int32(rightHandSideCount), factor.elements, &solution)
        precondition(info == 0, "dpotrs: argument \(-info) is invalid")
        return solution
    }
}
