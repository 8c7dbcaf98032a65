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
    /// Sweeps of coordinate descent an iteration (Frobenius). Two cost little more than one, since both need the same product with X.
    public var sweeps = 2
    /// From which iteration on the factors are extrapolated (Frobenius), counted anew once surplus topics are left out; `nil` for never.
    public var extrapolationStart: Int? = 10
    /// After how many iterations surplus topics are left out, where the start has any (Frobenius). Surplus topics are not used at all
    /// where `maximumIterations` are fewer than four times as many and 52.
    public var surplusIterations = 5
    /// Whether iterations in double precision are preceded by ones in single precision, for as long as these lower the objective by a
    /// millionth and by more than `tolerance` asks for (Frobenius).
    public var startsInSinglePrecision = true

    /// The default options.
    public init() {}

    public static func == (a: FactorizationOptions, b: FactorizationOptions) -> Bool {
        a.loss == b.loss && a.precision == b.precision && a.l1 == b.l1 && a.l2 == b.l2 && a.tolerance == b.tolerance
            && a.maximumIterations == b.maximumIterations && a.sweeps == b.sweeps && a.extrapolationStart == b.extrapolationStart
            && a.surplusIterations == b.surplusIterations && a.startsInSinglePrecision == b.startsInSinglePrecision
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
    /// The objective after each iteration; where there were surplus topics, that of both fits that were compared, one after the other.
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
    /// A start may have more topics than are wanted: after `surplusIterations` those are left out, one after another, that raise the
    /// distance least. A second fit leaves them out over five more iterations, and after equally many iterations the better one of the
    /// two goes on: in which minimum a fit ends, it mostly shows by then.
    /// Iterations in double precision follow on ones in single precision.
    /// With one sweep, neither extrapolation, surplus nor single precision the iterates are those of scikit-learn's solver `cd`.
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
    ///   - topicCount: how many topics are wanted in the end, at most k; all where it is `nil`. Kullback–Leibler takes the first ones.
    ///   - protectedCount: how many of the first topics are kept in any case.
    ///   - blocked: numbers of W that are held at 0; among protected topics only, where there are surplus ones.
    ///   - onIteration: told the number of iterations done and the objective, infinity while there are surplus topics; `false` stops.
    /// - Complexity: an iteration takes O(elements · k + (rows + columns) · k²), with Kullback–Leibler O(elements · k).
    ///   Memory beside X and its transpose, in bytes: (48 · k' + 16 · topics) · (rows + columns) in double precision and
    ///   (20 · k' + 16 · topics) · (rows + columns) in single, with k' the next multiple of 8 from k on.
    public func factorized(
        _ matrix: SparseMatrix, transposed: SparseMatrix? = nil, w: DenseMatrix, h: DenseMatrix, topicCount: Int? = nil,
        protectedCount: Int = 0, blocked: FactorMask? = nil, threads: Int = 1,
        onIteration: (_ iteration: Int, _ objective: Double) -> Bool = { _, _ in true }
    ) -> Factorization {
        precondition(w.rowCount == matrix.rowCount && h.rowCount == matrix.columnCount, "factors of another matrix")
        precondition(w.columnCount == h.columnCount, "factors of \(w.columnCount) and \(h.columnCount) columns")
        let kept = topicCount ?? w.columnCount
        precondition(0...w.columnCount ~= kept && 0...kept ~= protectedCount, "\(kept) of \(w.columnCount) topics kept")
        let other = transposed ?? matrix.transposed()
        // Multiplicative steps leave zeros as they are.
        let w = blocked?.applied(to: w) ?? w
        func multiplied<Scalar: FactorScalar>(_: Scalar.Type) -> Factorization {
            var steps = MultiplicativeUpdates<Scalar>(
                CompressedRows(matrix), CompressedRows(other), w: FactorMatrix(w, width: kept), h: FactorMatrix(h, width: kept),
                self, threads)
            return steps.run(onIteration)
        }
        switch (loss, precision) {
        case (.frobenius, _):
            let start = FactorizationStart(w: w, h: h, topicCount: kept, protectedCount: protectedCount, blocked: blocked)
            return alternatingLeastSquares(matrix, transposed: other, start, threads: threads, onIteration)
        case (.kullbackLeibler, .double): return multiplied(Double.self)
        case (.kullbackLeibler, .single): return multiplied(Float.self)
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
