import Calibration
import LinearAlgebra
import TextClassification

/// How the scores of members become the features of the model that learns from them: a column a member and label, [member][label].
struct StackingInput: Sendable, Equatable {
    let task: ClassificationTask
    let output: Stacking.Parameters.MemberOutput
    /// What the scores of each member are divided by: one number (single), or one a label (multi).
    let scales: [[Double]]
    /// Whether any article has each label; the scores of the others say nothing.
    let occurs: [Bool]

    var labelCount: Int { occurs.count }
    var columnCount: Int { scales.count * labelCount }

    private func scale(_ member: Int, _ label: Int) -> Double { scales[member][label % scales[member].count] }

    init(task: ClassificationTask, output: Stacking.Parameters.MemberOutput, scales: [[Double]], occurs: [Bool]) {
        self.task = task
        self.output = output
        self.scales = scales
        self.occurs = occurs
    }

    /// Finds the scales of out-of-fold scores.
    init(_ found: OutOfFoldScores, sampleWeights: [Double]?, _ parameters: Stacking.Parameters) {
        let occurs = found.targets.positiveCounts.map { $0 > 0 }
        let unscaled = StackingInput(
            task: found.targets.task, output: parameters.memberOutput, scales: found.scores.map { _ in [1] }, occurs: occurs)
        guard parameters.memberOutput == .scores else {
            self = unscaled
            return
        }
        let weights = sampleWeights ?? [Double](repeating: 1, count: found.targets.count)
        let scales = found.scores.map { scores in
            var scores = scores
            unscaled.prepare(&scores)
            let variances = occurs.indices.filter { occurs[$0] }.map { label in
                (label, Self.variance(of: label, scores, found.targets, weights))
            }
            func scale(_ variance: Double) -> Double {
                variance.isFinite && variance > 1e-200 ? variance.squareRoot() : 1
            }
            guard found.targets.task == .multi else {
                return [scale(variances.reduce(0) { $0 + $1.1 } / Double(max(1, variances.count)))]
            }
            var own = [Double](repeating: 1, count: occurs.count)
            for (label, variance) in variances { own[label] = scale(variance) }
            return own
        }
        self.init(task: unscaled.task, output: .scores, scales: scales, occurs: occurs)
    }

    /// The weighted variance of a label's scores over the articles on which it was judged.
    private static func variance(of label: Int, _ scores: [Double], _ targets: Targets, _ weights: [Double]) -> Double {
        let judged = (0..<targets.count).filter { targets.task == .single || targets[$0, label] != .missing }
        let total = judged.reduce(0) { $0 + weights[$1] }
        guard total > 0 else { return 0 }
        func mean(_ value: (Double) -> Double) -> Double {
            judged.reduce(0) { $0 + weights[$1] * value(scores[$1 * targets.labelCount + label]) } / total
        }
        let centre = mean { $0 }
        return mean { ($0 - centre) * ($0 - centre) }
    }

    /// Puts scores of one member (articles × labels) into the form that is learnt from, but for its scale.
    private func prepare(_ scores: inout [Double]) {
        let labelCount = labelCount
        if output == .probabilities { LinkFunctionModel(task: task, labelCount: labelCount).calibrate(&scores) }
        let isCentred = output == .scores && task == .single
        let occurringCount = Double(max(1, occurs.count { $0 }))
        for start in stride(from: 0, to: scores.count, by: labelCount) {
            var mean = 0.0
            if isCentred {
                for label in 0..<labelCount where occurs[label] { mean += scores[start + label] }
                mean /= occurringCount
            }
            for label in 0..<labelCount { scores[start + label] = occurs[label] ? scores[start + label] - mean : 0 }
        }
    }

    /// The rows to learn from or to predict, of the scores of every member (each articles × labels).
    func matrix(_ scores: [[Double]]) -> SparseMatrix {
        let prepared = scores.map { scores in
            var scores = scores
            prepare(&scores)
            return scores
        }
        let labelCount = labelCount
        var matrix = SparseMatrix(columnCount: columnCount)
        for start in stride(from: 0, to: prepared.first?.count ?? 0, by: labelCount) {
            for (member, scores) in prepared.enumerated() {
                for label in 0..<labelCount where occurs[label] {
                    let score = scores[start + label] / scale(member, label)
                    matrix.append(column: Int32(member * labelCount + label), value: Float(score))
                }
            }
            matrix.endRow()
        }
        return matrix
    }

    /// What a feature adds to each column, of the weights that it has in every member ([member][label]); linear only for scores.
    func columns(_ weights: [Double]) -> [Double] {
        var columns = weights
        for member in scales.indices {
            var own = Array(weights[member * labelCount..<(member + 1) * labelCount])
            prepare(&own)
            for label in 0..<labelCount { columns[member * labelCount + label] = own[label] / scale(member, label) }
        }
        return columns
    }
}
