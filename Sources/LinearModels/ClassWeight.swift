import TextClassification

/// How the classes of a problem are weighed against each other.
public enum ClassWeight: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
    case none
    /// A class by the inverse of its frequency.
    case balanced
}

// The weights of samples and classes together. An article of weight w counts as w articles everywhere.
extension ClassWeight {
    /// For every article its weight times n / (K · count of its class) where classes are balanced; `nil` for ones.
    func sampleWeights(_ classes: [Int], classCount: Int, sampleWeights: [Double]?) -> [Double]? {
        guard self == .balanced else { return sampleWeights }
        let weights = sampleWeights ?? [Double](repeating: 1, count: classes.count)
        var counts = [Double](repeating: 0, count: classCount)
        for (label, weight) in zip(classes, weights) { counts[label] += weight }
        let total = counts.reduce(0, +)
        let present = Double(counts.count { $0 > 0 })
        return zip(classes, weights).map { label, weight in weight > 0 ? weight * total / (present * counts[label]) : 0 }
    }

    /// For every article and label the article's weight times n / (2 · count of its side) where classes are balanced; `nil` for ones.
    func labelWeights(_ targets: Targets, sampleWeights: [Double]?) -> [Double]? {
        guard self == .balanced else { return sampleWeights }
        let labelCount = targets.labelCount
        let weights = sampleWeights ?? [Double](repeating: 1, count: targets.count)
        var positive = [Double](repeating: 0, count: labelCount)
        var negative = [Double](repeating: 0, count: labelCount)
        for (position, value) in targets.values.enumerated() {
            if value == 1 { positive[position % labelCount] += weights[position / labelCount] }
            if value == 0 { negative[position % labelCount] += weights[position / labelCount] }
        }
        return targets.values.enumerated().map { position, value in
            let label = position % labelCount
            let count = value == 1 ? positive[label] : negative[label]
            return weights[position / labelCount] * (count > 0 ? (positive[label] + negative[label]) / (2 * count) : 1)
        }
    }
}
