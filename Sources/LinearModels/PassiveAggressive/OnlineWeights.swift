import LinearAlgebra
import TextClassification

/// The weights of the perceptron and of passive-aggressive classifiers while they learn, and the sums that their mean comes from.
struct OnlineWeights: Sendable {
    private let labelCount: Int
    private let parameters: PassiveAggressive.Parameters
    /// [feature][label]; behind the features the intercepts.
    private var weights: [Double]
    /// Each update times the number of steps before it: the mean over all steps is weights − this / steps.
    private var early: [Double]
    private var stepCount = 0.0
    private var scores: [Double]

    init(featureCount: Int, labelCount: Int, _ parameters: PassiveAggressive.Parameters) {
        self.labelCount = labelCount
        self.parameters = parameters
        weights = [Double](repeating: 0, count: (featureCount + 1) * labelCount)
        early = weights
        scores = [Double](repeating: 0, count: labelCount)
    }

    /// Learns a row of one label's problem, by a part of a step. `square` is the row's squared length.
    mutating func learn(_ rows: SparseMatrix, _ row: Int, square: Double, isPositive: Bool, part: Double = 1) {
        score(rows, row)
        let sign = isPositive ? 1.0 : -1
        let step = part * length(margin: sign * scores[0], square: square + 1)
        if step > 0 { add(sign * step, rows, row, 0) }
        stepCount += part
    }

    /// Learns a row of a problem of classes, by a part of a step.
    mutating func learn(_ rows: SparseMatrix, _ row: Int, square: Double, class own: Int, part: Double = 1) {
        score(rows, row)
        var rival = -1
        for label in 0..<labelCount where label != own && (rival < 0 || scores[label] > scores[rival]) { rival = label }
        if rival >= 0 {
            let step = part * length(margin: scores[own] - scores[rival], square: 2 * (square + 1))
            if step > 0 {
                add(step, rows, row, own)
                add(-step, rows, row, rival)
            }
        }
        stepCount += part
    }

    /// τ.
    private func length(margin: Double, square: Double) -> Double {
        let loss = max(0, 1 - margin)
        let c = parameters.aggressiveness
        return switch parameters.update {
        case .perceptron: margin <= 0 ? 1 : 0
        case .pa: loss / square
        case .pa1: min(c, loss / square)
        case .pa2: loss / (square + 1 / (2 * c))
        }
    }

    private mutating func score(_ rows: SparseMatrix, _ row: Int) {
        let intercepts = weights.count - labelCount
        for label in 0..<labelCount { scores[label] = weights[intercepts + label] }
        for element in rows.row(row) {
            let place = Int(rows.columnIndices[element]) * labelCount
            for label in 0..<labelCount { scores[label] += Double(rows.values[element]) * weights[place + label] }
        }
    }

    private mutating func add(_ step: Double, _ rows: SparseMatrix, _ row: Int, _ label: Int) {
        for element in rows.row(row) {
            let place = Int(rows.columnIndices[element]) * labelCount + label
            let value = Double(rows.values[element])
            weights[place] += step * value
            early[place] += stepCount * step * value
        }
        let place = weights.count - labelCount + label
        weights[place] += step
        early[place] += stepCount * step
    }

    /// The weights to keep, the intercepts last.
    var kept: [Double] {
        guard parameters.averages, stepCount > 0 else { return weights }
        return zip(weights, early).map { $0 - $1 / stepCount }
    }

    var model: LinearModel { Self.joined([self]) }

    /// The model of problems that were learnt apart.
    static func joined(_ states: [OnlineWeights]) -> LinearModel {
        let kept = states.map(\.kept)
        let counts = states.map(\.labelCount)
        let featureCount = states.isEmpty ? 0 : kept[0].count / max(1, counts[0]) - 1
        var weights: [Float] = []
        var intercepts: [Double] = []
        weights.reserveCapacity(featureCount * counts.reduce(0, +))
        for feature in 0...featureCount {
            for (part, count) in zip(kept, counts) {
                for place in feature * count..<(feature + 1) * count {
                    if feature < featureCount { weights.append(Float(part[place])) } else { intercepts.append(part[place]) }
                }
            }
        }
        return LinearModel(weights: weights, intercepts: intercepts)
    }
}
