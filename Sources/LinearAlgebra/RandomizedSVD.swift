/// Options of a randomised truncated singular value decomposition.
public struct RandomizedSVDOptions: Sendable, Equatable {
    /// How many directions are carried beyond those asked for; 10 is the usual choice.
    public var oversampling = 10
    /// How many times the range is refined by a product with A·Aᵀ; 4 to 7 for text, whose singular values fall slowly.
    public var powerIterations = 5
    /// The seed of the random start.
    public var seed: UInt64 = 0

    /// The default options.
    public init() {}
}

extension LinearOperator {
    /// The largest singular values and their vectors, A ≈ U·diag(S)·Vᵀ (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1).
    ///
    /// The range of A is found by subspace iteration from a random block, orthogonalised by Cholesky-QR after every product (once, and twice at the end); the
    /// decomposition of A in that range is then taken through one more QR and LAPACK's `dgesdd` of a small triangle, so that
    /// small singular values keep their digits. Each column of U is given the sign that makes its largest element by absolute
    /// value positive (the first of several). The result is the same for any number of threads.
    ///
    /// - Parameters:
    ///   - count: the number of singular values wanted; fewer come where the rank is lower.
    ///   - options: oversampling, iterations and seed.
    ///   - threads: the largest number of threads to use.
    ///   - wantsRight: whether V is wanted; without it Vᵀ has no rows.
    /// - Returns: U (rows × r), r singular values in descending order, Vᵀ (r × columns), r ≤ count.
    /// - Throws: `DecompositionError` where the operator gives numbers that are not finite.
    /// - Complexity: 2 · (powerIterations + 1) products with count + oversampling vectors, and
    ///   O((rows + columns) · (count + oversampling)²) for each orthogonalisation. Memory: three blocks of
    ///   (rows + columns) · (count + oversampling) numbers, two without V.
    public func truncatedSVD(
        count: Int, options: RandomizedSVDOptions = .init(), threads: Int = 1, wantsRight: Bool = true
    ) throws(DecompositionError) -> SingularValueDecomposition {
        precondition(count >= 0 && options.oversampling >= 0 && options.powerIterations >= 0, "negative options")
        let width = min(count + options.oversampling, min(rowCount, columnCount))
        var generator = RandomGenerator(seed: options.seed)
        var start: [Double] = []
        start.reserveCapacity(columnCount * width)
        for _ in 0..<columnCount * width { start.append(generator.nextNormal()) }

        var range = try orthonormal(multiply(start, k: width, threads: threads), rowCount, width, threads)
        for iteration in 0..<options.powerIterations {
            let isLast = iteration + 1 == options.powerIterations
            let back = multiplyTransposed(range.q, k: range.width, threads: threads)
            let rows = try orthonormal(back, columnCount, range.width, threads, isExact: false)
            range = try orthonormal(
                multiply(rows.q, k: rows.width, threads: threads), rowCount, rows.width, threads, isExact: isLast)
        }
        // AᵀQ = P·R, so A ≈ Q·Qᵀ·A = Q·Rᵀ·Pᵀ; with Rᵀ = X·S·Yᵀ, U = Q·X and V = P·Y.
        let back = multiplyTransposed(range.q, k: range.width, threads: threads)
        let rows = try orthonormal(back, columnCount, range.width, threads)
        let small = try rows.r.transposed().singularValueDecomposition()
        let largest = small.singularValues.first ?? 0
        let rank = small.singularValues.prefix(count).prefix { $0 > largest * 1e-14 }.count
        var toLeft = DenseMatrix(rowCount: range.width, columnCount: rank)
        var toRight = DenseMatrix(rowCount: rows.width, columnCount: rank)
        for c in 0..<rank {
            for i in 0..<range.width { toLeft[i, c] = small.u[i, c] }
            for i in 0..<rows.width { toRight[i, c] = small.vTransposed[c, i] }
        }
        let left = rank == 0 ? [] : TallBlock.product(range.q, width: range.width, toLeft, threads: threads)
        let right = rank == 0 || !wantsRight ? [] : TallBlock.product(rows.q, width: rows.width, toRight, threads: threads)
        return signed(left: left, values: Array(small.singularValues.prefix(rank)), right: right)
    }

    private func orthonormal(
        _ block: [Double], _ rowCount: Int, _ width: Int, _ threads: Int, isExact: Bool = true
    ) throws(DecompositionError) -> TallBasis {
        guard block.allSatisfy(\.isFinite) else { throw .notFinite }
        return try TallBasis(of: block, rowCount: rowCount, width: width, isExact: isExact, threads: threads)
    }

    /// Fixes the signs and transposes the right vectors, where there are any.
    private func signed(left: consuming [Double], values: [Double], right: [Double]) -> SingularValueDecomposition {
        let rank = values.count
        var u = DenseMatrix(rowCount: rowCount, columnCount: rank, elements: left)
        var largest = [Double](repeating: 0, count: rank)
        for i in 0..<rowCount {
            for c in 0..<rank where abs(u.elements[i * rank + c]) > abs(largest[c]) { largest[c] = u.elements[i * rank + c] }
        }
        let signs = largest.map { $0 < 0 ? -1.0 : 1 }
        for i in 0..<rowCount {
            for c in 0..<rank { u.elements[i * rank + c] *= signs[c] }
        }
        var vTransposed = DenseMatrix(rowCount: right.isEmpty ? 0 : rank, columnCount: columnCount)
        for j in 0..<right.count / max(1, rank) {
            for c in 0..<rank { vTransposed.elements[c * columnCount + j] = signs[c] * right[j * rank + c] }
        }
        return SingularValueDecomposition(u: u, singularValues: values, vTransposed: vTransposed)
    }
}
