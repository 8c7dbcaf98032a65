/// Limited-memory BFGS (Nocedal 1980; Liu & Nocedal 1989), and its orthant-wise form for L1 penalties (Andrew & Gao 2007).
///
/// It stops when ‖∇f‖ ≤ `gradientTolerance` · reference, where the reference is ‖∇f‖ at the start unless another is given (for a
/// warm start give the norm at zero, or the tolerance moves with the start).
///
/// Memory: 2 · `historyCount` + 6 vectors of the number of parameters.
public struct LBFGS: Sendable {
    /// The number of past steps that model the curvature.
    public var historyCount: Int
    /// The norm of the gradient at which to stop, relative to the reference.
    public var gradientTolerance: Double
    /// The most iterations to do.
    public var maximumIterations: Int
    /// The most evaluations in one line search.
    public var maximumLineSearchEvaluations = 40

    /// A minimiser with the given settings.
    public init(historyCount: Int = 10, gradientTolerance: Double = 1e-6, maximumIterations: Int = 1000) {
        precondition(historyCount > 0, "a history of \(historyCount)")
        self.historyCount = historyCount
        self.gradientTolerance = gradientTolerance
        self.maximumIterations = maximumIterations
    }

    /// Minimises f(x), or f(x) + Σ λ_i |x_i| if weights λ are given.
    ///
    /// - Parameters:
    ///   - objective: f.
    ///   - start: the first point, one number a parameter.
    ///   - l1Weights: λ ≥ 0, one a parameter.
    ///   - referenceGradientNorm: the norm the tolerance is relative to; by default the one at the start.
    ///   - diagonal: an estimate of the diagonal of the Hessian, positive: the scale of each parameter.
    ///   - shouldContinue: asked before every iteration; false stops.
    ///   - progress: told after every iteration.
    public func minimize(
        _ objective: inout some Objective, from start: [Double], l1Weights: [Double]? = nil,
        referenceGradientNorm: Double? = nil, diagonal: [Double]? = nil, shouldContinue: () -> Bool = { true },
        progress: (MinimizationProgress) -> Void = { _ in }
    ) -> MinimizationResult {
        precondition(start.count == objective.parameterCount, "\(start.count) numbers for \(objective.parameterCount) parameters")
        if let l1Weights, l1Weights.contains(where: { $0 != 0 }) {
            precondition(l1Weights.count == start.count, "\(l1Weights.count) L1 weights for \(start.count) parameters")
            precondition(l1Weights.allSatisfy { $0 >= 0 }, "an L1 weight is negative")
            return minimizeOrthantwise(
                &objective, from: start, l1Weights: l1Weights, referenceGradientNorm: referenceGradientNorm, diagonal: diagonal,
                shouldContinue: shouldContinue, progress: progress)
        }
        return minimizeSmooth(
            &objective, from: start, referenceGradientNorm: referenceGradientNorm, diagonal: diagonal,
            shouldContinue: shouldContinue, progress: progress)
    }

    private func minimizeSmooth(
        _ objective: inout some Objective, from start: [Double], referenceGradientNorm: Double?, diagonal: [Double]?,
        shouldContinue: () -> Bool, progress: (MinimizationProgress) -> Void
    ) -> MinimizationResult {
        var point = LinePoint(parameters: start, gradient: start, value: 0)
        point.value = objective.evaluate(at: point.parameters, gradient: &point.gradient)
        var evaluations = 1
        var iterations = 0
        var norm = BLAS.norm2(point.gradient)
        let reference = referenceGradientNorm ?? norm
        var stagnation = StagnationCounter()
        var history = CurvatureHistory(capacity: historyCount, diagonal: diagonal)

        func result(_ reason: StopReason) -> MinimizationResult {
            MinimizationResult(
                parameters: point.parameters, value: point.value, gradientNorm: norm,
                relativeGradientNorm: reference > 0 ? norm / reference : norm, iterations: iterations, evaluations: evaluations,
                stopReason: reason)
        }

        guard point.value.isFinite && norm.isFinite else { return result(.notFinite) }
        while true {
            if norm <= gradientTolerance * reference { return result(.gradientTolerance) }
            if iterations >= maximumIterations { return result(.maximumIterations) }
            if !shouldContinue() { return result(.cancelled) }

            var direction = history.descentDirection(for: point.gradient)
            var slope = BLAS.dot(direction, point.gradient)
            if !(slope < 0) {
                history.removeAll()
                direction = history.descentDirection(for: point.gradient)
                slope = BLAS.dot(direction, point.gradient)
            }
            let firstStep = history.isEmpty && !history.isPreconditioned ? min(1, 1 / norm) : 1
            let search = lineSearch(
                &objective, from: point, direction: direction, slope: slope, firstStep: firstStep, evaluations: &evaluations)
            guard let next = search else {
                if !history.isEmpty {
                    history.removeAll()
                    continue
                }
                let negligible = -slope * firstStep <= 1e-10 * abs(point.value)
                return result(negligible || norm <= 1e-7 * reference ? .precisionLimit : .lineSearchFailed)
            }
            history.append(from: point, to: next)
            let decrease = point.value - next.value
            point = next
            norm = BLAS.norm2(point.gradient)
            iterations += 1
            progress(
                MinimizationProgress(
                    iteration: iterations, value: point.value, relativeGradientNorm: reference > 0 ? norm / reference : norm))
            if stagnation.isStuck(decrease: decrease, value: point.value, norm: norm) { return result(.precisionLimit) }
        }
    }
}

/// A point with the value and the gradient there.
struct LinePoint {
    var parameters: [Double]
    var gradient: [Double]
    var value: Double
}

/// Counts the iterations in a row that lowered neither the value beyond rounding nor the gradient's norm below its best.
struct StagnationCounter {
    private var bestNorm = Double.infinity
    private var count = 0

    mutating func isStuck(decrease: Double, value: Double, norm: Double) -> Bool {
        if norm < bestNorm || decrease > 1e-14 * abs(value) { count = 0 } else { count += 1 }
        bestNorm = min(bestNorm, norm)
        return count >= 20
    }
}
