import LinearAlgebra

/// The variables of the dual of multinomial logistic regression, and one pass over them.
///
/// Primal (the objective of `SoftmaxObjective`):  min ½‖W‖² + Σ_i C_i [ln Σ_c e^{z_ic} − z_{i,y_i}],  z_i = Wᵀx_i + b
/// Dual:  min over a_i ∈ C_i · simplex of ½‖W(a)‖² + Σ_ic a_ic ln(a_ic / C_i),  W(a) = Σ_i x_i (C_i e_{y_i} − a_i)ᵀ
///
/// For fixed b the duality gap is Σ_i C_i KL(a_i / C_i ‖ softmax(z_i)).
struct DualMultinomialState: DualState {
    let rows: FloatRows
    let classes: [Int]
    let classCount: Int
    /// Vectors of four classes in a row of weights.
    let width: Int
    /// 1 for a class, 0 for the padding.
    let mask: [SIMD4<Float>]

    /// C_i.
    private(set) var costs: [Float]
    var intercept: DualIntercept
    var weights: [SIMD4<Float>]
    var dual: [SIMD4<Float>]
    var activities: [Float]
    /// The weight of a gap in `activities`.
    var importance: Float = 0
    /// Whether all samples have been visited: before, a_i = C_i e_{y_i}, where the logarithm is infinite.
    var isStarted = false

    /// The start: W = 0, b = 0, all costs zero.
    ///
    /// - Parameter interceptRidge: the penalty of intercepts, if there are any.
    init(rows: FloatRows, classes: [Int], classCount: Int, interceptRidge: Double) {
        self.rows = rows
        self.classes = classes
        self.classCount = classCount
        let width = (classCount + 3) / 4
        self.width = width
        mask = (0..<width).map { v in SIMD4((0..<4).map { v * 4 + $0 < classCount ? 1 : 0 }) }
        costs = Array(repeating: 0, count: rows.rowCount)
        weights = Array(repeating: .zero, count: rows.columnCount * width)
        dual = Array(repeating: .zero, count: rows.rowCount * width)
        intercept = DualIntercept(width: width, ridge: interceptRidge)
        activities = Array(repeating: 0, count: rows.rowCount)
    }

    var sampleCount: Int { rows.rowCount }

    mutating func setImportance(_ importance: [Double]) { self.importance = Float(importance[0]) }

    mutating func recenterIntercepts() { intercept.recenter() }

    func makeExtrapolation() -> AndersonExtrapolation { AndersonExtrapolation(width: width, isJoint: true) }

    /// Sets the costs, none smaller than before, and keeps W and b: only the share of each sample's own class grows.
    mutating func setCosts(_ newCosts: [Float], hasIntercept: Bool) {
        for i in newCosts.indices { dual[i * width + classes[i] / 4][classes[i] % 4] += newCosts[i] - costs[i] }
        costs = newCosts
        guard hasIntercept else { return }
        var classCosts = [Double](repeating: 0, count: classCount)
        for i in costs.indices { classCosts[classes[i]] += Double(costs[i]) }
        let total = classCosts.reduce(0, +)
        var curvatures = [InterceptCurvature](repeating: InterceptCurvature(), count: classCount)
        for c in 0..<classCount where total > 0 {
            // The second derivative of the loss before there are scores.
            let second = classCosts[c] / total * (1 - classCosts[c] / total)
            for i in costs.indices {
                curvatures[c].add(curvature: Double(costs[i]) * second, squaredNorm: Double(rows.squaredNorms[i]))
            }
        }
        intercept.setSquares(for: curvatures)
    }

    /// The dual objective, a lower bound of the primal one for these intercepts: −½‖W‖² − Σ a ln(a / C) + bᵀS, where
    /// S = Σ_i (C_i e_{y_i} − a_i); without the last term, which is small near the optimum.
    func dualObjectives() -> [Double] {
        var entropy = 0.0
        for i in 0..<rows.rowCount where costs[i] > 0 {
            var sum = SIMD4<Float>.zero
            for v in 0..<width {
                let a = dual[i * width + v]
                sum += a * SIMD4.log(a * (1 / costs[i]))
            }
            entropy += Double(sum.total)
        }
        return [-0.5 * DualWeights.squaredNorms(weights, width: width).reduce(0, +) - entropy]
    }

    /// The weights and intercepts, without the padding.
    func solution(report: LinearSolution.Report) -> LinearSolution {
        let intercepts = (0..<classCount).map { Double(intercept.values[$0 / 4][$0 % 4]) }
        let mean = intercepts.reduce(0, +) / Double(classCount)
        return LinearSolution(
            weights: SolvedWeights(DualWeights.unpadded(weights, width: width, outputCount: classCount)),
            intercepts: intercepts.map { $0 - mean }, solverName: DualMultinomialSolver.name, reports: [report])
    }
}
