/// What a factorisation minimises, and how long.
///
/// With X of rows × columns, W of rows × k and H of columns × k (so that X ≈ W·Hᵀ), both non-negative, the objective is
///
///     D(X, W·Hᵀ) + l1_W ΣW + ½ l2_W ΣW² + l1_H ΣH + ½ l2_H ΣH²
///
/// with D the squared Frobenius distance ½‖X − W·Hᵀ‖² or the generalised Kullback–Leibler divergence
/// Σ_ij x_ij ln(x_ij / (W·Hᵀ)_ij) − x_ij + (W·Hᵀ)_ij. scikit-learn's `NMF` minimises the same with l1_W = columns · alpha_W · l1_ratio,
/// l2_W = columns · alpha_W · (1 − l1_ratio), and rows in place of columns for H.
public struct FactorizationOptions: Sendable, Equatable {
    /// The distance that is minimised.
    public enum Loss: String, Sendable, CaseIterable {
        case frobenius
        case kullbackLeibler = "kullback-leibler"
    }
    /// The numbers that the steps compute with.
    public enum Precision: String, Sendable, CaseIterable { case double, single }

    public var loss = Loss.frobenius
    public var precision = Precision.double
    /// l1_W and l1_H.
    public var l1 = (rows: 0.0, columns: 0.0)
    /// l2_W and l2_H.
    public var l2 = (rows: 0.0, columns: 0.0)
    /// Stops once two iterations in a row lower the objective by less than this times its value.
    public var tolerance = 1e-5
    /// Stops after so many iterations, converged or not. One iteration updates W, then H.
    public var maximumIterations = 200
    /// Sweeps of coordinate descent an iteration (Frobenius).
    public var sweeps = 1
    /// From which iteration on the factors are extrapolated (Frobenius); `nil` for never, which gives the iterates of
    /// scikit-learn's coordinate descent.
    public var extrapolationStart: Int? = 10

    /// The default options.
    public init() {}

    public static func == (a: FactorizationOptions, b: FactorizationOptions) -> Bool {
        a.loss == b.loss && a.precision == b.precision && a.l1 == b.l1 && a.l2 == b.l2 && a.tolerance == b.tolerance
            && a.maximumIterations == b.maximumIterations && a.sweeps == b.sweeps && a.extrapolationStart == b.extrapolationStart
    }
}

/// A sparse matrix factorised, X ≈ W·Hᵀ.
public struct Factorization: Sendable, Equatable {
    /// W, rows × k.
    public let w: DenseMatrix
    /// H, columns × k.
    public let h: DenseMatrix
    /// The objective there.
    public let objective: Double
    /// The distance D(X, W·Hᵀ), which is the objective without penalties.
    public let divergence: Double
    /// The iterations done.
    public let iterations: Int
    /// Whether the objective had come to rest; otherwise the iterations ran out, or the caller stopped.
    public let converged: Bool
    /// The objective after each iteration.
    public let history: [Double]

    /// The same with other factors of the same product, such as with the columns of both in another order.
    public func replacing(w: DenseMatrix, h: DenseMatrix) -> Factorization {
        Factorization(
            w: w, h: h, objective: objective, divergence: divergence, iterations: iterations, converged: converged,
            history: history)
    }
}

extension FactorizationOptions {
    /// Factorises a matrix from a start.
    ///
    /// Frobenius: hierarchical alternating least squares (Cichocki & Phan 2009), which is coordinate descent over each row of W
    /// with all of H fixed, then over each row of H; many rows are done side by side in the lanes of a vector. From the tenth
    /// iteration on both factors are extrapolated along their last move, less far each time the objective rises (Ang & Gillis
    /// 2019), which takes a fraction of the iterations at the end, where plain steps become small.
    /// Kullback–Leibler: multiplicative steps over stored elements (Lee & Seung 2001).
    ///
    /// The result is the same for any number of threads. A number that starts at 0 may grow in the first method and stays 0 in
    /// the second.
    ///
    /// - Parameters:
    ///   - matrix: X; not negative, finite.
    ///   - transposed: Xᵀ, where the caller has it.
    ///   - w: the start of W, rows × k, not negative.
    ///   - h: the start of H, columns × k, not negative.
    ///   - blocked: numbers of W that are held at 0.
    ///   - onIteration: told the number of iterations done and the objective; `false` stops.
    /// - Complexity: an iteration takes O(elements · k + (rows + columns) · k²), with Kullback–Leibler O(elements · k).
    ///   Memory beside X and its transpose: 3 · (rows + columns) · ⌈k / 8⌉ · 8 numbers of the precision, and W and H as `Double`.
    public func factorized(
        _ matrix: SparseMatrix, transposed: SparseMatrix? = nil, w: DenseMatrix, h: DenseMatrix, blocked: FactorMask? = nil,
        threads: Int = 1, onIteration: (_ iteration: Int, _ objective: Double) -> Bool = { _, _ in true }
    ) -> Factorization {
        precondition(w.rowCount == matrix.rowCount && h.rowCount == matrix.columnCount, "factors of another matrix")
        precondition(w.columnCount == h.columnCount, "factors of \(w.columnCount) and \(h.columnCount) columns")
        let other = transposed ?? matrix.transposed()
        // Multiplicative steps leave zeros as they are.
        let w = blocked?.applied(to: w) ?? w
        switch precision {
        case .double:
            return factorized(CompressedRows<Double>(matrix), CompressedRows(other), w, h, blocked, threads, onIteration)
        case .single:
            return factorized(CompressedRows<Float>(matrix), CompressedRows(other), w, h, blocked, threads, onIteration)
        }
    }

    private func factorized<Scalar: FactorScalar>(
        _ rows: CompressedRows<Scalar>, _ columns: CompressedRows<Scalar>, _ w: DenseMatrix, _ h: DenseMatrix,
        _ blocked: FactorMask?,
        _ threads: Int, _ onIteration: (Int, Double) -> Bool
    ) -> Factorization {
        switch loss {
        case .frobenius:
            var state = AlternatingLeastSquares(
                rows, columns, w: FactorMatrix(w), h: FactorMatrix(h), self, blocked: blocked, threads)
            return state.run(onIteration)
        case .kullbackLeibler:
            var state = MultiplicativeUpdates(rows, columns, w: FactorMatrix(w), h: FactorMatrix(h), self, threads)
            return state.run(onIteration)
        }
    }
}

/// When to stop: two iterations in a row that change little.
struct RelativeDecrease {
    let tolerance: Double
    private var last = Double.infinity
    private var smallCount = 0

    init(tolerance: Double) {
        self.tolerance = tolerance
    }

    /// Whether to stop at this value.
    mutating func isReached(_ value: Double) -> Bool {
        let decrease = last - value
        smallCount = decrease >= 0 && decrease <= tolerance * abs(value) ? smallCount + 1 : 0
        last = value
        return smallCount >= 2
    }
}
