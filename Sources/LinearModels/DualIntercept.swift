import LinearAlgebra

/// The intercepts of a dual solver.
///
/// An intercept is the weight of a constant feature of square B², penalised for its deviation from a centre that is moved to it
/// after every epoch: the penalty vanishes as the intercept comes to rest, and the optimum is that of a free intercept (a
/// proximal-point, or multiplier, method; Rockafellar 1976). B² is chosen anew for every epoch, see `InterceptCurvature`.
///
/// An intercept b may have a penalty ½ρb² of its own. Together with that for the deviation from a centre it is again one of this
/// kind, of a smaller B² and a centre nearer to zero; those two are kept here.
struct DualIntercept: Sendable {
    /// ρ; 0 for free intercepts.
    private let ridge: Double
    /// The intercepts, padded to whole vectors; visits move them.
    var values: [SIMD4<Float>]
    /// B²; zero for outputs without an intercept.
    private(set) var squares: [SIMD4<Float>]
    private var center: [Double]
    /// What the dual variables imply, Σ_i of the constant feature's coefficients, at the end of the last epoch: zero at the optimum.
    private var sums: [Double]
    /// |sums| by its last value: the rate at which it falls.
    private var rates: [Double]

    /// No intercepts, for so many vectors of outputs.
    init(width: Int, ridge: Double) {
        self.ridge = ridge
        values = Array(repeating: .zero, count: width)
        squares = values
        center = Array(repeating: 0, count: 4 * width)
        sums = center
        rates = center.map { _ in 1 }
    }

    /// Whether there are any.
    var isFitted: Bool { squares.contains { $0 != .zero } }

    /// Sets B² for every output and keeps the intercepts where they are. An output without curvature gets no intercept.
    mutating func setSquares(for curvatures: [InterceptCurvature]) {
        for c in curvatures.indices {
            let square = Float(min(curvatures[c].interceptSquare, 1 / ridge))
            center[c] = Double(values[c / 4][c % 4]) - Double(square) * sums[c]
            squares[c / 4][c % 4] = square
        }
    }

    /// Ends a pass over some samples: takes what it changed the sums by.
    mutating func endPass(changes: [Double]) {
        for c in changes.indices { setSum(sums[c] + changes[c], c) }
    }

    private mutating func setSum(_ sum: Double, _ c: Int) {
        sums[c] = sum
        values[c / 4][c % 4] = Float(center[c] + Double(squares[c / 4][c % 4]) * sum)
    }

    /// What the penalty of an output, centre · S + ½ B² S², changes by when its sum does.
    func penaltyChange(_ c: Int, by change: Double) -> Double {
        center[c] * change + Double(squares[c / 4][c % 4]) * change * (sums[c] + 0.5 * change)
    }

    /// Ends a pass over all samples: takes the exact sums of the dual variables, and computes the intercepts from them, since in single precision
    /// they would drift away from what the dual variables imply.
    mutating func endPass(sums newSums: [Double]) {
        for c in newSums.indices {
            rates[c] = abs(newSums[c]) / max(abs(sums[c]), 1e-300)
            setSum(newSums[c], c)
        }
    }

    /// Moves the centre to the intercepts, and them as far again.
    mutating func recenter() {
        for c in center.indices {
            let square = Double(squares[c / 4][c % 4])
            let move = square * sums[c]
            center[c] = (center[c] + move) * (1 - ridge * square)
            values[c / 4][c % 4] = Float(center[c] + move)
        }
    }

    /// The penalty of an output's intercept, ½ρb².
    func penalty(_ c: Int) -> Double {
        let value = Double(values[c / 4][c % 4])
        return 0.5 * ridge * value * value
    }

    /// An estimate of what the objective of an output could still lose by its intercept.
    ///
    /// The intercept moves by B² S an epoch, and S falls by a rate r: it is B² S r / (1 − r) from its end, and the slope on the way
    /// is at most S. The Newton step for fixed weights, residual² / curvature, is a lower estimate.
    ///
    /// Of an intercept with a penalty it is the duality gap of that, ½ρb² + S² / 2ρ − bS, no estimate.
    func excess(_ c: Int, residual: Double, curvature: Double) -> Double {
        let square = Double(squares[c / 4][c % 4])
        guard square > 0 else { return 0 }
        if ridge > 0 {
            let distance = ridge * Double(values[c / 4][c % 4]) - sums[c]
            return distance * distance / (2 * ridge)
        }
        let rate = min(0.98, rates[c])
        let byRate = square * sums[c] * sums[c] * rate / (1 - rate)
        return max(byRate, curvature > 0 ? residual * residual / curvature : 0)
    }
}

/// How the dual objective curves along one output's intercept, when the dual variables of each sample adapt to it:
/// Σ_i h_i / (1 + q_i h_i), h_i being C_i times the second derivative of the loss and q_i = ‖x_i‖².
struct InterceptCurvature: Sendable {
    private var sum = 0.0
    private var squareSum = 0.0

    /// Adds the terms of some samples, and their squares.
    mutating func add(_ terms: Double, squares: Double) {
        sum += terms
        squareSum += squares
    }

    /// Adds the term of a sample.
    mutating func add(curvature h: Double, squaredNorm q: Double) {
        let term = h / (1 + q * h)
        add(term, squares: term * term)
    }

    /// B² = κ / Σ_i h_i / (1 + q_i h_i).
    ///
    /// The larger κ, the fewer epochs until the centre rests; but κ is also what all visits of an epoch together do to the intercept,
    /// so it is kept below a twentieth of the number of samples that have a part in the sum. Measured on TF-IDF rows (60 to 30,000
    /// samples, C from 10⁻⁴ to 100, all losses): intercepts cost at most 3 epochs more than none at all, mostly none.
    var interceptSquare: Double {
        guard sum > 0 else { return 0 }
        let sampleCount = sum * sum / squareSum
        return min(20, max(1, sampleCount / 20)) / sum
    }
}
