import LinearAlgebra

extension DualBinaryState {
    /// Each label's dual objective, a lower bound of the primal one near the optimum: −½‖w‖² − Σ conjugate(a).
    func dualObjectives() -> [Double] {
        switch loss {
        case .logistic: dualObjectives(LogisticStep.self)
        case .squaredHinge: dualObjectives(SquaredHingeStep.self)
        case .hinge: dualObjectives(HingeStep.self)
        }
    }

    /// Each label's primal objective at the present weights and intercepts, and a bound on what is missing to its minimum: the
    /// duality gap for these intercepts, and for an intercept what a Newton step on it promises.
    ///
    /// Scores are single precision, sums double: good for relative gaps down to about 10⁻⁶.
    ///
    /// - Complexity: half an epoch.
    func gaps(threads: Int) -> [(objective: Double, gap: Double)] {
        switch loss {
        case .logistic: gaps(LogisticStep.self)
        case .squaredHinge: gaps(SquaredHingeStep.self)
        case .hinge: gaps(HingeStep.self)
        }
    }

    private func dualObjectives<Step: DualLossStep>(_: Step.Type) -> [Double] {
        let (dual, costs, width) = (dual, costs, width)
        var objectives = DualWeights.squaredNorms(weights, width: width).prefix(labelCount).map { -0.5 * $0 }
        var sums = [SIMD4<Float>](repeating: .zero, count: width)
        forEachChunk { chunk in
            for v in 0..<width { sums[v] = .zero }
            for i in chunk {
                for v in 0..<width { sums[v] += Step.conjugate(dual[i * width + v], cost: costs[i * width + v]) }
            }
            for label in 0..<labelCount { objectives[label] -= Double(sums[label / 4][label % 4]) }
        }
        return objectives
    }

    private func gaps<Step: DualLossStep>(_: Step.Type) -> [(objective: Double, gap: Double)] {
        let (rows, signs, costs, dual, weights, width) = (rows, signs, costs, dual, weights, width)
        let intercepts = intercept.values
        let zeros = [SIMD4<Float>](repeating: .zero, count: width)
        var scores = zeros
        var (losses, divergences, residuals, curvatures) = (zeros, zeros, zeros, zeros)
        var totals = [(loss: Double, divergence: Double, residual: Double, curvature: Double)](
            repeating: (0, 0, 0, 0), count: labelCount)
        forEachChunk { chunk in
            (losses, divergences, residuals, curvatures) = (zeros, zeros, zeros, zeros)
            for i in chunk {
                if i + 1 < chunk.upperBound { rows.prefetch(row: i + 1, of: weights, width: width) }
                for v in 0..<width { scores[v] = intercepts[v] }
                rows.addProduct(row: i, with: weights, width: width, to: &scores)
                for v in 0..<width {
                    let e = i * width + v
                    let margin = signs[e] * scores[v]
                    let loss = Step.loss(margin: margin, cost: costs[e])
                    losses[v] += loss
                    divergences[v] += loss + Step.conjugate(dual[e], cost: costs[e]) + dual[e] * margin
                    let (first, second) = Step.derivatives(margin: margin, cost: costs[e])
                    residuals[v] += signs[e] * first
                    curvatures[v] += second
                }
            }
            for label in 0..<labelCount {
                let (v, lane) = (label / 4, label % 4)
                totals[label].loss += Double(losses[v][lane])
                totals[label].divergence += Double(divergences[v][lane])
                totals[label].residual += Double(residuals[v][lane])
                totals[label].curvature += Double(curvatures[v][lane])
            }
        }
        let norms = DualWeights.squaredNorms(weights, width: width)
        return totals.enumerated().map { label, total in
            let excess = intercept.excess(label, residual: total.residual, curvature: total.curvature)
            return (0.5 * norms[label] + intercept.penalty(label) + total.loss, total.divergence + excess)
        }
    }

    /// Samples in pieces whose sums single precision can hold.
    func forEachChunk(_ body: (Range<Int>) -> Void) {
        for start in stride(from: 0, to: rows.rowCount, by: 128) { body(start..<min(rows.rowCount, start + 128)) }
    }
}
