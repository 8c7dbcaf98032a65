import CBLAS

/// Products of a tall block, many rows of few numbers, row-major: taken in chunks of rows of a fixed length, so that sums are the
/// same for any number of threads.
enum TallBlock {
    private static let chunkRows = 1024

    /// YᵀY, symmetric (BLAS `dsyrk` chunk by chunk, the chunks added in their order).
    ///
    /// - Complexity: O(rows · width²).
    static func gram(_ block: [Double], width: Int, threads: Int) -> DenseMatrix {
        let rowCount = block.count / width
        let chunkCount = (rowCount + chunkRows - 1) / chunkRows
        let parts = parallelMap(count: chunkCount, threads: threads) { chunk in
            let start = chunk * chunkRows
            let count = min(rowCount, start + chunkRows) - start
            var part = [Double](repeating: 0, count: width * width)
            unsafe block.withUnsafeBufferPointer { block in
                guard let base = block.baseAddress else { return }
                unsafe cblas_dsyrk(
                    CblasRowMajor, CblasUpper, CblasTrans, Int32(width), Int32(count), 1, base + start * width,
                    Int32(width), 0, &part, Int32(width))
            }
            return part
        }
        var result = DenseMatrix(rowCount: width, columnCount: width)
        for part in parts {
            for e in part.indices { result.elements[e] += part[e] }
        }
        for i in 0..<width {
            for j in 0..<i { result.elements[i * width + j] = result.elements[j * width + i] }
        }
        return result
    }

    /// Y·M for a small M (BLAS `dgemm` chunk by chunk).
    ///
    /// - Complexity: O(rows · width · columns of M).
    static func product(_ block: [Double], width: Int, _ matrix: DenseMatrix, threads: Int) -> [Double] {
        precondition(matrix.rowCount == width, "a product over \(width) and \(matrix.rowCount)")
        let rowCount = block.count / width
        let newWidth = matrix.columnCount
        var result = [Double](repeating: 0, count: rowCount * newWidth)
        guard newWidth > 0, rowCount > 0 else { return result }
        _ = parallelChunks(of: &result, chunkLength: chunkRows * newWidth, threads: threads) { _, range, elements in
            let start = range.lowerBound / newWidth
            unsafe block.withUnsafeBufferPointer { block in
                unsafe elements.withUnsafeMutableBufferPointer { elements in
                    guard let source = block.baseAddress, let target = elements.baseAddress else { return }
                    unsafe cblas_dgemm(
                        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(range.count / newWidth), Int32(newWidth),
                        Int32(width), 1, source + start * width, Int32(width), matrix.elements, Int32(newWidth), 0,
                        target, Int32(newWidth))
                }
            }
        }
        return result
    }

    /// Y·R⁻¹ for an upper triangular R (BLAS `dtrsm` chunk by chunk).
    ///
    /// - Complexity: O(rows · width²).
    static func solveUpper(_ block: inout [Double], width: Int, _ triangle: [Double], threads: Int) {
        _ = parallelChunks(of: &block, chunkLength: chunkRows * width, threads: threads) { _, range, elements in
            unsafe elements.withUnsafeMutableBufferPointer { elements in
                guard let target = elements.baseAddress else { return }
                unsafe cblas_dtrsm(
                    CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(range.count / width),
                    Int32(width), 1, triangle, Int32(width), target, Int32(width))
            }
        }
    }
}

/// An orthonormal basis Q of the columns of a tall block Y, and the matrix R with Y = Q·R (to rounding).
struct TallBasis {
    /// rows × width, columns orthonormal.
    var q: [Double]
    /// The rank found: at most the width of Y.
    var width: Int
    /// width × width of Y.
    var r: DenseMatrix

    /// Orthogonalises by Cholesky-QR, twice (Yamamoto et al. 2015): YᵀY = RᵀR, Q = Y·R⁻¹, and once more for the rounding. Where
    /// the columns are dependent, or nearly so, the first pass takes eigenvectors of YᵀY (Stathopoulos & Wu 2002) and leaves out
    /// directions below rounding: the basis is then narrower than the block.
    ///
    /// Householder's QR would be as exact, and with the reference LAPACK five to ten times slower on blocks of this shape.
    ///
    /// - Complexity: O(rows · width²).
    init(of block: [Double], rowCount: Int, width: Int, threads: Int) throws(DecompositionError) {
        guard width > 0, rowCount > 0 else {
            q = []
            self.width = 0
            r = DenseMatrix(rowCount: 0, columnCount: width)
            return
        }
        q = block
        self.width = width
        let gram = TallBlock.gram(q, width: width, threads: threads)
        if let first = Self.cholesky(gram, conditionLimit: 1e-12) {
            TallBlock.solveUpper(&q, width: width, first.elements, threads: threads)
            r = first
        } else {
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
            q = TallBlock.product(q, width: width, toBasis, threads: threads)
            self.width = kept.count
            guard self.width > 0 else { return }
            // Nearly dependent columns leave this basis orthogonal to half the digits only.
            try polish(threads: threads)
        }
        try polish(threads: threads)
    }

    /// One pass of Cholesky-QR over a basis that is nearly orthonormal.
    private mutating func polish(threads: Int) throws(DecompositionError) {
        let gram = TallBlock.gram(q, width: width, threads: threads)
        guard let factor = Self.cholesky(gram, conditionLimit: 0) else { throw .notConverged(routine: "Cholesky-QR") }
        TallBlock.solveUpper(&q, width: width, factor.elements, threads: threads)
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
