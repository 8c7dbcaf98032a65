/// Options of a randomised truncated singular value decomposition.
public struct RandomizedSVDOptions: Sendable, Equatable {
    /// How many directions are carried beyond those asked for; 10 is the usual choice.
    public var oversampling = 10
    /// How many times the range is refined by a product with A·Aᵀ; 4 to 7 for text, whose singular values fall slowly.
    public var powerIterations = 5
    /// The degrees of Chebyshev polynomials of A·Aᵀ that refine the range after that, one after another; each costs as many products as so
    /// many power iterations, and refines about as well as the square of that number.
    public var chebyshevDegrees: [Int] = []
    /// Whether the products of these polynomials are taken in single precision, by sparse operators: the range is then found to seven digits
    /// or so, in less time; the decomposition in that range is exact all the same.
    public var refinesInSinglePrecision = false
    /// What the random start consists of: with either the range is found equally well, and signs are drawn faster.
    public var start = Start.normal
    /// The seed of the random start.
    public var seed: UInt64 = 0

    /// The default options.
    public init() {}

    /// The elements of a random start.
    public enum Start: Sendable {
        /// Normally distributed numbers.
        case normal
        /// 1 or −1, equally often (Rademacher).
        case signs
    }
}

extension LinearOperator {
    /// The largest singular values and their vectors, A ≈ U·diag(S)·Vᵀ (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1).
    ///
    /// The range of A is found by subspace iteration from a random block, orthogonalised by Cholesky-QR after every product (once, and
    /// twice at the end), and refined by Chebyshev polynomials where the options say so (Zhou, Saad, Tiago & Chelikowsky 2006); the
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
    /// - Complexity: 2 · (powerIterations + sum of the degrees + 1) products with count + oversampling vectors, and
    ///   O((rows + columns) · (count + oversampling)²) for each orthogonalisation. Memory: four blocks of
    ///   (rows + columns) · (count + oversampling) numbers, three without V.
    public func truncatedSVD(
        count: Int, options: RandomizedSVDOptions = .init(), threads: Int = 1, wantsRight: Bool = true
    ) throws(DecompositionError) -> SingularValueDecomposition {
        let products = BlockProducts<Double>(
            multiply: {
                $1 = FactorMatrix(rowCount: 0, width: 0)
                $1 = FactorMatrix(
                    rowCount: rowCount, width: $0.width, rows: multiply($0.rows, k: $0.width, threads: threads))
            },
            multiplyTransposed: {
                $1 = FactorMatrix(rowCount: 0, width: 0)
                $1 = FactorMatrix(
                    rowCount: columnCount, width: $0.width, rows: multiplyTransposed($0.rows, k: $0.width, threads: threads))
            })
        return try SubspaceIteration(rowCount: rowCount, columnCount: columnCount, products: products, threads: threads)
            .decomposition(count: count, options, refining: products, wantsRight: wantsRight)
    }
}

extension SparseOperator {
    /// `truncatedSVD` of any operator, with products that copy no block.
    public func truncatedSVD(
        count: Int, options: RandomizedSVDOptions = .init(), threads: Int = 1, wantsRight: Bool = true
    ) throws(DecompositionError) -> SingularValueDecomposition {
        func products<Scalar>(_: Scalar.Type) -> BlockProducts<Scalar> {
            BlockProducts(CompressedRows(matrix), transposed: CompressedRows(transposed), threads: threads)
        }
        let exact = products(Double.self)
        let iteration = SubspaceIteration(rowCount: rowCount, columnCount: columnCount, products: exact, threads: threads)
        return options.refinesInSinglePrecision && !options.chebyshevDegrees.isEmpty
            ? try iteration.decomposition(count: count, options, refining: products(Float.self), wantsRight: wantsRight)
            : try iteration.decomposition(count: count, options, refining: exact, wantsRight: wantsRight)
    }
}
