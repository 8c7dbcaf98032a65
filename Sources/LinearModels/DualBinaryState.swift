import LinearAlgebra

/// The variables of the duals of a block of binary problems, one a label, on the same rows.
///
/// Primal of a label:  min ½‖w‖² + Σ_i C_i loss(t_i z_i),  z_i = wᵀx_i + b,  t_i = ±1
/// Dual:  min over a of ½‖w(a)‖² + Σ_i conjugate(a_i),  w(a) = Σ_i t_i a_i x_i
///
/// For fixed b the duality gap is Σ_i C_i loss(m_i) + conjugate(a_i) + a_i m_i, m_i = t_i z_i; every term is ≥ 0.
struct DualBinaryState: DualState, Sendable {
    let rows: FloatRows
    let loss: DualBinaryLoss
    let labelCount: Int
    /// Vectors of four labels in a row of weights.
    let width: Int
    /// t: 1 or −1; for a missing target either.
    let signs: [SIMD4<Float>]

    /// C_i for each label; 0 for missing targets and for the padding.
    private(set) var costs: [SIMD4<Float>]
    var intercept: DualIntercept
    var weights: [SIMD4<Float>]
    var dual: [SIMD4<Float>]
    var activities: [Float]
    /// The weight of each label's gap in `activities`.
    var importance: [SIMD4<Float>]

    var sampleCount: Int { rows.rowCount }

    /// The start: w = 0, b = 0, all costs zero.
    ///
    /// - Parameters:
    ///   - interceptRidge: the penalty of intercepts, if there are any.
    ///   - isPositive: whether t = 1, for a row and a label of the block.
    init(
        rows: FloatRows, loss: DualBinaryLoss, labelCount: Int, interceptRidge: Double,
        isPositive: (_ row: Int, _ label: Int) -> Bool
    ) {
        self.rows = rows
        self.loss = loss
        self.labelCount = labelCount
        let width = (labelCount + 3) / 4
        self.width = width
        costs = Array(repeating: .zero, count: rows.rowCount * width)
        dual = costs
        weights = Array(repeating: .zero, count: rows.columnCount * width)
        intercept = DualIntercept(width: width, ridge: interceptRidge)
        activities = Array(repeating: 0, count: rows.rowCount)
        importance = Array(repeating: .zero, count: width)
        var signs = costs
        for i in 0..<rows.rowCount {
            for label in 0..<labelCount { signs[i * width + label / 4][label % 4] = isPositive(i, label) ? 1 : -1 }
        }
        self.signs = signs
    }

    mutating func setImportance(_ importance: [Double]) {
        for label in 0..<labelCount { self.importance[label / 4][label % 4] = Float(importance[label]) }
    }

    mutating func recenterIntercepts() { intercept.recenter() }

    func makeExtrapolation() -> AndersonExtrapolation { AndersonExtrapolation(width: width, isJoint: false) }

    /// Sets the costs, none smaller than before; a, w and b stay.
    ///
    /// - Parameter cost: C_i for a row and a label of the block.
    mutating func setCosts(hasIntercept: Bool, cost: (_ row: Int, _ label: Int) -> Float) {
        var sums = [(positive: Double, all: Double)](repeating: (0, 0), count: labelCount)
        for i in 0..<rows.rowCount {
            for label in 0..<labelCount {
                let value = cost(i, label)
                costs[i * width + label / 4][label % 4] = value
                sums[label].all += Double(value)
                if signs[i * width + label / 4][label % 4] > 0 { sums[label].positive += Double(value) }
            }
        }
        guard hasIntercept else { return }
        var curvatures = [InterceptCurvature](repeating: InterceptCurvature(), count: labelCount)
        for label in 0..<labelCount where sums[label].all > 0 {
            let share = sums[label].positive / sums[label].all
            // The second derivative of the loss before there are scores.
            let second = loss == .logistic ? share * (1 - share) : 2
            for i in 0..<rows.rowCount {
                let h = Double(costs[i * width + label / 4][label % 4]) * second
                curvatures[label].add(curvature: h, squaredNorm: Double(rows.squaredNorms[i]))
            }
        }
        intercept.setSquares(for: curvatures)
    }
}
