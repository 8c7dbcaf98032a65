import CDenseRoutines

extension DenseMatrix {
    /// The product of two matrices, each transposed first if asked (BLAS `dgemm`).
    ///
    /// - Complexity: O(rows · columns · inner).
    public static func product(
        _ a: DenseMatrix, _ b: DenseMatrix, transposingFirst aTransposed: Bool = false,
        transposingSecond bTransposed: Bool = false
    ) -> DenseMatrix {
        let rowCount = aTransposed ? a.columnCount : a.rowCount
        let innerCount = aTransposed ? a.rowCount : a.columnCount
        let columnCount = bTransposed ? b.rowCount : b.columnCount
        let otherInnerCount = bTransposed ? b.columnCount : b.rowCount
        precondition(innerCount == otherInnerCount, "a product over \(innerCount) and \(otherInnerCount)")
        var result = DenseMatrix(rowCount: rowCount, columnCount: columnCount)
        guard rowCount > 0, columnCount > 0, innerCount > 0 else { return result }
        BLAS.oneThread
        unsafe sk_dgemm(
            aTransposed, bTransposed, Int32(rowCount), Int32(columnCount), Int32(innerCount), a.elements, Int32(a.columnCount),
            b.elements, Int32(b.columnCount), &result.elements, Int32(columnCount))
        return result
    }

    /// AᵀA, the products of the columns with one another (BLAS `dsyrk`); exactly symmetric.
    ///
    /// - Complexity: O(rows · columns²).
    public func gram() -> DenseMatrix {
        var result = DenseMatrix(rowCount: columnCount, columnCount: columnCount)
        guard rowCount > 0, columnCount > 0 else { return result }
        BLAS.oneThread
        unsafe sk_dsyrk(Int32(rowCount), Int32(columnCount), elements, &result.elements)
        for i in 0..<columnCount {
            for j in 0..<i { result[i, j] = result[j, i] }
        }
        return result
    }

    /// The product with a vector, A·x, or Aᵀ·x (BLAS `dgemv`).
    ///
    /// - Complexity: O(rows · columns).
    public func multiply(_ x: [Double], transposed: Bool = false) -> [Double] {
        let inputCount = transposed ? rowCount : columnCount
        precondition(x.count == inputCount, "a vector of \(x.count) numbers, not \(inputCount)")
        var result = [Double](repeating: 0, count: transposed ? columnCount : rowCount)
        guard rowCount > 0, columnCount > 0 else { return result }
        BLAS.oneThread
        unsafe sk_dgemv(transposed, Int32(rowCount), Int32(columnCount), elements, x, &result)
        return result
    }
}
