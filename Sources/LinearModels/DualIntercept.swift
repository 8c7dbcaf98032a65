/// The intercepts of a dual solver.
///
/// An intercept is the weight of a constant feature of square B², penalised for its deviation from a centre that is moved to it
/// after every epoch: the penalty vanishes as the intercept comes to rest, and the optimum is that of a free intercept (a
/// proximal-point, or multiplier, method). A large B² lets every visit shake the intercept, a small one takes many epochs to
/// reach the optimum. Measured on TF-IDF rows (100 to 30,000 samples, C from 0.1 to 1000): with B² = 100 / Σ_i C_i v, v the variance
/// of the output's target, and no more than 0.3 / √C and 1, intercepts cost at most a few epochs more than none at all.
struct DualIntercept: Sendable {
    /// The intercepts, padded to whole vectors; visits move them.
    var values: [SIMD4<Float>]
    /// B²; zero for outputs without an intercept.
    private(set) var squares: [SIMD4<Float>]
    private var center: [Double]
    /// What the dual variables imply, Σ_i of the constant feature's coefficients, at the end of the last epoch: zero at the optimum.
    private var sums: [Double]
    /// |sums| by its last value, as an upper bound of the rate at which it falls.
    private var rates: [Double]

    /// No intercepts, for so many vectors of outputs.
    init(width: Int) {
        values = Array(repeating: .zero, count: width)
        squares = values
        center = Array(repeating: 0, count: 4 * width)
        sums = center
        rates = center.map { _ in 0.9 }
    }

    /// Whether there are any.
    var isFitted: Bool { squares.contains { $0 != .zero } }

    /// Sets B² for every output and keeps the intercepts where they are.
    ///
    /// - Parameters:
    ///   - variances: Σ_i C_i v for each output; zero means an output that cannot vary, which gets no intercept.
    ///   - meanCost: the mean C_i.
    mutating func setSquares(variances: [Double], meanCost: Double) {
        let bound = min(1, 0.3 / meanCost.squareRoot())
        for c in variances.indices {
            let square = variances[c] > 0 ? Float(min(bound, 100 / variances[c])) : 0
            center[c] = Double(values[c / 4][c % 4]) - Double(square) * sums[c]
            squares[c / 4][c % 4] = square
            rates[c] = 0.9
        }
    }

    /// Ends an epoch: takes the exact sums of the dual variables, and computes the intercepts from them, since single precision
    /// would let them drift away from what the dual variables imply.
    mutating func update(sums newSums: [Double]) {
        for c in newSums.indices {
            rates[c] = min(0.9, abs(newSums[c]) / max(abs(sums[c]), 1e-300))
            sums[c] = newSums[c]
            values[c / 4][c % 4] = Float(center[c] + Double(squares[c / 4][c % 4]) * sums[c])
        }
    }

    /// Moves the centre to the intercepts, and them as far again.
    mutating func recenter() {
        for c in center.indices {
            let move = Double(squares[c / 4][c % 4]) * sums[c]
            center[c] += move
            values[c / 4][c % 4] = Float(center[c] + move)
        }
    }

    /// An estimate of what the objective of an output could still lose by its intercept.
    ///
    /// The intercept moves by B² S an epoch, and S falls by a rate r: it is B² S r / (1 − r) from its end, and the slope on the way
    /// is at most S. The Newton step for fixed weights, residual² / curvature, is a lower estimate.
    func excess(_ c: Int, residual: Double, curvature: Double) -> Double {
        let square = Double(squares[c / 4][c % 4])
        guard square > 0 else { return 0 }
        let byRate = square * sums[c] * sums[c] * rates[c] / (1 - rates[c])
        return max(byRate, curvature > 0 ? residual * residual / curvature : 0)
    }
}
