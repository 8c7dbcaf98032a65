/// Articles ordered by the probability of one label: what curves and the areas below them are made from.
public struct BinaryRanking: Sendable {
    /// What holds when the label is given from a probability on.
    public struct Point: Sendable, Equatable {
        public let threshold: Double
        public let truePositives: Int
        public let falsePositives: Int
    }

    public let positiveCount: Int
    public let negativeCount: Int
    /// A point for each distinct probability, the highest first; the last gives the label to everything.
    public let points: [Point]

    /// - Parameter judged: probability and truth of each judged article, in any order.
    /// - Complexity: O(n log n).
    public init(_ judged: [(probability: Double, isPositive: Bool)]) {
        let sorted = judged.sorted { $0.probability > $1.probability }
        var points: [Point] = []
        var positives = 0
        var negatives = 0
        for (position, item) in sorted.enumerated() {
            if item.isPositive { positives += 1 } else { negatives += 1 }
            if position + 1 < sorted.count, sorted[position + 1].probability == item.probability { continue }
            points.append(Point(threshold: item.probability, truePositives: positives, falsePositives: negatives))
        }
        positiveCount = positives
        negativeCount = negatives
        self.points = points
    }

    /// The area under the receiver operating characteristic: the chance that a positive article is ranked above a negative one,
    /// ties counting half. `nil` without positive or without negative articles.
    public var rocAUC: Double? {
        guard positiveCount > 0, negativeCount > 0 else { return nil }
        var doubled = 0.0
        var previous = (truePositives: 0, falsePositives: 0)
        for point in points {
            doubled +=
                Double(point.falsePositives - previous.falsePositives)
                * Double(point.truePositives + previous.truePositives)
            previous = (point.truePositives, point.falsePositives)
        }
        return doubled / 2 / (Double(positiveCount) * Double(negativeCount))
    }

    /// The average precision Σ (R_k − R_{k−1}) P_k over the thresholds, without interpolation. `nil` without positive articles.
    public var averagePrecision: Double? {
        guard positiveCount > 0 else { return nil }
        var sum = 0.0
        var previous = 0
        for point in points {
            let precision = Double(point.truePositives) / Double(point.truePositives + point.falsePositives)
            sum += Double(point.truePositives - previous) * precision
            previous = point.truePositives
        }
        return sum / Double(positiveCount)
    }
}

extension Metrics {
    /// The ranking of the articles on which a label was judged.
    public func ranking(of label: Int) -> BinaryRanking {
        BinaryRanking(
            (0..<targets.count).compactMap { article in
                let judgement = targets[article, label]
                return judgement == .missing
                    ? nil : (probabilities[article * labelCount + label], judgement == .positive)
            })
    }

    /// A prediction and its truth.
    struct JudgedPair {
        let article: Int
        let probability: Double
        let isPositive: Bool
    }

    /// Every judged pair of article and label, article after article.
    var judgedPairs: [JudgedPair] {
        var pairs: [JudgedPair] = []
        pairs.reserveCapacity(targets.values.count)
        for article in 0..<targets.count {
            for label in 0..<labelCount where targets[article, label] != .missing {
                pairs.append(
                    JudgedPair(
                        article: article, probability: probabilities[article * labelCount + label],
                        isPositive: targets[article, label] == .positive))
            }
        }
        return pairs
    }

    /// The ranking of all judged pairs of article and label together.
    public var pooledRanking: BinaryRanking { BinaryRanking(judgedPairs.map { ($0.probability, $0.isPositive) }) }

    /// The area under the curve of each label; `nil` where articles of one kind are missing. O(n log n) for n pairs.
    public var labelROCAUCs: [Double?] { (0..<labelCount).map { ranking(of: $0).rocAUC } }

    /// The average precision of each label; `nil` where no article has it. O(n log n) for n pairs.
    public var labelAveragePrecisions: [Double?] { (0..<labelCount).map { ranking(of: $0).averagePrecision } }

    /// The area under the curve, one-vs-rest: of all pairs together (`micro`), or averaged over the labels for which it is
    /// defined. `nil` where it is defined for none.
    public func rocAUC(_ average: LabelAverage) -> Double? {
        average == .micro ? pooledRanking.rocAUC : definedMean(of: labelROCAUCs, weighted: average == .weighted)
    }

    /// The average precision: of all pairs together (`micro`), or averaged over the labels that occur. `nil` where none does.
    public func averagePrecision(_ average: LabelAverage) -> Double? {
        average == .micro
            ? pooledRanking.averagePrecision : definedMean(of: labelAveragePrecisions, weighted: average == .weighted)
    }

    /// The mean over the labels that have a value, weighted by support or not; `nil` where none has.
    func definedMean(of values: [Double?], weighted: Bool = false) -> Double? {
        var sum = 0.0
        var weights = 0.0
        for case (let value?, let counts) in zip(values, labelCounts) {
            let weight = weighted ? Double(counts.support) : 1
            sum += weight * value
            weights += weight
        }
        return weights > 0 ? sum / weights : nil
    }
}
