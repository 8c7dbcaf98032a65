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
    /// - Complexity: half an epoch, divided by the threads.
    func gaps(threads: Int) -> [(objective: Double, gap: Double)] {
        switch loss {
        case .logistic: gaps(LogisticStep.self, threads: threads)
        case .squaredHinge: gaps(SquaredHingeStep.self, threads: threads)
        case .hinge: gaps(HingeStep.self, threads: threads)
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

    /// Sums over a few samples, for every label.
    private struct GapPart: Sendable {
        var losses: [SIMD4<Float>]
        var divergences: [SIMD4<Float>]
        var residuals: [SIMD4<Float>]
        var curvatures: [SIMD4<Float>]

        init(width: Int) {
            losses = Array(repeating: .zero, count: width)
            (divergences, residuals, curvatures) = (losses, losses, losses)
        }
    }

    private func gaps<Step: DualLossStep>(_: Step.Type, threads: Int) -> [(objective: Double, gap: Double)] {
        let (rows, signs, costs, dual, weights, width) = (rows, signs, costs, dual, weights, width)
        let intercepts = intercept.values
        let chunkCount = (rows.rowCount + Self.chunkLength - 1) / Self.chunkLength
        let parts = parallelMap(count: chunkCount, threads: threads) { chunk in
            var part = GapPart(width: width)
            var scores = part.losses
            for i in chunk * Self.chunkLength..<min(rows.rowCount, (chunk + 1) * Self.chunkLength) {
                if i + 4 < rows.rowCount { rows.prefetchElements(ofRow: i + 4) }
                // Wider ones are asked for while they are summed.
                if width == 1, i + 1 < rows.rowCount { rows.prefetch(row: i + 1, of: weights, width: width) }
                for v in 0..<width { scores[v] = intercepts[v] }
                rows.addProduct(row: i, with: weights, width: width, to: &scores)
                for v in 0..<width {
                    let e = i * width + v
                    let margin = signs[e] * scores[v]
                    let loss = Step.loss(margin: margin, cost: costs[e])
                    part.losses[v] += loss
                    part.divergences[v] += loss + Step.conjugate(dual[e], cost: costs[e]) + dual[e] * margin
                    let (first, second) = Step.derivatives(margin: margin, cost: costs[e])
                    part.residuals[v] += signs[e] * first
                    part.curvatures[v] += second
                }
            }
            return part
        }
        var totals = [(loss: Double, divergence: Double, residual: Double, curvature: Double)](
            repeating: (0, 0, 0, 0), count: labelCount)
        for part in parts {
            for label in 0..<labelCount {
                let (v, lane) = (label / 4, label % 4)
                totals[label].loss += Double(part.losses[v][lane])
                totals[label].divergence += Double(part.divergences[v][lane])
                totals[label].residual += Double(part.residuals[v][lane])
                totals[label].curvature += Double(part.curvatures[v][lane])
            }
        }
        let norms = DualWeights.squaredNorms(weights, width: width)
        return totals.enumerated().map { label, total in
            let excess = intercept.excess(label, residual: total.residual, curvature: total.curvature)
            return (0.5 * norms[label] + intercept.penalty(label) + total.loss, total.divergence + excess)
        }
    }

    /// So many samples have sums that single precision can hold.
    private static var chunkLength: Int { 128 }

    /// Samples in pieces whose sums single precision can hold.
    func forEachChunk(_ body: (Range<Int>) -> Void) {
        for start in stride(from: 0, to: rows.rowCount, by: Self.chunkLength) {
            body(start..<min(rows.rowCount, start + Self.chunkLength))
        }
    }
}
