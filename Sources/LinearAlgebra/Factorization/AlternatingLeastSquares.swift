/// Hierarchical alternating least squares with extrapolation, in one precision.
struct AlternatingLeastSquares<Scalar: FactorScalar> {
    private let rows: CompressedRows<Scalar>
    private let columns: CompressedRows<Scalar>
    private let options: FactorizationOptions
    private let threads: Int
    private let blocked: FactorMask?
    private let squaredNorm: Double
    /// The factors as they are, extrapolated; H without that once the iterations are over.
    private var w: FactorMatrix<Scalar>
    private var h: FactorMatrix<Scalar>
    /// What the last steps gave, before they were extrapolated.
    private var plainW: FactorMatrix<Scalar>
    private var plainH: FactorMatrix<Scalar>
    /// How far to extrapolate, in steps, and the largest that may become.
    private var momentum = 0.0
    private var momentumLimit = 1.0

    init(
        _ rows: CompressedRows<Scalar>, _ columns: CompressedRows<Scalar>, w: FactorMatrix<Scalar>, h: FactorMatrix<Scalar>,
        _ options: FactorizationOptions, blocked: FactorMask?, _ threads: Int
    ) {
        self.rows = rows
        self.blocked = blocked
        self.columns = columns
        self.options = options
        self.threads = threads
        squaredNorm = rows.squaredNorm
        self.w = w
        self.h = h
        plainW = FactorMatrix(rowCount: w.rowCount, width: w.width)
        plainH = FactorMatrix(rowCount: h.rowCount, width: h.width)
    }

    mutating func run(_ onIteration: (Int, Double) -> Bool) -> Factorization {
        var rule = RelativeDecrease(tolerance: options.tolerance)
        var history: [Double] = []
        var last = Double.infinity
        var divergence = 0.0
        var converged = false
        var gramH = h.gram(threads: threads)
        // Rounding of single precision is no rise.
        let slack = Scalar.self == Float.self ? 1e-7 : 1e-14
        while history.count < options.maximumIterations {
            let extrapolates = options.extrapolationStart.map { history.count >= $0 } ?? false
            _ = rows.descend(
                &w, other: h, gram: gramH, l1: options.l1.rows, l2: options.l2.rows, sweeps: options.sweeps, blocked: blocked,
                threads: threads)
            if extrapolates { Self.extrapolate(&w, &plainW, by: momentum, threads: threads) }
            let gramW = w.gram(threads: threads)
            let sums = columns.descend(
                &h, other: w, gram: gramW, l1: options.l1.columns, l2: options.l2.columns, sweeps: options.sweeps,
                threads: threads)
            gramH = h.gram(threads: threads)

            // ‖X − W·Hᵀ‖² = ‖X‖² − 2⟨X·H, W⟩ + ⟨WᵀW, HᵀH⟩, and coordinate descent knows ⟨Xᵀ·W, H⟩.
            var product = 0.0
            for e in gramW.elements.indices { product += gramW.elements[e] * gramH.elements[e] }
            divergence = max(0, 0.5 * (squaredNorm - 2 * sums.cross + product))
            var objective = divergence + options.l1.columns * sums.total
            if options.l1.rows > 0 { objective += options.l1.rows * w.columnSums.reduce(0, +) }
            for a in 0..<w.width {
                objective += 0.5 * (options.l2.rows * gramW[a, a] + options.l2.columns * gramH[a, a])
            }
            history.append(objective)
            if rule.isReached(objective) {
                converged = true
                break
            }
            guard onIteration(history.count, objective) else { break }
            // At the end the factors stay as the objective saw them.
            guard extrapolates, history.count < options.maximumIterations else { continue }
            if objective > last * (1 + slack) {
                // Go on from here at rest, and less far next time.
                w.assign(plainW)
                plainH.assign(h)
                momentumLimit = momentum
                momentum /= 1.5
            } else if momentum == 0 {
                plainH.assign(h)
                momentum = 0.7
            } else {
                Self.extrapolate(&h, &plainH, by: momentum, threads: threads)
                gramH = h.gram(threads: threads)
                momentum = min(momentumLimit, 1.03 * momentum)
                momentumLimit = min(1, 1.02 * momentumLimit)
            }
            last = objective
        }
        return Factorization(
            w: w.dense, h: h.dense, objective: history.last ?? .nan, divergence: divergence, iterations: history.count,
            converged: converged, history: history)
    }

    /// factor ← max(0, factor + β (factor − plain)), plain ← factor.
    private static func extrapolate(
        _ factor: inout FactorMatrix<Scalar>, _ plain: inout FactorMatrix<Scalar>, by momentum: Double, threads: Int
    ) {
        guard momentum > 0 else {
            plain.assign(factor)
            return
        }
        let beta = Scalar(momentum)
        swap(&factor, &plain)
        // Now `plain` is the new point and `factor` the old one, which is overwritten.
        let new = plain
        let range = factor.rowRange
        _ = parallelChunks(of: &factor.elements, in: range, chunkLength: 1 << 16, threads: threads) { _, part, chunk in
            new.withScalars { new in
                let start = part.lowerBound - range.lowerBound
                for i in chunk.indices {
                    let x = new[start + i]
                    let y = x + beta * (x - chunk[i])
                    chunk[i] = y > 0 ? y : 0
                }
            }
        }
    }
}
