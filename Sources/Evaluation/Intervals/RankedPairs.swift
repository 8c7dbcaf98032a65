/// All judged pairs of article and label in the order of their probabilities, so that figures of resampled articles take one pass.
struct RankedPairs: Sendable {
    private struct Pair {
        let article: Int32
        let isPositive: Bool
        let probability: Double
    }

    /// By falling probability: all pairs, for average precision and the area under the curve.
    private let ranking: [Pair]
    /// By rising probability: the predictions whose calibration is looked at.
    private let calibration: [Pair]
    let count: Int
    private let figures: [HeadlineFigure]

    init(_ metrics: Metrics, figures: [HeadlineFigure]) {
        var position = [Int32](repeating: -1, count: metrics.targets.count)
        for (number, article) in metrics.judgedArticles.enumerated() { position[article] = Int32(number) }
        func pairs(_ triples: [Metrics.JudgedPair]) -> [Pair] {
            triples.map { Pair(article: position[$0.article], isPositive: $0.isPositive, probability: $0.probability) }
        }
        ranking = pairs(metrics.judgedPairs).sorted { $0.probability > $1.probability }
        calibration = pairs(metrics.calibrationPairs).sorted { $0.probability < $1.probability }
        count = metrics.judgedArticles.count
        self.figures = figures
    }

    /// The values with each judged article counting as often as `weights` says; an undefined one is 0 (½ for the area). O(pairs).
    func values(weights: [Int32]) -> [Double] {
        figures.map { figure in
            switch figure {
            case .expectedCalibrationError: calibrationError(weights)
            case .averagePrecision: area(weights).averagePrecision ?? 0
            default: area(weights).rocAUC ?? 0.5
            }
        }
    }

    private func area(_ weights: [Int32]) -> (averagePrecision: Double?, rocAUC: Double?) {
        let weights = weights.span
        let pairs = ranking.span
        var (positives, negatives) = (0, 0)
        var (previousPositives, previousNegatives) = (0, 0)
        var (precisionSum, doubledArea) = (0.0, 0.0)
        for i in pairs.indices {
            let weight = Int(weights[Int(pairs[i].article)])
            if pairs[i].isPositive { positives += weight } else { negatives += weight }
            if i + 1 < pairs.count, pairs[i + 1].probability == pairs[i].probability { continue }
            if positives > previousPositives {
                precisionSum += Double(positives - previousPositives) * Double(positives) / Double(positives + negatives)
            }
            doubledArea += Double(negatives - previousNegatives) * Double(positives + previousPositives)
            (previousPositives, previousNegatives) = (positives, negatives)
        }
        return (
            positives > 0 ? precisionSum / Double(positives) : nil,
            positives > 0 && negatives > 0 ? doubledArea / 2 / (Double(positives) * Double(negatives)) : nil
        )
    }

    /// As `Metrics.expectedCalibrationError` with ten bins of equal number, equal probabilities in one bin.
    private func calibrationError(_ weights: [Int32], binCount: Int = 10) -> Double {
        let weights = weights.span
        let pairs = calibration.span
        var total = 0
        for i in pairs.indices { total += Int(weights[Int(pairs[i].article)]) }
        guard total > 0 else { return 0 }
        var sum = 0.0
        var (seen, bin) = (0, 1)
        var (probability, positives) = (0.0, 0)
        var last: Double?
        for i in pairs.indices {
            let weight = Int(weights[Int(pairs[i].article)])
            guard weight > 0 else { continue }
            // A bin ends where its share of the predictions is reached, unless the next probability is the same.
            if let last, last != pairs[i].probability, seen >= total * bin / binCount {
                sum += abs(probability - Double(positives))
                (probability, positives) = (0, 0)
                while bin < binCount, seen >= total * bin / binCount { bin += 1 }
            }
            seen += weight
            probability += Double(weight) * pairs[i].probability
            if pairs[i].isPositive { positives += weight }
            last = pairs[i].probability
        }
        return (sum + abs(probability - Double(positives))) / Double(total)
    }
}
