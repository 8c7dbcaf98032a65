/// The figures that intervals and comparisons are made for: those that follow from counting right and wrong decisions.
public enum HeadlineFigure: String, Sendable, Codable, CaseIterable {
    /// The share of articles with exactly the right labels.
    case accuracy
    case microPrecision
    case microRecall
    case microF1
    case macroPrecision
    case macroRecall
    case macroF1
}

/// Right and wrong decisions summed over articles, each of which may count several times or not at all.
struct DecisionCounts {
    var articleCount = 0
    var exactCount = 0
    var truePositives: [Int]
    var falsePositives: [Int]
    var falseNegatives: [Int]

    init(labelCount: Int) {
        truePositives = Array(repeating: 0, count: labelCount)
        falsePositives = truePositives
        falseNegatives = truePositives
    }

    /// The value of a figure, 0/0 being 0. O(labels).
    func value(of figure: HeadlineFigure) -> Double {
        func micro(_ ratio: (Int, Int, Int) -> Double) -> Double {
            ratio(truePositives.reduce(0, +), falsePositives.reduce(0, +), falseNegatives.reduce(0, +))
        }
        func macro(_ ratio: (Int, Int, Int) -> Double) -> Double {
            var sum = 0.0
            for label in truePositives.indices {
                sum += ratio(truePositives[label], falsePositives[label], falseNegatives[label])
            }
            return quotient(sum, Double(truePositives.count))
        }
        func precision(_ tp: Int, _ fp: Int, _ fn: Int) -> Double { quotient(tp, tp + fp) }
        func recall(_ tp: Int, _ fp: Int, _ fn: Int) -> Double { quotient(tp, tp + fn) }
        func f1(_ tp: Int, _ fp: Int, _ fn: Int) -> Double { quotient(2 * tp, 2 * tp + fp + fn) }
        return switch figure {
        case .accuracy: quotient(exactCount, articleCount)
        case .microPrecision: micro(precision)
        case .microRecall: micro(recall)
        case .microF1: micro(f1)
        case .macroPrecision: macro(precision)
        case .macroRecall: macro(recall)
        case .macroF1: macro(f1)
        }
    }
}

/// What was decided rightly and wrongly on each judged article, so that sums over resampled articles are quick.
struct ArticleOutcomes: Sendable {
    private enum Kind: UInt8 { case truePositive, falsePositive, falseNegative }

    let labelCount: Int
    let isExact: [Bool]
    /// Where the entries of each article begin; one more than there are articles.
    private var starts: [Int] = [0]
    private var labels: [Int32] = []
    private var kinds: [Kind] = []

    init(_ metrics: Metrics) {
        labelCount = metrics.labelCount
        isExact = metrics.judgedArticles.map { metrics.isExact($0) }
        for article in metrics.judgedArticles {
            for label in 0..<labelCount {
                let isGiven = metrics.decisions[article * labelCount + label]
                let kind: Kind? =
                    switch metrics.targets[article, label] {
                    case .positive: isGiven ? .truePositive : .falseNegative
                    case .negative: isGiven ? .falsePositive : nil
                    case .missing: nil
                    }
                guard let kind else { continue }
                labels.append(Int32(label))
                kinds.append(kind)
            }
            starts.append(labels.count)
        }
    }

    var count: Int { isExact.count }

    /// Whether two sets of outcomes agree on an article.
    func agrees(with other: ArticleOutcomes, on article: Int) -> Bool {
        let own = starts[article]..<starts[article + 1]
        let its = other.starts[article]..<other.starts[article + 1]
        return labels[own] == other.labels[its] && kinds[own] == other.kinds[its]
    }

    /// Adds an article to the counts, `times` of them (which may be negative).
    func add(_ article: Int, to counts: inout DecisionCounts, times: Int = 1) {
        counts.articleCount += times
        if isExact[article] { counts.exactCount += times }
        for entry in starts[article]..<starts[article + 1] {
            let label = Int(labels[entry])
            switch kinds[entry] {
            case .truePositive: counts.truePositives[label] += times
            case .falsePositive: counts.falsePositives[label] += times
            case .falseNegative: counts.falseNegatives[label] += times
            }
        }
    }

    /// The counts of the given articles.
    func counts(of articles: some Sequence<Int>) -> DecisionCounts {
        var counts = DecisionCounts(labelCount: labelCount)
        for article in articles { add(article, to: &counts) }
        return counts
    }

    /// The values of figures with each of the given articles left out in turn. O(articles × figures × labels).
    func values(of figures: [HeadlineFigure], leavingOut articles: Range<Int>) -> [[Double]] {
        var counts = self.counts(of: 0..<count)
        return articles.map { article in
            add(article, to: &counts, times: -1)
            defer { add(article, to: &counts) }
            return figures.map { counts.value(of: $0) }
        }
    }
}
