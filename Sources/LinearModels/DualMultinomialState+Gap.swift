import LinearAlgebra

extension DualMultinomialState {
    /// The primal objective at the present weights and intercepts, and a bound on what is missing to its minimum.
    ///
    /// The bound is the duality gap for these intercepts, Σ_i C_i KL(a_i / C_i ‖ p_i), and for the intercepts the excess that a
    /// diagonal Newton step on them promises, Σ_c S_c² / H_c with S = Σ_i C_i (e_{y_i} − p_i) and H_c = Σ_i C_i p_ic (1 − p_ic).
    /// Scores are single precision, sums double: good for relative gaps down to about 10⁻⁶.
    ///
    /// - Complexity: half an epoch, divided by the threads.
    func gaps(threads: Int) -> [(objective: Double, gap: Double)] {
        let (rows, classes, costs, width, weights, intercept) = (rows, classes, costs, width, weights, intercept.values)
        let (dual, classCount, mask) = (dual, classCount, mask)
        let chunkCount = (rows.rowCount + Self.gapChunk - 1) / Self.gapChunk
        let parts = parallelMap(count: chunkCount, threads: threads) { chunk in
            var part = GapPart(width: width)
            var scores = [SIMD4<Float>](repeating: .zero, count: width)
            for i in (chunk * Self.gapChunk)..<min(rows.rowCount, (chunk + 1) * Self.gapChunk) where costs[i] > 0 {
                if i + 4 < rows.rowCount { rows.prefetchElements(ofRow: i + 4) }
                for v in 0..<width { scores[v] = intercept[v] }
                rows.addProduct(row: i, with: weights, width: width, to: &scores)
                var largest = -Float.infinity
                for c in 0..<classCount { largest = max(largest, scores[c / 4][c % 4]) }
                var sum = SIMD4<Float>.zero
                for v in 0..<width { sum += SIMD4.exp(scores[v] - largest) * mask[v] }
                let logSum = largest + SIMD4.log(SIMD4(repeating: sum.total))[0]
                let cost = costs[i]
                let logCost = SIMD4.log(SIMD4(repeating: cost))
                var divergence = SIMD4<Float>.zero
                for v in 0..<width {
                    let a = dual[i * width + v]
                    let logProbability = scores[v] - logSum
                    // Padding and classes of no share have a = 0 and add nothing: the logarithm of 0 here is finite.
                    divergence += a * (SIMD4.log(a) - logCost - logProbability)
                    let p = SIMD4.exp(logProbability) * mask[v]
                    part.residual[v] -= cost * p
                    part.curvature[v] += cost * (p * (1 - p))
                }
                let own = classes[i]
                part.residual[own / 4][own % 4] += cost
                part.loss += Double(cost * (logSum - scores[own / 4][own % 4]))
                part.divergence += Double(divergence.total)
            }
            return part
        }

        var gap = parts.reduce(0) { $0 + $1.divergence }
        var penalty = 0.5 * DualWeights.squaredNorms(weights, width: width).reduce(0, +)
        if self.intercept.isFitted {
            for c in 0..<classCount {
                let residual = parts.reduce(0) { $0 + Double($1.residual[c / 4][c % 4]) }
                let curvature = parts.reduce(0) { $0 + Double($1.curvature[c / 4][c % 4]) }
                gap += self.intercept.excess(c, residual: residual, curvature: curvature)
                penalty += self.intercept.penalty(c)
            }
        }
        return [(penalty + parts.reduce(0) { $0 + $1.loss }, gap)]
    }

    /// Samples whose terms are summed together, whatever the number of threads.
    private static let gapChunk = 256

    /// The sums over one chunk of samples.
    private struct GapPart: Sendable {
        var loss = 0.0
        var divergence = 0.0
        var residual: [SIMD4<Float>]
        var curvature: [SIMD4<Float>]

        init(width: Int) {
            residual = Array(repeating: .zero, count: width)
            curvature = residual
        }
    }
}
