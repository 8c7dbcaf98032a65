import LinearAlgebra

extension DualMultinomialState {
    /// Visits samples in the given order, and returns an estimate of the duality gap over them, met on the way.
    ///
    /// A visit minimises the dual over a_i, all classes at once: with u = z + q a_old and q = ‖x_i‖², the new a solves
    /// ln a_c + q a_c + λ = u_c and Σ a_c = C_i. Newton's method on (a, λ): with r_c = u_c − q a_c − ln a_c and
    /// h_c = a_c / (1 + q a_c),
    ///
    ///     λ = (Σ h r − (C − Σ a)) / Σ h,    Δa_c = h_c (r_c − λ)
    ///
    /// A decrease is taken as the Newton step in 1/a, a² / (a − Δa): for fixed λ both stay on the near side of the root, and
    /// a > 0. (Yu, Huang & Lin 2011; Shalev-Shwartz & Zhang 2013.)
    mutating func pass(over samples: [Int32], isComplete: Bool) -> [Double] {
        // Locals: arrays of a structure would be checked for exclusive access at every element.
        var (weights, dual, activities, intercepts) = (self.weights, self.dual, self.activities, intercept.values)
        (self.weights, self.dual, self.activities, intercept.values) = ([], [], [], [])
        let (rows, costs, width, mask, interceptSquares) = (rows, costs, width, mask, intercept.squares)
        let importance = importance
        var scores = [SIMD4<Float>](repeating: .zero, count: width)
        var goal = scores
        var current = scores
        var factor = scores
        var rest = scores
        var change = scores
        var changes = scores
        var sums = [Double](repeating: 0, count: classCount)
        var gap = 0.0

        for (place, i) in samples.enumerated() {
            let i = Int(i)
            let next = rows.prefetch(visits: samples, after: place)
            if let next { dual.prefetch(next * width) }
            guard costs[i] > 0 else { continue }
            let cost = costs[i]
            let square = rows.squaredNorms[i]
            for v in 0..<width { scores[v] = intercepts[v] }
            rows.addProduct(row: i, with: weights, width: width, to: &scores)
            let start = i * width
            for v in 0..<width {
                goal[v] = scores[v] + (interceptSquares[v] + square) * dual[start + v]
                current[v] = isStarted ? dual[start + v] : mask[v] * (cost / Float(classCount))
            }
            let floor = cost * Self.smallestShare
            var sum = cost
            for iteration in 0..<Self.maximumInnerIterations {
                var (factorSum, productSum, currentSum) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
                for v in 0..<width {
                    let a = current[v]
                    let q = interceptSquares[v] + square
                    let r = goal[v] - q * a - SIMD4.log(a)
                    let h = a / (q * a + 1)
                    factor[v] = h
                    rest[v] = r
                    factorSum += h
                    productSum += h * r
                    currentSum += a
                }
                let multiplier = (productSum.total - (cost - currentSum.total)) / factorSum.total
                var (decrease, divergence, newSum) = (SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero)
                for v in 0..<width {
                    let a = current[v]
                    let r = rest[v] - multiplier
                    let step = factor[v] * r
                    decrease += step * r
                    divergence += a * r * r
                    let raised = a + step
                    let lowered = (a * a) / (a - step)
                    let next = lowered.replacing(with: raised, where: step .>= 0)
                    let bounded = next.replacing(with: floor, where: next .< floor) * mask[v]
                    current[v] = bounded
                    newSum += bounded
                }
                sum = newSum.total
                if iteration == 0 {
                    let visited = 0.5 * divergence.total
                    gap += Double(visited)
                    activities[i] = visited * importance
                }
                if decrease.total <= Self.innerTolerance * cost { break }
            }
            let scale = cost / sum
            for v in 0..<width {
                let a = current[v] * scale
                change[v] = dual[start + v] - a
                dual[start + v] = a
                changes[v] += change[v]
                intercepts[v] += interceptSquares[v] * change[v]
            }
            rows.addRow(i, times: change, width: width, to: &weights, prefetching: next)
            if place % SampleOrder.blockLength == 0 {
                for c in 0..<classCount { sums[c] += Double(changes[c / 4][c % 4]) }
                for v in 0..<width { changes[v] = .zero }
            }
        }
        for c in 0..<classCount { sums[c] += Double(changes[c / 4][c % 4]) }
        (self.weights, self.dual, self.activities, intercept.values) = (weights, dual, activities, intercepts)
        isStarted = true
        if intercept.isFitted {
            if isComplete {
                endPassOfIntercept()
            } else {
                intercept.endPass(changes: sums)
            }
        }
        return [gap]
    }

    /// Gives the intercepts what the dual variables imply, Σ_i (C_i e_{y_i} − a_i), and the curvatures for the next passes.
    private mutating func endPassOfIntercept() {
        var coefficients = [Double](repeating: 0, count: classCount)
        var curvatures = [InterceptCurvature](repeating: InterceptCurvature(), count: classCount)
        let zeros = [SIMD4<Float>](repeating: .zero, count: width)
        let (dual, costs, width) = (dual, costs, width)
        for start in stride(from: 0, to: rows.rowCount, by: 128) {
            var (sums, terms, squares) = (zeros, zeros, zeros)
            for i in start..<min(rows.rowCount, start + 128) where costs[i] > 0 {
                let q = rows.squaredNorms[i]
                for v in 0..<width {
                    let a = dual[i * width + v]
                    sums[v] -= a
                    let h = a * (costs[i] - a) / costs[i]
                    let term = h / (q * h + 1)
                    terms[v] += term
                    squares[v] += term * term
                }
                sums[classes[i] / 4][classes[i] % 4] += costs[i]
            }
            for c in 0..<classCount {
                let (v, lane) = (c / 4, c % 4)
                coefficients[c] += Double(sums[v][lane])
                curvatures[c].add(Double(terms[v][lane]), squares: Double(squares[v][lane]))
            }
        }
        intercept.endPass(sums: coefficients)
        intercept.setSquares(for: curvatures)
    }

    /// The least share of C_i that a class keeps, so that it can grow again.
    static let smallestShare: Float = 1e-10
    /// The most Newton iterations in a visit.
    static let maximumInnerIterations = 10
    /// The decrease a Newton iteration promises, relative to C_i, below which it is the last one.
    static let innerTolerance: Float = 1e-2
}
