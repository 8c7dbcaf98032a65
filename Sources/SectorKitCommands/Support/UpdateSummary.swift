import Evaluation
import TextClassification

/// What `update` says.
struct UpdateSummary: Encodable {
    /// A figure on the new articles.
    struct Figure: Encodable {
        let figure: HeadlineFigure
        let name: String
        /// Of the model before the update.
        let asItWas: ConfidenceInterval
        /// Of the model that learns, each article predicted before it was learnt.
        let beforeLearning: ConfidenceInterval
    }

    var path = ""
    var bytes = 0
    let articles: Int
    /// The new articles with each label.
    let labels: [String: Int]
    /// Those of the training and of all updates.
    let articlesInAll: Int
    let updates: Int
    /// The share of the new articles' words that the model knows.
    let knownWords: Double
    let figures: [Figure]

    init(
        _ model: PipelineModel, corpus: Corpus, asItWas: Predictions, beforeLearning: Predictions, threadCount: Int
    ) {
        let training = model.header.training
        articles = corpus.count
        labels = Dictionary(uniqueKeysWithValues: zip(corpus.labels, corpus.targets.positiveCounts))
        articlesInAll = training.articleCount + (training.updates ?? []).reduce(0) { $0 + $1.articleCount }
        updates = training.updates?.count ?? 0
        let coverage = beforeLearning.coverage.reduce(0) { $0 + Double($1) }
        knownWords = coverage / Double(max(1, beforeLearning.coverage.count))
        let task = corpus.targets.task
        let figures: [HeadlineFigure] =
            task == .single ? [.accuracy, .macroF1, .logLoss] : [.accuracy, .microF1, .macroF1, .logLoss]
        let bootstrap = Bootstrap(threadCount: threadCount)
        let intervals = [asItWas, beforeLearning].map {
            bootstrap.intervals(
                of: Metrics(targets: corpus.targets, probabilities: $0.probabilities, decisions: $0.decisions), figures: figures)
        }
        self.figures = figures.compactMap { figure in
            guard let first = intervals[0][figure], let second = intervals[1][figure] else { return nil }
            return Figure(figure: figure, name: figure.name(for: task), asItWas: first, beforeLearning: second)
        }
    }

    /// What is printed for people.
    var text: String {
        func cell(_ interval: ConfidenceInterval) -> String {
            "\(interval.estimate.fixed(3)) (\(interval.lower.fixed(3)) to \(interval.upper.fixed(3)))"
        }
        var table = TextTable(header: "of the new articles", "the model as it was", "each before it was learnt")
        for figure in figures { table.append(figure.name, cell(figure.asItWas), cell(figure.beforeLearning)) }
        let known = knownWords < 0.995 ? "\n\((100 * knownWords).fixed(1)) % of their words are known to the model" : ""
        return """
            \(path.withoutControlCharacters): \(bytes) bytes, \(counted(articles, "new article")) learnt, \(articlesInAll) in all, \
            \(counted(updates, "update"))\(known)
            \(table.text)
            """
    }
}
