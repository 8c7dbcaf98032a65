import Evaluation
import TextClassification

/// What the threshold slider of the page computes with: for each label how many articles would be given it, rightly and wrongly.
struct ThresholdCounts: Encodable {
    struct Label: Encodable {
        let name: String
        let support: Int
        /// The threshold of the model; 0 where it has none.
        let threshold: Double
        /// Pairs of a probability in thousandths, rounded down, and a count.
        let right: [[Int]]
        let wrong: [[Int]]
    }

    /// Where the slider stands for all labels together: at the mean of their thresholds.
    let threshold: Double
    let labels: [Label]

    /// In a single-label task only the most probable label of an article can be given, from the threshold on.
    init(_ metrics: Metrics, labels: LabelSet, thresholds: [Double]?) {
        let labelCount = labels.count
        let isSingle = metrics.targets.task == .single
        var right = [[Int: Int]](repeating: [:], count: labelCount)
        var wrong = right
        for article in metrics.judgedArticles {
            let row = article * labelCount
            let best =
                isSingle
                ? (0..<labelCount).max { (metrics.probabilities[row + $0], $1) < (metrics.probabilities[row + $1], $0) } : nil
            for label in 0..<labelCount where best == nil || best == label {
                let bin = Self.bin(metrics.probabilities[row + label])
                switch metrics.targets[article, label] {
                case .positive: right[label][bin, default: 0] += 1
                case .negative: wrong[label][bin, default: 0] += 1
                case .missing: break
                }
            }
        }
        func pairs(_ counts: [Int: Int]) -> [[Int]] { counts.sorted { $0.key < $1.key }.map { [$0.key, $0.value] } }
        let usual = isSingle ? 0 : 0.5
        threshold = thresholds.flatMap { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) } ?? usual
        self.labels = (0..<labelCount).map { label in
            Label(
                name: labels[label], support: metrics.labelCounts[label].support, threshold: thresholds?[label] ?? usual,
                right: pairs(right[label]), wrong: pairs(wrong[label]))
        }
    }

    /// The greatest k with k/1000 ≤ p: exactly the articles of bins from k on reach the threshold k/1000.
    static func bin(_ probability: Double) -> Int {
        var bin = Int(probability * 1000)
        if Double(bin + 1) / 1000 <= probability { bin += 1 }
        if Double(bin) / 1000 > probability { bin -= 1 }
        return min(max(bin, 0), 1000)
    }
}
