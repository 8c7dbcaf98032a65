/// The last steps s and changes of gradient y, and the direction −H·g they give.
struct CurvatureHistory {
    private struct Pair {
        var step: [Double]
        var change: [Double]
        var inverseProduct: Double
    }

    private let capacity: Int
    private let inverseDiagonal: [Double]?
    private var pairs: [Pair] = []
    private var oldest = 0
    private var scale = 1.0

    /// An empty history. The first model of H is the inverse of `diagonal`, if given, else the identity.
    init(capacity: Int, diagonal: [Double]?) {
        self.capacity = capacity
        inverseDiagonal = diagonal?.map { 1 / $0 }
    }

    /// Whether H starts from a diagonal, so that a first step of length 1 is sensible.
    var isPreconditioned: Bool { inverseDiagonal != nil }

    var isEmpty: Bool { pairs.isEmpty }

    mutating func removeAll() {
        pairs.removeAll()
        oldest = 0
        scale = 1
    }

    /// Remembers a step, unless the curvature along it, sᵀy, is not safely positive.
    mutating func append(from old: LinePoint, to new: LinePoint) {
        var step = new.parameters
        BLAS.axpy(-1, old.parameters, into: &step)
        var change = new.gradient
        BLAS.axpy(-1, old.gradient, into: &change)
        let product = BLAS.dot(step, change)
        let square = BLAS.dot(change, preconditioned(change))
        guard product > 1e-16 * square, product.isFinite, square > 0 else { return }
        scale = product / square
        let pair = Pair(step: step, change: change, inverseProduct: 1 / product)
        if pairs.count < capacity {
            pairs.append(pair)
        } else {
            pairs[oldest] = pair
            oldest = (oldest + 1) % capacity
        }
    }

    /// −H·gradient, by the two-loop recursion (Nocedal & Wright 2006, algorithm 7.4).
    ///
    /// - Complexity: 4 · history · parameters multiplications.
    func descentDirection(for gradient: [Double]) -> [Double] {
        var direction = gradient
        var coefficients = [Double](repeating: 0, count: pairs.count)
        for i in (0..<pairs.count).reversed() {
            let p = (oldest + i) % pairs.count
            coefficients[i] = pairs[p].inverseProduct * BLAS.dot(pairs[p].step, direction)
            BLAS.axpy(-coefficients[i], pairs[p].change, into: &direction)
        }
        direction = preconditioned(direction)
        BLAS.scale(&direction, by: -scale)
        // The direction is negated from here on, and so are the corrections.
        for i in 0..<pairs.count {
            let p = (oldest + i) % pairs.count
            let correction = pairs[p].inverseProduct * BLAS.dot(pairs[p].change, direction)
            BLAS.axpy(-coefficients[i] - correction, pairs[p].step, into: &direction)
        }
        return direction
    }

    private func preconditioned(_ vector: [Double]) -> [Double] {
        guard let inverseDiagonal else { return vector }
        return vector.indices.map { vector[$0] * inverseDiagonal[$0] }
    }
}
