/// The limit to which the last passes of coordinate ascent tend, guessed from their steps.
///
/// Near the optimum a pass is an affine map of the dual variables. Of the affine combinations of the last iterates the one is taken
/// whose combined step is the shortest: with U the matrix of steps, c = (UᵀU)⁻¹ 1, scaled to Σ c = 1. (Anderson 1965; for coordinate
/// descent Bertrand & Massias 2021.) It may be worse than the last iterate; its user has to compare.
struct AndersonExtrapolation {
    /// The number of passes from which one guess is made.
    static let passCount = 5

    /// Vectors of four outputs for each sample.
    private let width: Int
    /// Whether all outputs belong to one problem, and share their coefficients.
    private let isJoint: Bool
    /// The iterates, oldest first, each [sample][output].
    private var iterates: [[SIMD4<Float>]] = []

    init(width: Int, isJoint: Bool) {
        self.width = width
        self.isJoint = isJoint
    }

    /// Whether enough iterates are known.
    var isReady: Bool { iterates.count > Self.passCount }

    /// Takes the dual variables of the given samples from those of all.
    mutating func add(_ dual: [SIMD4<Float>], of samples: [Int32]) {
        var iterate: [SIMD4<Float>] = []
        iterate.reserveCapacity(samples.count * width)
        for i in samples {
            for v in 0..<width { iterate.append(dual[Int(i) * width + v]) }
        }
        iterates.append(iterate)
    }

    /// The guess, [sample][output], in the order of the samples; then starts afresh.
    mutating func takeGuess() -> [SIMD4<Float>] {
        let coefficients = coefficients()
        let iterates = self.iterates
        self.iterates = []
        var guess = [SIMD4<Float>](repeating: .zero, count: iterates[0].count)
        for step in 0..<Self.passCount {
            let iterate = iterates[step + 1]
            for start in stride(from: 0, to: guess.count, by: width) {
                for v in 0..<width { guess[start + v] += coefficients[step * width + v] * iterate[start + v] }
            }
        }
        return guess
    }

    /// The coefficients of the iterates but the oldest, [iterate][output].
    private func coefficients() -> [SIMD4<Float>] {
        let count = Self.passCount
        var gram = stepProducts()
        if isJoint {
            for pair in 0..<(count * count) {
                let sum = (0..<width).reduce(0) { $0 + gram[pair * width + $1].sum() }
                for v in 0..<width { gram[pair * width + v] = SIMD4(repeating: sum) }
            }
        }
        var coefficients = [SIMD4<Float>](repeating: .zero, count: count * width)
        for v in 0..<width {
            for lane in 0..<4 {
                let matrix = (0..<(count * count)).map { gram[$0 * width + v][lane] }
                for (step, coefficient) in Self.solution(matrix).enumerated() {
                    coefficients[step * width + v][lane] = Float(coefficient)
                }
            }
        }
        return coefficients
    }

    /// UᵀU of every output, [step][step][output], the lower triangle.
    private func stepProducts() -> [SIMD4<Double>] {
        let count = Self.passCount
        var gram = [SIMD4<Double>](repeating: .zero, count: count * count * width)
        var part = [SIMD4<Float>](repeating: .zero, count: gram.count)
        var steps = [SIMD4<Float>](repeating: .zero, count: count)
        let length = iterates[0].count
        // Sums of single precision over few samples, then of double.
        for chunk in stride(from: 0, to: length, by: 128 * width) {
            for e in part.indices { part[e] = .zero }
            for start in stride(from: chunk, to: min(length, chunk + 128 * width), by: width) {
                for v in 0..<width {
                    for p in 0..<count { steps[p] = iterates[p + 1][start + v] - iterates[p][start + v] }
                    for p in 0..<count {
                        for q in 0...p { part[(p * count + q) * width + v] += steps[p] * steps[q] }
                    }
                }
            }
            for e in part.indices { gram[e] += SIMD4<Double>(part[e]) }
        }
        return gram
    }

    /// (G + εI)⁻¹ 1, scaled to a sum of 1; for G = 0 the last iterate.
    private static func solution(_ gram: [Double]) -> [Double] {
        let count = passCount
        let trace = (0..<count).reduce(0) { $0 + gram[$1 * count + $1] }
        var last = [Double](repeating: 0, count: count)
        last[count - 1] = 1
        guard trace > 0 && trace.isFinite else { return last }
        // Gaussian elimination without pivots: the matrix is positive definite.
        var matrix = gram
        var x = [Double](repeating: 1, count: count)
        for p in 0..<count {
            matrix[p * count + p] += 1e-7 * trace
            for q in 0..<p { matrix[q * count + p] = matrix[p * count + q] }
        }
        for p in 0..<count {
            for r in (p + 1)..<max(count, p + 1) {
                let factor = matrix[r * count + p] / matrix[p * count + p]
                for c in p..<count { matrix[r * count + c] -= factor * matrix[p * count + c] }
                x[r] -= factor * x[p]
            }
        }
        for p in (0..<count).reversed() {
            for c in (p + 1)..<max(count, p + 1) { x[p] -= matrix[p * count + c] * x[c] }
            x[p] /= matrix[p * count + p]
        }
        let sum = x.reduce(0, +)
        return sum.isFinite && sum > 0 ? x.map { $0 / sum } : last
    }
}
