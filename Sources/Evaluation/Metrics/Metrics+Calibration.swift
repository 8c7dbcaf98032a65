/// Predictions of similar probability, and how often they came true.
public struct ReliabilityBin: Sendable, Equatable, Codable {
    /// The lowest probability in the bin.
    public let lowest: Double
    /// The highest probability in the bin.
    public let highest: Double
    /// The number of predictions.
    public let count: Int
    /// Their mean probability.
    public let meanProbability: Double
    /// The share of them that came true.
    public let positiveShare: Double

    /// Σ n_b/n |mean probability − share come true| over the bins; 0 without predictions.
    static func expectedCalibrationError(of bins: [ReliabilityBin]) -> Double {
        let count = bins.reduce(0) { $0 + $1.count }
        let sum = bins.reduce(0) { $0 + Double($1.count) * abs($1.meanProbability - $1.positiveShare) }
        return quotient(sum, Double(count))
    }
}

extension Metrics {
    /// The reliability table: predictions in bins of about equal number, from the lowest probability to the highest.
    ///
    /// Multi-label: all judged pairs of article and label. Single-label: of each article the most probable label, true if it is
    /// the article's class. Equal probabilities stay in one bin, so there may be fewer bins than asked for. O(n log n).
    public func reliabilityTable(binCount: Int = 10) -> [ReliabilityBin] {
        precondition(binCount > 0, "a table of \(binCount) bins")
        let sorted = calibrationPairs.sorted { $0.probability < $1.probability }
        var bins: [ReliabilityBin] = []
        var start = 0
        for bin in 1...binCount {
            var end = max(start, sorted.count * bin / binCount)
            while end > start, end < sorted.count, sorted[end].probability == sorted[end - 1].probability { end += 1 }
            guard end > start else { continue }
            let members = sorted[start..<end]
            bins.append(
                ReliabilityBin(
                    lowest: sorted[start].probability, highest: sorted[end - 1].probability, count: end - start,
                    meanProbability: members.reduce(0) { $0 + $1.probability } / Double(end - start),
                    positiveShare: quotient(members.filter(\.isPositive).count, end - start)))
            start = end
        }
        return bins
    }

    /// The expected calibration error Σ n_b/n |mean probability − share come true| over the bins of the reliability table.
    ///
    /// Bins of equal number as in Nixon et al., "Measuring calibration in deep learning" (2019). 0 without predictions.
    public func expectedCalibrationError(binCount: Int = 10) -> Double {
        ReliabilityBin.expectedCalibrationError(of: reliabilityTable(binCount: binCount))
    }

    /// The predictions whose calibration is looked at.
    var calibrationPairs: [JudgedPair] {
        guard targets.task == .single else { return judgedPairs }
        return (0..<targets.count).compactMap { article in
            guard let truth = targets.classIndex(of: article) else { return nil }
            let row = article * labelCount
            var best = 0
            for label in 1..<max(1, labelCount) where probabilities[row + label] > probabilities[row + best] { best = label }
            return JudgedPair(article: article, probability: probabilities[row + best], isPositive: best == truth)
        }
    }
}
