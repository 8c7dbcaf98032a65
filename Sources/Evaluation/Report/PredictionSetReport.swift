import TextClassification

/// Whether prediction sets keep their promise on labelled articles, how large they are, and how many articles go to a person.
public struct PredictionSetReport: Codable, Sendable, Equatable {
    /// How often the truth was among the possible answers.
    public struct Coverage: Codable, Sendable, Equatable {
        public let articleCount: Int
        /// The share with its exact interval of 95 %; `nil` without articles.
        public let share: ConfidenceInterval?
        /// Whether the promise lies within or below the interval.
        public let isWithinPromise: Bool
    }

    /// The sets of one label.
    public struct Label: Codable, Sendable, Equatable {
        public let label: String
        /// Of the articles that have the label.
        public let positives: Coverage
        /// Of those that do not; multi-label tasks only.
        public let negatives: Coverage?
        /// The share of the articles on which the label was unsure.
        public let unsureShare: Double
    }

    /// What is right where nobody has to look.
    public struct Automatic: Codable, Sendable, Equatable {
        public let articleCount: Int
        public let accuracy: Double
        public let microF1: Double
    }

    /// The promised coverage.
    public let coverage: Double
    /// The share of the articles that a person should look at.
    public let reviewShare: ConfidenceInterval
    /// How many labels an article has in its set, on average: those given and those that are possible.
    public let meanSetSize: Double
    /// The articles that nobody has to look at.
    public let automatic: Automatic
    public let labels: [Label]

    /// - Parameters:
    ///   - metrics: decisions on labelled articles.
    ///   - unsure: whether each label is unsure, articles × labels; see `PredictionSets`.
    ///   - coverage: what the sets promise.
    /// - Complexity: O(articles × labels).
    public init(_ metrics: Metrics, unsure: [Bool], coverage: Double, labels: LabelSet) {
        let targets = metrics.targets
        let labelCount = metrics.labelCount
        precondition(unsure.count == targets.values.count, "sets of other articles")
        let isSingle = targets.task == .single
        var automatic: [Int] = []
        var setSize = 0
        for article in metrics.judgedArticles {
            let row = article * labelCount..<(article + 1) * labelCount
            setSize += row.count { metrics.decisions[$0] || unsure[$0] }
            let needsReview =
                unsure[row].contains(true) || isSingle && !metrics.decisions[row].contains(true)
            if !needsReview { automatic.append(article) }
        }
        func coverageOf(_ judgement: Targets.Judgement, _ label: Int) -> Coverage {
            let articles = (0..<targets.count).filter { targets[$0, label] == judgement }
            let covered = articles.count { article in
                let place = article * labelCount + label
                return unsure[place] || metrics.decisions[place] == (judgement == .positive)
            }
            return Coverage(covered, of: articles.count, promise: coverage)
        }
        self.coverage = coverage
        let count = metrics.judgedArticles.count
        reviewShare = ConfidenceInterval(share: count - automatic.count, of: count)
        meanSetSize = quotient(setSize, count)
        let kept = ArticleOutcomes(metrics.selecting(automatic)).counts(of: 0..<automatic.count)
        self.automatic = Automatic(
            articleCount: automatic.count, accuracy: kept.value(of: .accuracy), microF1: kept.value(of: .microF1))
        self.labels = labels.indices.map { label in
            Label(
                label: labels[label], positives: coverageOf(.positive, label),
                negatives: isSingle ? nil : coverageOf(.negative, label),
                unsureShare: quotient(
                    metrics.judgedArticles.count { unsure[$0 * labelCount + label] }, count))
        }
    }
}

extension PredictionSetReport.Coverage {
    init(_ covered: Int, of count: Int, promise: Double) {
        let interval = count > 0 ? ConfidenceInterval(share: covered, of: count) : nil
        self.init(articleCount: count, share: interval, isWithinPromise: interval.map { $0.upper >= promise } ?? true)
    }
}

extension Metrics {
    /// The same for some of the articles.
    func selecting(_ articles: [Int]) -> Metrics {
        Metrics(
            targets: targets.selecting(articles),
            probabilities: articles.flatMap { probabilities[$0 * labelCount..<($0 + 1) * labelCount] },
            decisions: articles.flatMap { decisions[$0 * labelCount..<($0 + 1) * labelCount] })
    }
}

extension PredictionSetReport {
    /// The report for people, line by line.
    var lines: [String] {
        func percent(_ share: Double) -> String { decimal(100 * share, digits: 1) + " %" }
        let lines = [
            "prediction sets: each label's truth is to be among the possible answers for \(percent(coverage)) of the articles",
            "for a person: \(percent(reviewShare.estimate)) of the articles "
                + "(\(percent(reviewShare.lower)) to \(percent(reviewShare.upper))); labels in a set: "
                + "\(decimal(meanSetSize, digits: 2)) on average",
            "on the \(automatic.articleCount) others: accuracy \(decimal(automatic.accuracy)), micro-F1 \(decimal(automatic.microF1))",
        ]
        let hasNegatives = labels.contains { $0.negatives != nil }
        var table = TextTable(
            header: ["label", "with it covered", "interval"] + (hasNegatives ? ["without it", "interval"] : [])
                + ["unsure", "promise"])
        for label in labels {
            func cells(_ coverage: Coverage?) -> [String] {
                guard let share = coverage?.share else { return ["-", "-"] }
                return [decimal(share.estimate), "\(decimal(share.lower)) to \(decimal(share.upper))"]
            }
            let isKept = label.positives.isWithinPromise && label.negatives?.isWithinPromise ?? true
            table.append(
                [label.label] + cells(label.positives) + (hasNegatives ? cells(label.negatives) : [])
                    + [decimal(label.unsureShare), isKept ? "kept" : "broken"])
        }
        return lines + table.lines()
    }
}
