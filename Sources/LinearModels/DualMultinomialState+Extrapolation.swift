import LinearAlgebra

extension DualMultinomialState {
    /// Moves the dual variables of samples to those given, half the way, or not at all, whichever gives the best dual objective.
    ///
    /// - Complexity: two passes over the samples.
    mutating func approach(_ goal: [SIMD4<Float>], of samples: [Int32]) {
        let width = width
        var steps = goal
        for (place, i) in samples.enumerated() {
            // On the simplex again, with no share below the least.
            let cost = costs[Int(i)]
            let floor = cost * Self.smallestShare
            var sum = SIMD4<Float>.zero
            for v in 0..<width {
                let a = goal[place * width + v]
                let raised = a.replacing(with: floor, where: a .< floor) * mask[v]
                steps[place * width + v] = raised
                sum += raised
            }
            let scale = sum.total > 0 ? cost / sum.total : 0
            for v in 0..<width {
                steps[place * width + v] = scale * steps[place * width + v] - dual[Int(i) * width + v]
            }
        }
        let entropies = [0, 0.5, 1].map { entropy(samples, movedBy: steps, share: $0) }
        let coefficients = coefficientChanges(of: steps)
        let before = slope(along: steps, samples)
        move(samples, by: steps, share: 1)
        let after = slope(along: steps, samples)

        // What the minimised dual, ½‖W‖² + Σ a ln a + centre · S + ½ B² S², changes by a share of the step.
        func change(_ share: Double, _ entropy: Double) -> Double {
            let penalties = coefficients.indices.reduce(0) { $0 + intercept.penaltyChange($1, by: share * coefficients[$1]) }
            return share * before + 0.5 * share * share * (after - before) + entropy - entropies[0] + penalties
        }
        let (half, whole) = (change(0.5, entropies[1]), change(1, entropies[2]))
        let share = whole < 0 && whole <= half ? 1.0 : half < 0 ? 0.5 : 0
        if share < 1 { move(samples, by: steps, share: Float(share) - 1) }
        if intercept.isFitted { intercept.endPass(changes: coefficients.map { share * $0 }) }
    }

    /// The slope of ½‖W‖² along a step of the dual variables.
    private func slope(along steps: [SIMD4<Float>], _ samples: [Int32]) -> Double {
        var scores = [SIMD4<Float>](repeating: .zero, count: width)
        var total = 0.0
        for (place, i) in samples.enumerated() {
            for v in 0..<width { scores[v] = .zero }
            rows.addProduct(row: Int(i), with: weights, width: width, to: &scores)
            var sum = SIMD4<Float>.zero
            for v in 0..<width { sum -= steps[place * width + v] * scores[v] }
            total += Double(sum.total)
        }
        return total
    }

    /// Σ a ln a over samples after a share of their steps.
    private func entropy(_ samples: [Int32], movedBy steps: [SIMD4<Float>], share: Float) -> Double {
        var total = 0.0
        for (place, i) in samples.enumerated() {
            var sum = SIMD4<Float>.zero
            for v in 0..<width {
                let a = dual[Int(i) * width + v] + share * steps[place * width + v]
                sum += a * SIMD4.log(a)
            }
            total += Double(sum.total)
        }
        return total
    }

    /// What steps of the dual variables change Σ_i (C_i e_{y_i} − a_i) by, each class.
    private func coefficientChanges(of steps: [SIMD4<Float>]) -> [Double] {
        var totals = [Double](repeating: 0, count: classCount)
        var sums = [SIMD4<Float>](repeating: .zero, count: width)
        for chunk in stride(from: 0, to: steps.count, by: 64 * width) {
            for v in 0..<width { sums[v] = .zero }
            for e in chunk..<min(steps.count, chunk + 64 * width) { sums[(e - chunk) % width] -= steps[e] }
            for c in 0..<classCount { totals[c] += Double(sums[c / 4][c % 4]) }
        }
        return totals
    }

    /// Adds a share of the steps of samples to their dual variables, and what it implies to the weights.
    private mutating func move(_ samples: [Int32], by steps: [SIMD4<Float>], share: Float) {
        var (weights, dual) = (self.weights, self.dual)
        (self.weights, self.dual) = ([], [])
        var change = [SIMD4<Float>](repeating: .zero, count: width)
        for (place, i) in samples.enumerated() {
            for v in 0..<width {
                let step = share * steps[place * width + v]
                dual[Int(i) * width + v] += step
                change[v] = -step
            }
            rows.addRow(Int(i), times: change, width: width, to: &weights)
        }
        (self.weights, self.dual) = (weights, dual)
    }
}
