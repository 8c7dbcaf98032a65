import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The objective of logistic regression on probabilities in place of classes:
///
///     f(W, b) = C Σ_i s_i ℓ(q_i, z_i) + ½ ‖W‖²,    z_ic = Σ_j X_ij W_jc + b_c + offset_ic
///
/// with ℓ by `loss`: the cross-entropy −Σ_c q_c ln softmax(z)_c of a single-label task, or −Σ_c [q_c ln σ(z_c) + (1 − q_c) ln σ(−z_c)] of a
/// multi-label one, where a q_c that is not a number is left out. A sum over the articles, not a mean; the intercepts b are not
/// penalised. Scores and gradient are summed in single precision, article by article and feature by feature.
///
/// Parameters: W as [feature][class], then b.
struct SoftTargetObjective: Objective {
    enum Loss: Sendable { case softmax, logistic }

    let block: FeatureBlock
    /// q, articles × classes.
    let targets: [Float]
    let classCount: Int
    let loss: Loss
    /// C · s, one an article.
    let costs: [Float]
    let threads: Int
    /// What is added to z, articles × classes; empty for nothing.
    var offsets: [Float] = []

    var parameterCount: Int { (block.featureCount + 1) * classCount }

    func evaluate(at parameters: [Double], gradient: inout [Double]) -> Double {
        let width = FeatureBlock.width(classCount)
        let weights = Self.packed(parameters, rowCount: block.featureCount, classCount: classCount)
        var residuals = block.product(weights, width: width, threads: threads)
        let intercepts = Array(parameters.suffix(classCount))
        let (classCount, kind, targets, costs, offsets) = (classCount, loss, targets, costs, offsets)
        let sums = parallelChunks(of: &residuals, chunkLength: 1024 * width, threads: threads) { _, range, block in
            var loss = 0.0
            var slopes = [Double](repeating: 0, count: classCount)
            var scores = [Double](repeating: 0, count: classCount)
            let first = range.lowerBound / width
            for article in first..<range.upperBound / width {
                let start = (article - first) * width
                let cost = Double(costs[article])
                for c in 0..<classCount { scores[c] = Double(block[start + c / 4][c % 4]) + intercepts[c] }
                if !offsets.isEmpty {
                    for c in 0..<classCount { scores[c] += Double(offsets[article * classCount + c]) }
                }
                var articleLoss = 0.0
                if kind == .softmax {
                    var expected = 0.0
                    for c in 0..<classCount { expected += Double(targets[article * classCount + c]) * scores[c] }
                    var span = scores.mutableSpan
                    articleLoss = softmax(&span, in: 0..<classCount) - expected
                }
                for c in 0..<classCount {
                    let target = Double(targets[article * classCount + c])
                    var slope = 0.0
                    switch kind {
                    case .softmax: slope = cost * (scores[c] - target)
                    case .logistic where !target.isNaN:
                        articleLoss += softplus(scores[c]) - target * scores[c]
                        slope = cost * (sigmoid(scores[c]) - target)
                    case .logistic: break
                    }
                    slopes[c] += slope
                    block[start + c / 4][c % 4] = Float(slope)
                }
                loss += cost * articleLoss
            }
            return (loss: loss, slopes: slopes)
        }
        let products = block.transposedProduct(residuals, width: width, threads: threads)
        var value = sums.reduce(0) { $0 + $1.loss }
        let weightCount = block.featureCount * classCount
        var square = 0.0
        var output = gradient.mutableSpan
        let input = parameters.span
        let sums4 = products.span
        for feature in 0..<block.featureCount {
            for c in 0..<classCount {
                let position = feature * classCount + c
                square += input[position] * input[position]
                output[position] = Double(sums4[feature * width + c / 4][c % 4]) + input[position]
            }
        }
        value += square / 2
        for c in 0..<classCount { output[weightCount + c] = sums.reduce(0) { $0 + $1.slopes[c] } }
        return value
    }

    /// Weights [row][class] as rows of vectors of four.
    static func packed(_ weights: [Double], rowCount: Int, classCount: Int) -> [SIMD4<Float>] {
        let width = FeatureBlock.width(classCount)
        var packed = [SIMD4<Float>](repeating: .zero, count: rowCount * width)
        var output = packed.mutableSpan
        let input = weights.span
        for row in 0..<rowCount {
            for c in 0..<classCount { output[row * width + c / 4][c % 4] = Float(input[row * classCount + c]) }
        }
        return packed
    }

    /// The norm of the gradient at zero.
    var gradientNormAtZero: Double {
        let zeros = [Double](repeating: 0, count: parameterCount)
        var gradient = zeros
        _ = evaluate(at: zeros, gradient: &gradient)
        return gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    /// The minimum by L-BFGS from zero, or from `start`: weights [feature][class], then the intercepts.
    ///
    /// - Parameter referenceGradientNorm: what the tolerance is relative to, by default the norm of the gradient at the start. A start that
    ///   is as good as the minimum has a gradient of nothing but rounding, and steps along it lead anywhere.
    func minimum(
        tolerance: Double, maximumIterations: Int, start: [Double]? = nil, referenceGradientNorm: Double? = nil,
        context: TrainingContext
    ) -> [Double] {
        var objective = self
        let minimizer = LBFGS(historyCount: 6, gradientTolerance: tolerance, maximumIterations: maximumIterations)
        return minimizer.minimize(
            &objective, from: start ?? [Double](repeating: 0, count: parameterCount),
            referenceGradientNorm: referenceGradientNorm, shouldContinue: { !context.isCancelled() }
        ).parameters
    }

    /// The scores of the block's articles, articles × classes.
    func scores(_ parameters: [Double]) -> [Double] {
        let weights = Self.packed(parameters, rowCount: block.featureCount, classCount: classCount)
        var scores = ScoreTable.unpacked(
            block.product(weights, width: FeatureBlock.width(classCount), threads: threads), classCount: classCount,
            adding: Array(parameters.suffix(classCount)))
        for i in offsets.indices { scores[i] += Double(offsets[i]) }
        return scores
    }
}
