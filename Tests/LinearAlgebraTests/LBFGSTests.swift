import LinearAlgebra
import Testing

/// Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)², with its minimum 0 at ones.
private struct Rosenbrock: Objective {
    let parameterCount: Int

    mutating func evaluate(at x: [Double], gradient: inout [Double]) -> Double {
        var value = 0.0
        for i in gradient.indices { gradient[i] = 0 }
        for i in 0..<(parameterCount - 1) {
            let a = x[i + 1] - x[i] * x[i]
            let b = 1 - x[i]
            value += 100 * a * a + b * b
            gradient[i] -= 400 * x[i] * a + 2 * b
            gradient[i + 1] += 200 * a
        }
        return value
    }
}

/// ½ xᵀAx − bᵀx.
private struct Quadratic: Objective {
    let a: DenseMatrix
    let b: [Double]
    var parameterCount: Int { b.count }

    mutating func evaluate(at x: [Double], gradient: inout [Double]) -> Double {
        gradient = a.multiply(x)
        let value = 0.5 * BLAS.dot(x, gradient) - BLAS.dot(b, x)
        BLAS.axpy(-1, b, into: &gradient)
        return value
    }
}

/// x + 1/x, not defined for x ≤ 0, with its minimum at 1.
private struct Barrier: Objective {
    let parameterCount = 1

    mutating func evaluate(at x: [Double], gradient: inout [Double]) -> Double {
        gradient[0] = 1 - 1 / (x[0] * x[0])
        return x[0] > 0 ? x[0] + 1 / x[0] : .nan
    }
}

@Suite struct LBFGSTests {
    private func quadratic(_ count: Int, seed: UInt64) -> Quadratic {
        var a = DenseMatrix(rowCount: count + 5, columnCount: count, elements: randomVector((count + 5) * count, seed: seed))
            .gram()
        for i in 0..<count { a[i, i] += 0.5 }
        return Quadratic(a: a, b: randomVector(count, seed: seed + 1))
    }

    @Test(arguments: [2, 10, 50]) func minimizesRosenbrock(count: Int) {
        var objective = Rosenbrock(parameterCount: count)
        let start = (0..<count).map { $0 % 2 == 0 ? -1.2 : 1 }
        let result = LBFGS(gradientTolerance: 1e-10).minimize(&objective, from: start)
        #expect(result.stopReason == .gradientTolerance)
        #expect(result.value < 1e-14)
        #expect(agree(result.parameters, Array(repeating: 1, count: count), tolerance: 1e-6))
    }

    @Test func minimizesAQuadratic() throws {
        var objective = quadratic(20, seed: 3)
        let result = LBFGS(gradientTolerance: 1e-11).minimize(&objective, from: Array(repeating: 0, count: 20))
        let solution = try CholeskyFactor(of: objective.a).solve(objective.b)
        #expect(result.converged)
        #expect(agree(result.parameters, solution, tolerance: 1e-8))
    }

    @Test func stepsBackFromWhereTheFunctionIsNotDefined() {
        var objective = Barrier()
        let result = LBFGS(gradientTolerance: 1e-9).minimize(&objective, from: [20])
        #expect(result.converged)
        #expect(abs(result.parameters[0] - 1) < 1e-7)
    }

    @Test func reportsWhyItStopped() {
        var objective = Rosenbrock(parameterCount: 10)
        let start = [Double](repeating: -1, count: 10)
        let short = LBFGS(maximumIterations: 3).minimize(&objective, from: start)
        #expect(short.stopReason == .maximumIterations && !short.converged && short.iterations == 3)
        var remaining = 5
        let cancelled = LBFGS().minimize(
            &objective, from: start,
            shouldContinue: {
                remaining -= 1; return remaining > 0
            })
        #expect(cancelled.stopReason == .cancelled && cancelled.iterations == 4)
        let undefined = LBFGS().minimize(&objective, from: [Double](repeating: .infinity, count: 10))
        #expect(undefined.stopReason == .notFinite)
        let done = LBFGS().minimize(&objective, from: [Double](repeating: 1, count: 10))
        #expect(done.stopReason == .gradientTolerance && done.iterations == 0)
    }

    @Test(arguments: [0.3, 2.0, 100.0]) func orthantwiseMeetsTheOptimalityConditions(weight: Double) {
        var objective = quadratic(30, seed: 11)
        // One parameter without a penalty.
        let weights = (0..<30).map { $0 == 7 ? 0 : weight }
        let solver = LBFGS(gradientTolerance: 1e-9, maximumIterations: 5000)
        let result = solver.minimize(&objective, from: Array(repeating: 0, count: 30), l1Weights: weights)
        #expect(result.converged)
        var gradient = [Double](repeating: 0, count: 30)
        _ = objective.evaluate(at: result.parameters, gradient: &gradient)
        for i in 0..<30 {
            let x = result.parameters[i]
            if x == 0 {
                #expect(abs(gradient[i]) <= weights[i] * (1 + 1e-6))
            } else {
                #expect(abs(gradient[i] + (x > 0 ? weights[i] : -weights[i])) < 1e-6)
            }
        }
        if weight == 100 { #expect(result.parameters.enumerated().allSatisfy { $0.offset == 7 || $0.element == 0 }) }
    }
}
