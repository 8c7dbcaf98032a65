extension LBFGS {
    /// Minimises f(x) + Σ λ_i |x_i| (OWL-QN, Andrew & Gao 2007): L-BFGS on the pseudo-gradient, every step kept within the
    /// orthant it starts in. Parameters with λ_i = 0 move freely.
    func minimizeOrthantwise(
        _ objective: inout some Objective, from start: [Double], l1Weights: [Double], referenceGradientNorm: Double?,
        diagonal: [Double]?, shouldContinue: () -> Bool, progress: (MinimizationProgress) -> Void
    ) -> MinimizationResult {
        var point = LinePoint(parameters: start, gradient: start, value: 0)
        var total = objective.evaluate(at: point.parameters, gradient: &point.gradient)
        point.value = total
        total += Self.penalty(point.parameters, l1Weights)
        var pseudoGradient = Self.pseudoGradient(point, l1Weights)
        var norm = BLAS.norm2(pseudoGradient)
        let reference = referenceGradientNorm ?? norm
        var evaluations = 1
        var iterations = 0
        var stagnation = StagnationCounter()
        var history = CurvatureHistory(capacity: historyCount, diagonal: diagonal)

        func result(_ reason: StopReason) -> MinimizationResult {
            MinimizationResult(
                parameters: point.parameters, value: total, gradientNorm: norm,
                relativeGradientNorm: reference > 0 ? norm / reference : norm, iterations: iterations, evaluations: evaluations,
                stopReason: reason)
        }

        guard total.isFinite && norm.isFinite else { return result(.notFinite) }
        while true {
            if norm <= gradientTolerance * reference { return result(.gradientTolerance) }
            if iterations >= maximumIterations { return result(.maximumIterations) }
            if !shouldContinue() { return result(.cancelled) }

            var direction = history.descentDirection(for: pseudoGradient)
            for i in direction.indices where l1Weights[i] > 0 && direction[i] * pseudoGradient[i] >= 0 { direction[i] = 0 }
            if !(BLAS.dot(direction, pseudoGradient) < 0) {
                history.removeAll()
                direction = history.descentDirection(for: pseudoGradient)
            }

            // Backtracking with projection: a coordinate that would change its sign becomes zero.
            let orthant = zip(point.parameters, pseudoGradient).map { $0 != 0 ? $0 : -$1 }
            let noise = Self.valueNoise * abs(total)
            var step = history.isEmpty && !history.isPreconditioned ? min(1, 1 / norm) : 1
            var next = point
            var nextTotal = total
            var found = false
            for _ in 0..<maximumLineSearchEvaluations {
                next.parameters = point.parameters
                BLAS.axpy(step, direction, into: &next.parameters)
                var predicted = 0.0
                for i in next.parameters.indices {
                    if l1Weights[i] > 0 && next.parameters[i] * orthant[i] <= 0 { next.parameters[i] = 0 }
                    predicted += pseudoGradient[i] * (next.parameters[i] - point.parameters[i])
                }
                next.value = objective.evaluate(at: next.parameters, gradient: &next.gradient)
                evaluations += 1
                nextTotal = next.value + Self.penalty(next.parameters, l1Weights)
                if nextTotal.isFinite && nextTotal <= total + Self.decreaseFraction * predicted + noise {
                    found = true
                    break
                }
                step *= nextTotal.isFinite ? 0.5 : 0.1
            }
            guard found else {
                if !history.isEmpty {
                    history.removeAll()
                    continue
                }
                return result(norm * norm * step <= 1e-10 * abs(total) ? .precisionLimit : .lineSearchFailed)
            }
            history.append(from: point, to: next)
            let decrease = total - nextTotal
            point = next
            total = nextTotal
            pseudoGradient = Self.pseudoGradient(point, l1Weights)
            norm = BLAS.norm2(pseudoGradient)
            iterations += 1
            progress(
                MinimizationProgress(
                    iteration: iterations, value: total, relativeGradientNorm: reference > 0 ? norm / reference : norm))
            if stagnation.isStuck(decrease: decrease, value: total, norm: norm) { return result(.precisionLimit) }
        }
    }

    /// The Euclidean norm of the gradient at a point; with L1 weights, of the subgradient of least norm.
    public static func gradientNorm(of objective: inout some Objective, at point: [Double], l1Weights: [Double]? = nil) -> Double
    {
        var here = LinePoint(parameters: point, gradient: point, value: 0)
        here.value = objective.evaluate(at: point, gradient: &here.gradient)
        return BLAS.norm2(l1Weights.map { pseudoGradient(here, $0) } ?? here.gradient)
    }

    /// Σ λ_i |x_i|.
    static func penalty(_ parameters: [Double], _ l1Weights: [Double]) -> Double {
        var sum = 0.0
        for i in parameters.indices { sum += l1Weights[i] * abs(parameters[i]) }
        return sum
    }

    /// The subgradient of f + Σ λ_i |x_i| of least norm: its negative is the steepest descent.
    static func pseudoGradient(_ point: LinePoint, _ l1Weights: [Double]) -> [Double] {
        point.gradient.indices.map { i in
            let x = point.parameters[i]
            let g = point.gradient[i]
            let weight = l1Weights[i]
            if x > 0 { return g + weight }
            if x < 0 { return g - weight }
            if g + weight < 0 { return g + weight }
            if g - weight > 0 { return g - weight }
            return 0
        }
    }
}
