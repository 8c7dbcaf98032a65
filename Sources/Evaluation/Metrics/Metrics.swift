import TextClassification

/// Figures that compare decisions and probabilities with the truth.
///
/// Labels that nobody judged on an article are left out on that article; articles on which nothing was judged are left out
/// altogether. Every figure is defined (0/0 is 0 unless the figure says otherwise) and never NaN. Where scikit-learn has a figure
/// the value is the same, with its `labels` parameter naming all labels and `zero_division=0`.
public struct Metrics: Sendable {
    public let targets: Targets
    /// Articles × labels, in 0...1; anything else was brought there, and what is no number is 0.
    public let probabilities: [Double]
    /// Articles × labels.
    public let decisions: [Bool]
    /// The counts of each label.
    public let labelCounts: [ConfusionCounts]
    /// The articles on which a label was judged.
    public let judgedArticles: [Int]

    /// - Parameters:
    ///   - targets: the truth.
    ///   - probabilities: articles × labels.
    ///   - decisions: whether each label is given, articles × labels.
    /// - Complexity: O(articles × labels).
    public init(targets: Targets, probabilities: [Double], decisions: [Bool]) {
        precondition(probabilities.count == targets.values.count, "a probability for each article and label")
        precondition(decisions.count == targets.values.count, "a decision for each article and label")
        self.targets = targets
        self.probabilities =
            probabilities.allSatisfy { 0...1 ~= $0 }
            ? probabilities : probabilities.map { $0.isNaN ? 0 : min(max($0, 0), 1) }
        self.decisions = decisions
        var counts = [ConfusionCounts](repeating: .init(), count: targets.labelCount)
        for article in 0..<targets.count {
            for label in 0..<targets.labelCount {
                let judgement = targets[article, label]
                guard judgement != .missing else { continue }
                counts[label].count(
                    isPositive: judgement == .positive, isGiven: decisions[article * targets.labelCount + label])
            }
        }
        labelCounts = counts
        judgedArticles = (0..<targets.count).filter { targets.isLabelled($0) }
    }

    /// The number of labels.
    public var labelCount: Int { targets.labelCount }

    /// The counts of all labels together.
    public var totalCounts: ConfusionCounts { labelCounts.reduce(into: .init()) { $0 += $1 } }

    /// The share of articles whose given labels are exactly the true ones.
    ///
    /// In a single-label task this is the accuracy, in a multi-label task the subset accuracy (labels not judged left out).
    public var accuracy: Double {
        quotient(judgedArticles.filter { isExact($0) }.count, judgedArticles.count)
    }

    /// Whether the labels given to an article are the true ones, those not judged left out.
    public func isExact(_ article: Int) -> Bool {
        (0..<labelCount).allSatisfy { label in
            switch targets[article, label] {
            case .missing: true
            case .positive: decisions[article * labelCount + label]
            case .negative: !decisions[article * labelCount + label]
            }
        }
    }

    /// The share of wrong decisions: of all judged pairs of article and label (multi), or of articles (single).
    public var hammingLoss: Double {
        switch targets.task {
        case .single:
            return quotient(judgedArticles.count - judgedArticles.filter { isExact($0) }.count, judgedArticles.count)
        case .multi:
            let total = totalCounts
            return quotient(total.falsePositives + total.falseNegatives, total.judgedCount)
        }
    }

    /// The mean over articles of |true ∩ given| / |true ∪ given|; 0 for an article with neither, as scikit-learn has it.
    public var sampleJaccard: Double {
        quotient(judgedArticles.reduce(0) { $0 + jaccard(of: $1) }, Double(judgedArticles.count))
    }

    /// |true ∩ given| / |true ∪ given| of an article.
    func jaccard(of article: Int) -> Double {
        var common = 0
        var union = 0
        for label in 0..<labelCount where targets[article, label] != .missing {
            let isPositive = targets[article, label] == .positive
            let isGiven = decisions[article * labelCount + label]
            if isPositive && isGiven { common += 1 }
            if isPositive || isGiven { union += 1 }
        }
        return quotient(common, union)
    }

    /// The counts of the answer "none of them": articles without any label, and articles that were given none.
    ///
    /// Only articles on which every label was judged negative, or some label positive, have a truth here.
    public var noneCounts: ConfusionCounts {
        var counts = ConfusionCounts()
        for article in judgedArticles {
            let judgements = (0..<labelCount).map { targets[article, $0] }
            let hasLabel = judgements.contains(.positive)
            guard hasLabel || !judgements.contains(.missing) else { continue }
            let isGivenLabel = decisions[article * labelCount..<(article + 1) * labelCount].contains(true)
            counts.count(isPositive: !hasLabel, isGiven: !isGivenLabel)
        }
        return counts
    }
}
