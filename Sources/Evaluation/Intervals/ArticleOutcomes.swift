/// What was decided rightly and wrongly on each judged article, so that sums over resampled articles are quick.
struct ArticleOutcomes: Sendable {
    private enum Kind: UInt8 { case truePositive, falsePositive, falseNegative, unjudged }

    let metrics: Metrics
    let isExact: [Bool]
    /// Where the entries of each article begin; one more than there are articles.
    private var starts: [Int] = [0]
    private var labels: [Int32] = []
    private var kinds: [Kind] = []

    init(_ metrics: Metrics) {
        self.metrics = metrics
        isExact = metrics.judgedArticles.map { metrics.isExact($0) }
        for article in metrics.judgedArticles {
            for label in 0..<metrics.labelCount {
                let isGiven = metrics.decisions[article * metrics.labelCount + label]
                let kind: Kind? =
                    switch metrics.targets[article, label] {
                    case .positive: isGiven ? .truePositive : .falseNegative
                    case .negative: isGiven ? .falsePositive : nil
                    case .missing: .unjudged
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
            case .unjudged: counts.judged[label] -= times
            }
        }
    }

    /// The counts of the given articles.
    func counts(of articles: some Collection<Int>) -> DecisionCounts {
        var counts = DecisionCounts(task: metrics.targets.task, labelCount: metrics.labelCount)
        for article in articles { add(article, to: &counts) }
        // Every label was judged on every article, but for those that entries took off.
        for label in counts.judged.indices { counts.judged[label] += articles.count }
        return counts
    }

    /// What `body` makes of the counts with each of the given articles left out in turn.
    func leavingOut<Value>(_ articles: Range<Int>, _ body: (DecisionCounts) -> Value) -> [Value] {
        let all = self.counts(of: 0..<count)
        var counts = all
        return articles.map { article in
            add(article, to: &counts, times: -1)
            for label in counts.judged.indices { counts.judged[label] -= 1 }
            defer {
                add(article, to: &counts)
                for label in counts.judged.indices { counts.judged[label] += 1 }
            }
            return body(counts)
        }
    }

    /// The values of figures with each of the given articles left out in turn. O(articles × figures × labels).
    func values(of figures: [HeadlineFigure], leavingOut articles: Range<Int>) -> [[Double]] {
        leavingOut(articles) { counts in figures.map { counts.value(of: $0) } }
    }
}
