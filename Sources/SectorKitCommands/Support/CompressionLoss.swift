import Evaluation
import TextClassification

/// What a model lost by being made smaller, on articles that neither form was trained on.
struct CompressionLoss: Encodable {
    let articles: Int
    let whole: Double
    let compressed: Double
    /// The 95 % interval of the difference.
    let interval: ConfidenceInterval
    /// The share of decisions that are the same.
    let agreement: Double
    /// How the figures were made.
    let source: String

    /// Compares probabilities and decisions, articles × labels, with the targets.
    init(
        _ targets: Targets, whole: (probabilities: [Double], decisions: [Bool]),
        compressed: (probabilities: [Double], decisions: [Bool]), threads: Int, source: String
    ) {
        let first = Metrics(targets: targets, probabilities: whole.probabilities, decisions: whole.decisions)
        let second = Metrics(targets: targets, probabilities: compressed.probabilities, decisions: compressed.decisions)
        let comparison = PairedComparison(first, second)
        articles = targets.count
        self.whole = first.totalCounts.f1
        self.compressed = second.totalCounts.f1
        interval = comparison.interval(.microF1, bootstrap: Bootstrap(resampleCount: 1000, threadCount: threads))
        let same = zip(whole.decisions, compressed.decisions).count { $0 == $1 }
        agreement = whole.decisions.isEmpty ? 1 : Double(same) / Double(whole.decisions.count)
        self.source = source
    }

    var text: String {
        """
        micro-F1 \(whole.fixed(3)) whole, \(compressed.fixed(3)) compressed, on \(articles) articles (\(source)); \
        \((100 * agreement).fixed(2)) % of the decisions are the same
        \(interval.comparison(of: "the whole model", with: "the compressed one"))
        """
    }
}
