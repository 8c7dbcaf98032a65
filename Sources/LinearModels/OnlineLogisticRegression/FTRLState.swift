import LinearAlgebra
import TextClassification

/// The learning rates and penalties of FTRL-Proximal.
struct FTRLOptions: Sendable {
    /// α: the first steps' length.
    var learningRate: Float
    /// β: how slowly steps shorten at first.
    var smoothing: Float
    /// λ₁.
    var l1: Float
    /// λ₂.
    var l2: Float
}

/// The state of logistic regression by FTRL-Proximal with a rate for every weight (McMahan et al. 2013, algorithm 1), all labels of a
/// row at once.
///
/// For every weight z = Σ g − Σ σ w and n = Σ g², over the rows so far, g being the gradient of a row's loss; then
///
///     w = 0 if |z| ≤ λ₁, else −(z − sign(z) λ₁) / ((β + √n) / α + λ₂)
///     σ = (√(n + g²) − √n) / α
///
/// The loss is the cross-entropy of the softmax in single-label tasks, and of the logistic function of each judged label in
/// multi-label ones. Sums run in the order of the rows: one thread, and the same bits everywhere.
struct FTRLState {
    let labelCount: Int
    let featureCount: Int
    let task: ClassificationTask
    /// Vectors of four labels.
    private let width: Int
    /// z and then n of a feature, `width` vectors each; the last row is that of the intercepts.
    private var state: [SIMD4<Float>]
    private let mask: [SIMD4<Float>]
    var options: FTRLOptions

    init(featureCount: Int, labelCount: Int, task: ClassificationTask, options: FTRLOptions) {
        self.featureCount = featureCount
        self.labelCount = labelCount
        self.task = task
        self.options = options
        let width = (labelCount + 3) / 4
        self.width = width
        state = Array(repeating: .zero, count: (featureCount + 1) * 2 * width)
        mask = (0..<width).map { v in SIMD4((0..<4).map { v * 4 + $0 < labelCount ? 1 : 0 }) }
    }

    /// The state that a model file holds.
    /// - Returns: `nil` where features are not in ascending order, or not those of so many.
    init?(_ saved: SavedFTRLState, featureCount: Int, labelCount: Int) {
        self.init(
            featureCount: featureCount, labelCount: labelCount, task: saved.settings.task, options: saved.settings.options)
        guard saved.numbers.count == saved.features.count * 2 * labelCount else { return nil }
        let width = width
        var state: [SIMD4<Float>] = []
        swap(&state, &self.state)
        let isWhole = saved.features.withSpan { features in
            saved.numbers.withSpan { numbers in
                var last = -1
                for position in features.indices {
                    let feature = Int(features[position])
                    guard feature > last, feature <= featureCount else { return false }
                    last = feature
                    for part in 0..<2 {
                        for label in 0..<labelCount {
                            state[(2 * feature + part) * width + label / 4][label % 4] =
                                numbers[(2 * position + part) * labelCount + label]
                        }
                    }
                }
                return true
            }
        }
        guard isWhole else { return nil }
        swap(&state, &self.state)
    }

    /// z and n of the features that were seen, as a model file holds them.
    func saved(passCount: Int) -> SavedFTRLState {
        var features: [UInt32] = []
        var numbers: [Float] = []
        for feature in 0...featureCount {
            let base = feature * 2 * width
            guard (0..<2 * width).contains(where: { state[base + $0] != .zero }) else { continue }
            features.append(UInt32(feature))
            for part in 0..<2 {
                for label in 0..<labelCount { numbers.append(state[base + part * width + label / 4][label % 4]) }
            }
        }
        return SavedFTRLState(
            settings: .init(task: task, options: options, passCount: passCount), features: ModelArray(features),
            numbers: ModelArray(numbers))
    }

    /// Bytes for so many features and labels, and for the model made of them and its file; what updates go on from stands in both.
    static func byteCount(featureCount: Int, labelCount: Int, keepsState: Bool) -> Int {
        let state = (featureCount + 1) * ((labelCount + 3) / 4) * 32
        let model = featureCount * (labelCount * 12 + 4)
        return keepsState ? max(state + model, 2 * model) : state + featureCount * labelCount * 6
    }

    /// Learns from rows in the given order, and returns the summed losses before each was learnt.
    ///
    /// - Parameter scoresBefore: where there is an array, the scores that each row had before it was learnt are appended.
    mutating func learn(_ rows: borrowing LabelledRows, order: [Int], scoresBefore: inout [Double]?) -> Double {
        var state: [SIMD4<Float>] = []
        swap(&state, &self.state)
        let (width, labelCount, featureCount, options) = (width, labelCount, featureCount, options)
        let offsets = rows.offsets.span
        let columns = rows.columns.span
        let values = rows.values.span
        let targets = rows.targets.span
        var weights: [SIMD4<Float>] = []
        var scores = [SIMD4<Float>](repeating: .zero, count: width)
        var residuals = scores
        var loss = 0.0
        let rate = 1 / options.learningRate

        for row in order {
            let range = offsets[row]..<offsets[row + 1]
            for v in 0..<width { scores[v] = .zero }
            let needed = (range.count + 1) * width
            if weights.count < needed { weights = Array(repeating: .zero, count: 2 * needed) }
            do {
                let state = state.span
                var weights = weights.mutableSpan
                var scores = scores.mutableSpan
                for e in 0...range.count {
                    let isIntercept = e == range.count
                    let feature = isIntercept ? featureCount : Int(columns[range.lowerBound + e])
                    let value = isIntercept ? 1 : values[range.lowerBound + e]
                    let base = feature * 2 * width
                    for v in 0..<width {
                        let weight = Self.weight(
                            state[base + v], state[base + width + v], rate: rate, isPenalized: !isIntercept, options)
                        weights[e * width + v] = weight
                        scores[v] += value * weight
                    }
                }
            }
            if scoresBefore != nil {
                for label in 0..<labelCount { scoresBefore?.append(Double(scores[label / 4][label % 4])) }
            }
            loss += Double(residual(scores, targets, row * labelCount, into: &residuals))
            if residuals.allSatisfy({ $0 == .zero }) { continue }
            do {
                var state = state.mutableSpan
                let weights = weights.span
                let residuals = residuals.span
                for e in 0...range.count {
                    let isIntercept = e == range.count
                    let feature = isIntercept ? featureCount : Int(columns[range.lowerBound + e])
                    let value = isIntercept ? 1 : values[range.lowerBound + e]
                    let base = feature * 2 * width
                    for v in 0..<width {
                        let gradient = value * residuals[v]
                        let before = state[base + width + v]
                        let after = before + gradient * gradient
                        let sigma = (after.squareRoot() - before.squareRoot()) * rate
                        state[base + v] += gradient - sigma * weights[e * width + v]
                        state[base + width + v] = after
                    }
                }
            }
        }
        swap(&state, &self.state)
        return loss
    }

    @inline(__always)
    private static func weight(
        _ z: SIMD4<Float>, _ n: SIMD4<Float>, rate: Float, isPenalized: Bool, _ options: FTRLOptions
    ) -> SIMD4<Float> {
        let denominator = (n.squareRoot() + options.smoothing) * rate
        guard isPenalized else { return -z / denominator }
        guard options.l1 > 0 else { return -z / (denominator + options.l2) }
        let isNegative = z .< 0
        let size = z.replacing(with: -z, where: isNegative) - options.l1
        let kept = size.replacing(with: 0, where: size .< 0) / (denominator + options.l2)
        return (-kept).replacing(with: kept, where: isNegative)
    }

    /// Writes the derivative of a row's loss by the scores, and returns the loss.
    private func residual(
        _ scores: [SIMD4<Float>], _ targets: Span<Int8>, _ first: Int, into residuals: inout [SIMD4<Float>]
    ) -> Float {
        switch task {
        case .single:
            var own = -1
            var largest = -Float.infinity
            for label in 0..<labelCount {
                if targets[first + label] > 0 { own = label }
                largest = max(largest, scores[label / 4][label % 4])
            }
            // An article whose one label nobody judged teaches nothing.
            guard own >= 0 else {
                for v in 0..<width { residuals[v] = .zero }
                return 0
            }
            var sum = SIMD4<Float>.zero
            for v in 0..<width {
                residuals[v] = SIMD4.exp(scores[v] - largest) * mask[v]
                sum += residuals[v]
            }
            let total = sum.total
            for v in 0..<width { residuals[v] *= 1 / total }
            residuals[own / 4][own % 4] -= 1
            return SIMD4.log(SIMD4(repeating: total))[0] + largest - scores[own / 4][own % 4]
        case .multi:
            var loss = SIMD4<Float>.zero
            for v in 0..<width {
                var sign = SIMD4<Float>.zero
                for lane in 0..<min(4, labelCount - 4 * v) {
                    let target = targets[first + 4 * v + lane]
                    sign[lane] = target > 0 ? 1 : target < 0 ? 0 : -1
                }
                let margin = sign * scores[v]
                let e = SIMD4.exp(-margin.replacing(with: -margin, where: margin .< 0))
                // σ(−m) for both signs of m without overflow.
                let small = e / (e + 1)
                let share = small.replacing(with: 1 - small, where: margin .< 0)
                residuals[v] = -sign * share
                let own = SIMD4.log(e + 1) + (-margin).replacing(with: 0, where: margin .> 0)
                loss += own * sign * sign
            }
            return loss.total
        }
    }

    /// The derivatives of one article's loss by its scores, and the loss.
    static func residuals(ofScores scores: [Float], targets: Targets) -> (derivatives: [Float], loss: Float) {
        let state = FTRLState(
            featureCount: 0, labelCount: scores.count, task: targets.task,
            options: FTRLOptions(learningRate: 1, smoothing: 1, l1: 0, l2: 0))
        var vectors = state.mask
        for label in scores.indices { vectors[label / 4][label % 4] = scores[label] }
        var residuals = vectors
        let loss = state.residual(vectors, targets.values.span, 0, into: &residuals)
        return (scores.indices.map { residuals[$0 / 4][$0 % 4] }, loss)
    }

    /// The weights, [feature][label], and the intercepts.
    func model() -> LinearModel {
        var weights: [Float] = []
        weights.reserveCapacity(featureCount * labelCount)
        var intercepts: [Double] = []
        for feature in 0...featureCount {
            let base = feature * 2 * width
            for label in 0..<labelCount {
                let (v, lane) = (label / 4, label % 4)
                let weight = Self.weight(
                    state[base + v], state[base + width + v], rate: 1 / options.learningRate,
                    isPenalized: feature < featureCount, options)[lane]
                if feature < featureCount {
                    weights.append(weight)
                } else {
                    intercepts.append(Double(weight))
                }
            }
        }
        return LinearModel(weights: weights, intercepts: intercepts)
    }
}
