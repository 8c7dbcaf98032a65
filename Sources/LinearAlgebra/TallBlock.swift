import CDenseRoutines
import CKernels

/// Products of a tall block, many rows of few numbers: taken in chunks of rows of a fixed length, so that sums are the
/// same for any number of threads.
enum TallBlock {
    private static let chunkRows = 1024

    /// Y·M for a small M.
    ///
    /// - Complexity: O(rows · width · columns of M).
    static func product(_ block: FactorMatrix<Double>, _ matrix: DenseMatrix, threads: Int) -> FactorMatrix<Double> {
        precondition(matrix.rowCount == block.width, "a product over \(block.width) and \(matrix.rowCount)")
        var result = FactorMatrix<Double>(rowCount: block.rowCount, width: matrix.columnCount)
        let (stride, newStride, range) = (block.stride, result.stride, result.rowRange)
        guard newStride > 0, block.rowCount > 0 else { return result }
        let factor = FactorMatrix<Double>(matrix)
        _ = parallelChunks(of: &result.elements, in: range, chunkLength: chunkRows * newStride, threads: threads) {
            _, part, chunk in
            let first = (part.lowerBound - range.lowerBound) / newStride
            unsafe chunk.withUnsafeMutableBufferPointer { chunk in
                guard let target = chunk.baseAddress else { return }
                unsafe block.withScalarPointer { source in
                    unsafe factor.withScalarPointer { factor in
                        unsafe sk_multiply_dense_double(
                            sk_instruction_set(), source + first * stride, part.count / newStride, block.width, stride, factor,
                            newStride, target)
                    }
                }
            }
        }
        return result
    }

    /// `block` = a·block + b·X + c·Y, for blocks of one shape.
    ///
    /// - Complexity: O(rows · width).
    static func combine<Scalar>(
        _ block: inout FactorMatrix<Double>, times a: Double, plus b: Double, _ x: FactorMatrix<Scalar>, plus c: Double,
        _ y: FactorMatrix<Double>, threads: Int
    ) {
        precondition(
            x.rowCount == block.rowCount && x.width == block.width && y.rowCount == block.rowCount && y.width == block.width,
            "blocks of different shapes")
        let range = block.rowRange
        _ = parallelChunks(of: &block.elements, in: range, chunkLength: 1 << 16, threads: threads) { _, part, chunk in
            let start = part.lowerBound - range.lowerBound
            x.withScalars { x in
                y.withScalars { y in
                    for i in chunk.indices { chunk[i] = a * chunk[i] + b * Double(x[start + i]) + c * y[start + i] }
                }
            }
        }
    }

    /// R⁻¹ of an upper triangular R (BLAS `dtrsm`).
    ///
    /// - Complexity: O(width³).
    static func inverse(ofUpper triangle: DenseMatrix) -> DenseMatrix {
        let width = triangle.rowCount
        var inverse = DenseMatrix.identity(width)
        BLAS.oneThread
        unsafe sk_dtrsm(Int32(width), triangle.elements, &inverse.elements)
        return inverse
    }
}

/// An orthonormal basis Q of the columns of a tall block Y, and the matrix R with Y = Q·R (to rounding).
struct TallBasis {
    /// rows × rank, columns orthonormal.
    var q: FactorMatrix<Double>
    /// rank × width of Y.
    var r: DenseMatrix
    /// Whether R is upper triangular, and so has an inverse; it is not where columns were dependent.
    private(set) var isTriangular = true

    /// The rank found: at most the width of Y.
    var width: Int { q.width }

    /// Orthogonalises by Cholesky-QR, twice (Yamamoto et al. 2015): YᵀY = RᵀR, Q = Y·R⁻¹, and once more for the rounding. Where
    /// the columns are dependent, or nearly so, the first pass takes eigenvectors of YᵀY (Stathopoulos & Wu 2002) and leaves out
    /// directions below rounding: the basis is then narrower than the block.
    ///
    /// Householder's QR would be as exact, and with the reference LAPACK five to ten times slower on blocks of this shape.
    ///
    /// - Parameter isExact: whether the second pass is made; without it the columns are orthogonal to half the digits or so, which
    ///   is enough between the products of a subspace iteration.
    /// - Complexity: O(rows · width²).
    init(of block: FactorMatrix<Double>, isExact: Bool, threads: Int) throws(DecompositionError) {
        let width = block.width
        q = block
        guard width > 0, block.rowCount > 0 else {
            q = FactorMatrix(rowCount: block.rowCount, width: 0)
            r = DenseMatrix(rowCount: 0, columnCount: width)
            return
        }
        let gram = block.gram(threads: threads)
        guard (0..<width).allSatisfy({ gram[$0, $0].isFinite }) else { throw .notFinite }
        if let first = Self.cholesky(gram, conditionLimit: 1e-12) {
            q = TallBlock.product(block, TallBlock.inverse(ofUpper: first), threads: threads)
            r = first
        } else {
            isTriangular = false
            // V diag(λ) Vᵀ = D⁻¹ YᵀY D⁻¹ with D the norms of the columns; Q = Y D⁻¹ V diag(λ)^-½.
            let norms = (0..<width).map { gram[$0, $0].squareRoot() }
            var scaled = gram
            for i in 0..<width {
                for j in 0..<width {
                    let norm = norms[i] * norms[j]
                    scaled[i, j] = norm > 0 ? gram[i, j] / norm : 0
                }
            }
            let eigen = try scaled.symmetricEigenDecomposition()
            let largest = eigen.values.last ?? 0
            let kept = (0..<width).filter { eigen.values[$0] > largest * 1e-13 * Double(width) && eigen.values[$0] > 0 }
                .reversed()
            var toBasis = DenseMatrix(rowCount: width, columnCount: kept.count)
            r = DenseMatrix(rowCount: kept.count, columnCount: width)
            for (place, i) in kept.enumerated() {
                let root = eigen.values[i].squareRoot()
                for j in 0..<width where norms[j] > 0 {
                    toBasis[j, place] = eigen.vectors[i, j] / (root * norms[j])
                    r[place, j] = eigen.vectors[i, j] * root * norms[j]
                }
            }
            q = TallBlock.product(block, toBasis, threads: threads)
            guard self.width > 0 else { return }
            // Nearly dependent columns leave this basis orthogonal to half the digits only.
            try polish(threads: threads)
        }
        if isExact { try polish(threads: threads) }
    }

    /// One pass of Cholesky-QR over a basis that is nearly orthonormal.
    private mutating func polish(threads: Int) throws(DecompositionError) {
        let gram = q.gram(threads: threads)
        guard let factor = Self.cholesky(gram, conditionLimit: 0) else { throw .notConverged(routine: "Cholesky-QR") }
        q = TallBlock.product(q, TallBlock.inverse(ofUpper: factor), threads: threads)
        r = DenseMatrix.product(factor, r)
    }

    /// The upper triangular factor, zeros below; `nil` where the matrix is not positive definite, or a pivot falls below
    /// `conditionLimit` times its diagonal element.
    private static func cholesky(_ gram: DenseMatrix, conditionLimit: Double) -> DenseMatrix? {
        guard let factor = try? CholeskyFactor(of: gram) else { return nil }
        let upper = factor.upperTriangle
        for i in 0..<gram.rowCount where !(upper[i, i] * upper[i, i] > conditionLimit * gram[i, i]) { return nil }
        return upper
    }
}

extension CholeskyFactor {
    /// R of A = RᵀR, upper triangular with zeros below.
    public var upperTriangle: DenseMatrix {
        // LAPACK leaves Rᵀ in the lower triangle, read by rows.
        var upper = DenseMatrix(rowCount: order, columnCount: order)
        for i in 0..<order {
            for j in i..<order { upper[i, j] = lowerElement(j, i) }
        }
        return upper
    }
}
