/// Hierarchical alternating least squares with extrapolation, in one precision.
struct AlternatingLeastSquares<Scalar: FactorScalar> {
    private let rows: CompressedRows<Scalar>
    private let columns: CompressedRows<Scalar>
    private let options: FactorizationOptions
    private let threads: Int
    private let blocked: FactorMask?
    private let squaredNorm: Double
    /// The factors as the last objective saw them: W is extrapolated, H is not yet.
    private(set) var w: FactorMatrix<Scalar>
    private(set) var h: FactorMatrix<Scalar>
    /// HᵀH.
    private var gramH: DenseMatrix
    /// What the last steps gave, before they were extrapolated; of the shape of the factors from the first extrapolation on.
    private var plainW = FactorMatrix<Scalar>(rowCount: 0, width: 0)
    private var plainH = FactorMatrix<Scalar>(rowCount: 0, width: 0)
    /// How far to extrapolate, in steps, and the largest that may become.
    private var momentum = 0.0
    private var momentumLimit = 1.0
    /// How many iterations have been done with these factors.
    private var iterations = 0
    /// The objective that decides how H is extrapolated before the next iteration, and the one before it.
    private var pending: Double?
    private var last = Double.infinity

    init(
        _ rows: CompressedRows<Scalar>, _ columns: CompressedRows<Scalar>, w: FactorMatrix<Scalar>, h: FactorMatrix<Scalar>,
        _ options: FactorizationOptions, blocked: FactorMask?, _ threads: Int
    ) {
        self.rows = rows
        self.columns = columns
        self.options = options
        self.blocked = blocked
        self.threads = threads
        squaredNorm = rows.squaredNorm
        self.w = w
        self.h = h
        gramH = h.gram(threads: threads)
    }

    /// Goes on in another precision where `other` stands.
    init<Other>(
        _ rows: CompressedRows<Scalar>, _ columns: CompressedRows<Scalar>, continuing other: AlternatingLeastSquares<Other>
    ) {
        self.init(
            rows, columns, w: FactorMatrix(other.w), h: FactorMatrix(other.h), other.options, blocked: other.blocked,
            other.threads)
        plainW = FactorMatrix(other.plainW)
        plainH = FactorMatrix(other.plainH)
        momentum = other.momentum
        momentumLimit = other.momentumLimit
        iterations = other.iterations
        pending = other.pending
        last = other.last
    }

    /// Leaves out the topics that can best be spared, and starts from there at rest.
    mutating func leaveOutSurplus(count: Int, protectedCount: Int) {
        let kept = SurplusTopics.kept(
            gramW: w.gram(threads: threads), gramH: gramH, count: count, protectedCount: protectedCount)
        self = AlternatingLeastSquares(
            rows, columns, w: w.selecting(kept), h: h.selecting(kept), options, blocked: blocked, threads)
    }

    /// Iterates until two iterations in a row lower the objective by less than `tolerance` times its value (`nil`: no such end), or
    /// `count` iterations have been done in all, or `onIteration` says so.
    mutating func run(
        _ course: inout FactorizationCourse, upTo count: Int, tolerance: Double?, _ onIteration: (Int, Double) -> Bool
    ) {
        var rule = RelativeDecrease(tolerance: tolerance ?? 0)
        course.converged = false
        while course.history.count < count, !course.isStopped {
            let objective = iterate(&course)
            course.history.append(objective)
            if tolerance != nil, rule.isReached(objective) {
                course.converged = true
                return
            }
            if !onIteration(course.history.count, objective) { course.isStopped = true }
        }
    }

    /// One iteration; returns the objective.
    mutating func iterate(_ course: inout FactorizationCourse) -> Double {
        if let pending { moveOn(after: pending) }
        let extrapolates = options.extrapolationStart.map { iterations >= $0 } ?? false
        iterations += 1
        _ = rows.descend(
            &w, other: h, gram: gramH, l1: options.l1.rows, l2: options.l2.rows, sweeps: options.sweeps, blocked: blocked,
            threads: threads)
        if extrapolates { Self.extrapolate(&w, &plainW, by: momentum, threads: threads) }
        let gramW = w.gram(threads: threads)
        let sums = columns.descend(
            &h, other: w, gram: gramW, l1: options.l1.columns, l2: options.l2.columns, sweeps: options.sweeps, threads: threads)
        gramH = h.gram(threads: threads)

        // ‖X − W·Hᵀ‖² = ‖X‖² − 2⟨X·H, W⟩ + ⟨WᵀW, HᵀH⟩, and coordinate descent knows ⟨Xᵀ·W, H⟩.
        var product = 0.0
        for e in gramW.elements.indices { product += gramW.elements[e] * gramH.elements[e] }
        course.divergence = max(0, 0.5 * (squaredNorm - 2 * sums.cross + product))
        var objective = course.divergence + options.l1.columns * sums.total
        if options.l1.rows > 0 { objective += options.l1.rows * w.columnSums.reduce(0, +) }
        for a in 0..<w.width { objective += 0.5 * (options.l2.rows * gramW[a, a] + options.l2.columns * gramH[a, a]) }
        pending = extrapolates ? objective : nil
        return objective
    }

    /// Extrapolates H after an iteration, or goes back where that had raised the objective.
    private mutating func moveOn(after objective: Double) {
        // Rounding of single precision is no rise.
        let slack = Scalar.self == Float.self ? 1e-7 : 1e-14
        if objective > last * (1 + slack) {
            // Go on from here at rest, and less far next time.
            w.assign(plainW)
            plainH.assign(h)
            momentumLimit = momentum
            momentum /= 1.5
        } else if momentum == 0 {
            plainH = FactorMatrix(h)
            momentum = 0.7
        } else {
            Self.extrapolate(&h, &plainH, by: momentum, threads: threads)
            gramH = h.gram(threads: threads)
            momentum = min(momentumLimit, 1.03 * momentum)
            momentumLimit = min(1, 1.02 * momentumLimit)
        }
        last = objective
    }

    /// factor ← max(0, factor + β (factor − plain)), plain ← factor.
    private static func extrapolate(
        _ factor: inout FactorMatrix<Scalar>, _ plain: inout FactorMatrix<Scalar>, by momentum: Double, threads: Int
    ) {
        guard momentum > 0 else {
            plain = FactorMatrix(factor)
            return
        }
        swap(&factor, &plain)
        // Now `plain` is the new point and `factor` the old one, which is overwritten.
        let (new, range) = (plain, factor.rowRange)
        _ = parallelChunks(of: &factor.elements, in: range, chunkLength: 1 << 16, threads: threads) { _, part, chunk in
            unsafe chunk.withUnsafeMutableBufferPointer { chunk in
                unsafe new.withScalarPointer { new in
                    let start = part.lowerBound - range.lowerBound
                    unsafe Scalar.extrapolate(new + start, chunk.count, Scalar(momentum), chunk.baseAddress!)
                }
            }
        }
    }
}

/// How far a factorisation has come.
struct FactorizationCourse {
    /// The objective after each iteration.
    var history: [Double] = []
    /// The last distance.
    var divergence = 0.0
    /// Whether the objective had come to rest.
    var converged = false
    /// Whether the caller wants no more.
    var isStopped = false
}
