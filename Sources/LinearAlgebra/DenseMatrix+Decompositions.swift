import CDenseRoutines

/// A decomposition that could not be computed.
public enum DecompositionError: Error, Equatable, CustomStringConvertible {
    /// The matrix has an element that is infinite or not a number.
    case notFinite
    /// The iteration of the routine did not converge; with finite elements this is not known to happen.
    case notConverged(routine: String)

    public var description: String {
        switch self {
        case .notFinite: "the matrix has an element that is not a finite number"
        case .notConverged(let routine): "\(routine) did not converge"
        }
    }
}

/// Eigenvalues and eigenvectors of a symmetric matrix, A = Vᵀ·diag(values)·V.
public struct SymmetricEigenDecomposition: Sendable {
    /// The eigenvalues in ascending order.
    public let values: [Double]
    /// Row `i` is the eigenvector of eigenvalue `i`, of length 1.
    public let vectors: DenseMatrix
}

/// The thin singular value decomposition, A = U·diag(S)·Vᵀ.
public struct SingularValueDecomposition: Sendable {
    /// rows × r, columns orthonormal.
    public let u: DenseMatrix
    /// r values, descending.
    public let singularValues: [Double]
    /// r × columns, rows orthonormal.
    public let vTransposed: DenseMatrix

    /// Creates a decomposition of its parts.
    public init(u: DenseMatrix, singularValues: [Double], vTransposed: DenseMatrix) {
        self.u = u
        self.singularValues = singularValues
        self.vTransposed = vTransposed
    }
}

extension DenseMatrix {
    /// Eigenvalues and eigenvectors of this symmetric matrix (LAPACK `dsyevd`); only one triangle is read.
    ///
    /// - Throws: `DecompositionError`.
    /// - Complexity: O(n³).
    public func symmetricEigenDecomposition() throws(DecompositionError) -> SymmetricEigenDecomposition {
        precondition(rowCount == columnCount, "a matrix of \(rowCount) x \(columnCount)")
        guard elements.allSatisfy(\.isFinite) else { throw .notFinite }
        guard rowCount > 0 else { return SymmetricEigenDecomposition(values: [], vectors: self) }
        var vectors = elements
        var values = [Double](repeating: 0, count: rowCount)
        var work = [0.0]
        var integerWork: [Int32] = [0]
        BLAS.oneThread
        _ = unsafe sk_dsyevd(Int32(rowCount), &vectors, &values, &work, -1, &integerWork, -1)
        work = Array(repeating: 0, count: Int(work[0]))
        integerWork = Array(repeating: 0, count: Int(integerWork[0]))
        let info = unsafe sk_dsyevd(
            Int32(rowCount), &vectors, &values, &work, Int32(work.count), &integerWork, Int32(integerWork.count))
        precondition(info >= 0, "dsyevd: argument \(-info) is invalid")
        if info > 0 { throw .notConverged(routine: "dsyevd") }
        // Columns there are rows here.
        return SymmetricEigenDecomposition(
            values: values, vectors: DenseMatrix(rowCount: rowCount, columnCount: rowCount, elements: vectors))
    }

    /// The thin singular value decomposition (LAPACK `dgesdd`), with min(rows, columns) singular values.
    ///
    /// Signs are not normalised.
    ///
    /// - Throws: `DecompositionError`.
    /// - Complexity: O(rows · columns · min(rows, columns)).
    public func singularValueDecomposition() throws(DecompositionError) -> SingularValueDecomposition {
        guard elements.allSatisfy(\.isFinite) else { throw .notFinite }
        let count = min(rowCount, columnCount)
        guard count > 0 else {
            return SingularValueDecomposition(
                u: DenseMatrix(rowCount: rowCount, columnCount: 0), singularValues: [],
                vTransposed: DenseMatrix(rowCount: 0, columnCount: columnCount))
        }
        // Row-major here is the transpose there: Aᵀ = V·S·Uᵀ, whose "U" is V and whose "Vᵀ" is Uᵀ.
        var matrix = elements
        var singularValues = [Double](repeating: 0, count: count)
        var v = [Double](repeating: 0, count: columnCount * count)
        var u = [Double](repeating: 0, count: count * rowCount)
        let (rows, columns) = (Int32(columnCount), Int32(rowCount))
        var work = [0.0]
        var integerWork = [Int32](repeating: 0, count: 8 * count)
        BLAS.oneThread
        _ = unsafe sk_dgesdd(rows, columns, &matrix, &singularValues, &v, &u, &work, -1, &integerWork)
        work = Array(repeating: 0, count: Int(work[0]))
        let info = unsafe sk_dgesdd(
            rows, columns, &matrix, &singularValues, &v, &u, &work, Int32(work.count), &integerWork)
        precondition(info >= 0, "dgesdd: argument \(-info) is invalid")
        if info > 0 { throw .notConverged(routine: "dgesdd") }
        return SingularValueDecomposition(
            u: DenseMatrix(rowCount: rowCount, columnCount: count, elements: u), singularValues: singularValues,
            vTransposed: DenseMatrix(rowCount: count, columnCount: columnCount, elements: v))
    }
}
