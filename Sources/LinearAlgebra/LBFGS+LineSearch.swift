extension LBFGS {
    /// Sufficient decrease: f(x + αd) ≤ f(x) + c₁ α dᵀ∇f(x).
    static let decreaseFraction = 1e-4
    /// Curvature: |dᵀ∇f(x + αd)| ≤ c₂ |dᵀ∇f(x)|.
    static let curvatureFraction = 0.9
    /// Differences of the value below this fraction of it are taken for rounding; there the slope decides (in the manner of the
    /// approximate Wolfe conditions of Hager & Zhang 2005), and the gradient can be brought below √ε.
    static let valueNoise = 4e-15

    /// A point along `direction` that meets the strong Wolfe conditions, found by bracketing and zooming with cubic
    /// interpolation (Nocedal & Wright 2006, §3.5); nil if there is none within the allowed evaluations.
    ///
    /// A value that is not finite counts as too high.
    func lineSearch(
        _ objective: inout some Objective, from start: LinePoint, direction: [Double], slope: Double, firstStep: Double,
        evaluations: inout Int
    ) -> LinePoint? {
        let noise = Self.valueNoise * abs(start.value)
        var low = Trial(step: 0, value: start.value, slope: slope)
        var high: Trial?
        var step = firstStep
        var best: LinePoint?
        var point = start
        for _ in 0..<maximumLineSearchEvaluations {
            point.parameters = start.parameters
            BLAS.axpy(step, direction, into: &point.parameters)
            point.value = objective.evaluate(at: point.parameters, gradient: &point.gradient)
            evaluations += 1
            let trial = Trial(step: step, value: point.value, slope: BLAS.dot(point.gradient, direction))

            if !trial.isFinite {
                high = Trial(step: step, value: .infinity, slope: .nan)
                step = low.step + 0.1 * (step - low.step)
                continue
            }
            let ceiling = start.value + Self.decreaseFraction * step * slope
            if trial.value > ceiling + noise || trial.value > low.value + noise {
                high = trial
            } else {
                if abs(trial.slope) <= -Self.curvatureFraction * slope { return point }
                if let end = high {
                    if trial.slope * (end.step - low.step) >= 0 { high = low }
                } else if trial.slope >= 0 {
                    high = low
                }
                // Acceptable but for the curvature: kept, in case the search ends before something better is found.
                if trial.value < start.value { best = point }
                if high == nil {
                    let next = trial.cubicMinimum(with: low) ?? 4 * step
                    low = trial
                    step = min(max(next, 2 * step), 10 * step)
                    continue
                }
                low = trial
            }
            guard let end = high else { break }
            let width = end.step - low.step
            if abs(width) <= 1e-15 * max(abs(low.step), abs(end.step)) { break }
            let nearest = low.step + 0.1 * width
            let farthest = low.step + 0.9 * width
            let candidate = end.isFinite ? low.cubicMinimum(with: end) : nil
            step = min(max(candidate ?? (low.step + 0.5 * width), min(nearest, farthest)), max(nearest, farthest))
        }
        return best
    }

    /// What was seen at one step length.
    struct Trial {
        var step: Double
        var value: Double
        var slope: Double

        var isFinite: Bool { value.isFinite && slope.isFinite }

        /// The minimum of the cubic through both values and slopes (Nocedal & Wright 2006, equation 3.59).
        func cubicMinimum(with other: Trial) -> Double? {
            let d1 = slope + other.slope - 3 * (value - other.value) / (step - other.step)
            let square = d1 * d1 - slope * other.slope
            guard square >= 0 else { return nil }
            let d2 = (other.step > step ? 1 : -1) * square.squareRoot()
            let minimum = other.step - (other.step - step) * (other.slope + d2 - d1) / (other.slope - slope + 2 * d2)
            return minimum.isFinite ? minimum : nil
        }
    }
}
