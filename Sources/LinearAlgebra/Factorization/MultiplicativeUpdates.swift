/// Multiplicative updates for the generalised Kullback–Leibler divergence, in one precision.
struct MultiplicativeUpdates<Scalar: FactorScalar> {
    private let rows: CompressedRows<Scalar>
    private let columns: CompressedRows<Scalar>
    private let options: FactorizationOptions
    private let threads: Int
    private var w: FactorMatrix<Scalar>
    private var h: FactorMatrix<Scalar>

    init(
        _ rows: CompressedRows<Scalar>, _ columns: CompressedRows<Scalar>, w: FactorMatrix<Scalar>, h: FactorMatrix<Scalar>,
        _ options: FactorizationOptions, _ threads: Int
    ) {
        self.rows = rows
        self.columns = columns
        self.options = options
        self.threads = threads
        self.w = w
        self.h = h
    }

    mutating func run(_ onIteration: (Int, Double) -> Bool) -> Factorization {
        var rule = RelativeDecrease(tolerance: options.tolerance)
        var history: [Double] = []
        var divergence = 0.0
        var converged = false
        while history.count < options.maximumIterations {
            rows.scale(&w, other: h, sums: h.columnSums, l1: options.l1.rows, l2: options.l2.rows, threads: threads)
            columns.scale(&h, other: w, sums: w.columnSums, l1: options.l1.columns, l2: options.l2.columns, threads: threads)
            let (sumsW, sumsH) = (w.columnSums, h.columnSums)
            divergence = rows.divergence(w, other: h, threads: threads)
            for a in 0..<w.width { divergence += sumsW[a] * sumsH[a] }
            var objective = divergence + options.l1.rows * sumsW.reduce(0, +) + options.l1.columns * sumsH.reduce(0, +)
            if options.l2.rows > 0 { objective += 0.5 * options.l2.rows * w.squaredNorm }
            if options.l2.columns > 0 { objective += 0.5 * options.l2.columns * h.squaredNorm }
            history.append(objective)
            if rule.isReached(objective) {
                converged = true
                break
            }
            guard onIteration(history.count, objective) else { break }
        }
        return Factorization(
            w: w.dense, h: h.dense, objective: history.last ?? .nan, divergence: divergence, iterations: history.count,
            converged: converged, history: history)
    }
}
