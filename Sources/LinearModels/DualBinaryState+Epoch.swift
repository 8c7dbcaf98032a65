import LinearAlgebra

extension DualBinaryState {
    /// Visits samples in the given order, all labels of one at once, and returns an estimate of each label's duality gap over them,
    /// met on the way.
    mutating func pass(over samples: [Int32], isComplete: Bool) -> [Double] {
        switch loss {
        case .logistic: pass(over: samples, isComplete: isComplete, LogisticStep.self)
        case .squaredHinge: pass(over: samples, isComplete: isComplete, SquaredHingeStep.self)
        case .hinge: pass(over: samples, isComplete: isComplete, HingeStep.self)
        }
    }

    private mutating func pass<Step: DualLossStep>(over samples: [Int32], isComplete: Bool, _: Step.Type) -> [Double] {
        // Locals: arrays of a structure would be checked for exclusive access at every element.
        var (weights, dual, activities, intercepts) = (self.weights, self.dual, self.activities, intercept.values)
        (self.weights, self.dual, self.activities, intercept.values) = ([], [], [], [])
        let (rows, signs, costs, width, importance) = (rows, signs, costs, width, importance)
        let interceptSquares = intercept.squares
        var scores = [SIMD4<Float>](repeating: .zero, count: width)
        var change = scores
        var blockGaps = scores
        var coefficientChanges = scores
        var gaps = [Double](repeating: 0, count: labelCount)
        var sums = gaps

        for start in stride(from: 0, to: samples.count, by: SampleOrder.blockLength) {
            for v in 0..<width {
                blockGaps[v] = .zero
                coefficientChanges[v] = .zero
            }
            for place in start..<min(samples.count, start + SampleOrder.blockLength) {
                let i = Int(samples[place])
                let next = rows.prefetch(visits: samples, after: place)
                if let next {
                    dual.prefetch(next * width)
                    signs.prefetch(next * width)
                    costs.prefetch(next * width)
                }
                let first = i * width
                for v in 0..<width { scores[v] = intercepts[v] }
                rows.addProduct(row: i, with: weights, width: width, to: &scores)
                let square = rows.squaredNorms[i]
                var activity = SIMD4<Float>.zero
                var movement = SIMD4<Float>.zero
                for v in 0..<width {
                    let sign = signs[first + v]
                    let old = dual[first + v]
                    let q = interceptSquares[v] + square
                    let (new, gap) = Step.visit(margin: sign * scores[v], old: old, cost: costs[first + v], q: q)
                    dual[first + v] = new
                    blockGaps[v] += gap
                    activity += gap * importance[v]
                    let step = sign * (new - old)
                    change[v] = step
                    movement += step * step
                    coefficientChanges[v] += step
                    intercepts[v] += interceptSquares[v] * step
                }
                activities[i] = activity.total
                if movement.total > 0 {
                    rows.addRow(i, times: change, width: width, to: &weights, prefetching: next)
                } else if let next {
                    rows.prefetch(row: next, of: weights, width: width)
                }
            }
            for label in 0..<labelCount {
                gaps[label] += Double(blockGaps[label / 4][label % 4])
                sums[label] += Double(coefficientChanges[label / 4][label % 4])
            }
        }
        (self.weights, self.dual, self.activities, intercept.values) = (weights, dual, activities, intercepts)
        if intercept.isFitted {
            if isComplete {
                endPassOfIntercept(Step.self)
            } else {
                intercept.endPass(changes: sums)
            }
        }
        return gaps
    }

    /// Gives the intercepts what the dual variables imply, Σ_i t_i a_i, and the curvatures for the next passes.
    private mutating func endPassOfIntercept<Step: DualLossStep>(_: Step.Type) {
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
        intercept.endPass(sums: coefficients)
        intercept.setSquares(for: curvatures)
    }
}
