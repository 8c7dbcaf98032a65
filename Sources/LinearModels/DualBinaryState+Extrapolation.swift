import LinearAlgebra

extension DualBinaryState {
    /// Moves the dual variables of samples towards those given, each label the whole way, half of it, or not at all, whichever gives
    /// the best dual objective.
    ///
    /// - Complexity: two passes over the samples.
    mutating func approach(_ goal: [SIMD4<Float>], of samples: [Int32]) {
        switch loss {
        case .logistic: approach(goal, of: samples, LogisticStep.self)
        case .squaredHinge: approach(goal, of: samples, SquaredHingeStep.self)
        case .hinge: approach(goal, of: samples, HingeStep.self)
        }
    }

    private mutating func approach<Step: DualLossStep>(_ goal: [SIMD4<Float>], of samples: [Int32], _: Step.Type) {
        let (width, labelCount) = (width, labelCount)
        var steps = goal
        for (place, i) in samples.enumerated() {
            for v in 0..<width {
                let e = Int(i) * width + v
                steps[place * width + v] = Step.bounded(goal[place * width + v], cost: costs[e]) - dual[e]
            }
        }
        let before = slopes(of: steps, samples)
        let conjugates = [0, 0.5, 1].map { (share: Float) in
            sums(over: samples) { place, i, v in
                Step.conjugate(dual[i * width + v] + share * steps[place * width + v], cost: costs[i * width + v])
            }
        }
        let coefficients = sums(over: samples) { place, i, v in signs[i * width + v] * steps[place * width + v] }
        move(samples, by: steps, times: [SIMD4<Float>](repeating: SIMD4(repeating: 1), count: width))
        let after = slopes(of: steps, samples)

        // What the minimised dual, ½‖w‖² + Σ conjugate(a) + centre · S + ½ B² S², changes by a share τ of the step.
        var shares = [SIMD4<Float>](repeating: .zero, count: width)
        for label in 0..<labelCount {
            func change(_ share: Double, _ conjugate: Double) -> Double {
                let slope = before[label]
                let curvature = after[label] - before[label]
                return share * slope + 0.5 * share * share * curvature + conjugate - conjugates[0][label]
                    + intercept.penaltyChange(label, by: share * coefficients[label])
            }
            let half = change(0.5, conjugates[1][label])
            let whole = change(1, conjugates[2][label])
            if whole < 0 && whole <= half {
                shares[label / 4][label % 4] = 1
            } else if half < 0 {
                shares[label / 4][label % 4] = 0.5
            }
        }
        if shares.contains(where: { $0 != SIMD4(repeating: 1) }) { move(samples, by: steps, times: shares.map { $0 - 1 }) }
        if intercept.isFitted {
            intercept.endPass(
                changes: (0..<labelCount).map { coefficients[$0] * Double(shares[$0 / 4][$0 % 4]) })
        }
    }

    /// Σ_i t_i s_i wᵀx_i of each label: the slope of ½‖w‖² along a step s.
    private func slopes(of steps: [SIMD4<Float>], _ samples: [Int32]) -> [Double] {
        var scores = [SIMD4<Float>](repeating: .zero, count: width)
        return sums(over: samples) { place, i, v in
            if v == 0 {
                for v in 0..<width { scores[v] = .zero }
                rows.addProduct(row: i, with: weights, width: width, to: &scores)
            }
            return signs[i * width + v] * steps[place * width + v] * scores[v]
        }
    }

    /// Adds the steps of samples, times a factor a label, to the dual variables, and what they imply to the weights.
    private mutating func move(_ samples: [Int32], by steps: [SIMD4<Float>], times factors: [SIMD4<Float>]) {
        var (weights, dual) = (self.weights, self.dual)
        (self.weights, self.dual) = ([], [])
        var change = [SIMD4<Float>](repeating: .zero, count: width)
        for (place, i) in samples.enumerated() {
            let i = Int(i)
            for v in 0..<width {
                let step = factors[v] * steps[place * width + v]
                dual[i * width + v] += step
                change[v] = signs[i * width + v] * step
            }
            rows.addRow(i, times: change, width: width, to: &weights)
        }
        (self.weights, self.dual) = (weights, dual)
    }

    /// Sums over samples of a term for each label, in double precision every few samples.
    private func sums(
        over samples: [Int32], _ term: (_ place: Int, _ sample: Int, _ vector: Int) -> SIMD4<Float>
    ) -> [Double] {
        var totals = [Double](repeating: 0, count: labelCount)
        var sums = [SIMD4<Float>](repeating: .zero, count: width)
        for start in stride(from: 0, to: samples.count, by: 64) {
            for v in 0..<width { sums[v] = .zero }
            for place in start..<min(samples.count, start + 64) {
                for v in 0..<width { sums[v] += term(place, Int(samples[place]), v) }
            }
            for label in 0..<labelCount { totals[label] += Double(sums[label / 4][label % 4]) }
        }
        return totals
    }
}
