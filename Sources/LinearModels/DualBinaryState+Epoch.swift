import LinearAlgebra

extension DualBinaryState {
    /// Visits every sample once, in the given order, all labels of it at once, and returns an estimate of each label's duality gap
    /// met on the way.
    mutating func epoch(order: [Range<Int>]) -> [Double] {
        switch loss {
        case .logistic: epoch(order: order, LogisticStep.self)
        case .squaredHinge: epoch(order: order, SquaredHingeStep.self)
        }
    }

    /// Gives the intercepts what the dual variables imply, Σ_i t_i a_i, and the curvatures for the next epoch.
    private mutating func endEpochOfIntercept<Step: DualLossStep>(_: Step.Type) {
        var coefficients = [Double](repeating: 0, count: labelCount)
        var curvatures = [InterceptCurvature](repeating: InterceptCurvature(), count: labelCount)
        let zeros = [SIMD4<Float>](repeating: .zero, count: width)
        var (sums, terms, squares) = (zeros, zeros, zeros)
        let (dual, signs, costs, width) = (dual, signs, costs, width)
        forEachChunk { chunk in
            (sums, terms, squares) = (zeros, zeros, zeros)
            for i in chunk {
                let q = rows.squaredNorms[i]
                for v in 0..<width {
                    let a = dual[i * width + v]
                    sums[v] += signs[i * width + v] * a
                    let h = Step.curvature(a, cost: costs[i * width + v])
                    let term = h / (q * h + 1)
                    terms[v] += term
                    squares[v] += term * term
                }
            }
            for label in 0..<labelCount {
                let (v, lane) = (label / 4, label % 4)
                coefficients[label] += Double(sums[v][lane])
                curvatures[label].add(Double(terms[v][lane]), squares: Double(squares[v][lane]))
            }
        }
        intercept.endEpoch(sums: coefficients)
        intercept.setSquares(for: curvatures)
    }

    private mutating func epoch<Step: DualLossStep>(order: [Range<Int>], _: Step.Type) -> [Double] {
        // Locals: arrays of a structure would be checked for exclusive access at every element.
        var (weights, dual, intercepts) = (self.weights, self.dual, intercept.values)
        (self.weights, self.dual, intercept.values) = ([], [], [])
        let (rows, signs, costs, width, interceptSquares) = (rows, signs, costs, width, intercept.squares)
        var scores = [SIMD4<Float>](repeating: .zero, count: width)
        var change = scores
        var blockGaps = scores
        var gaps = [Double](repeating: 0, count: labelCount)

        for block in order {
            for v in 0..<width { blockGaps[v] = .zero }
            for i in block {
                let start = i * width
                for v in 0..<width { scores[v] = intercepts[v] }
                rows.addProduct(row: i, with: weights, width: width, to: &scores)
                let square = rows.squaredNorms[i]
                for v in 0..<width {
                    let sign = signs[start + v]
                    let old = dual[start + v]
                    let q = interceptSquares[v] + square
                    let (new, gap) = Step.visit(margin: sign * scores[v], old: old, cost: costs[start + v], q: q)
                    dual[start + v] = new
                    blockGaps[v] += gap
                    change[v] = sign * (new - old)
                    intercepts[v] += interceptSquares[v] * change[v]
                }
                rows.addRow(i, times: change, width: width, to: &weights)
            }
            for label in 0..<labelCount { gaps[label] += Double(blockGaps[label / 4][label % 4]) }
        }
        (self.weights, self.dual, intercept.values) = (weights, dual, intercepts)
        if intercept.isFitted { endEpochOfIntercept(Step.self) }
        return gaps
    }
}
