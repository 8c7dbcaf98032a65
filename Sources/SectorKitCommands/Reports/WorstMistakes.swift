import Evaluation
import HTMLReports
import TextClassification

/// The articles that were tagged wrongly, the surest mistakes first.
struct WorstMistakes {
    /// Terms that are highlighted in an article.
    private static let termCount = 14

    let corpus: Corpus
    let metrics: Metrics
    /// Positions of the articles with a wrong decision.
    let articles: [Int]

    init(corpus: Corpus, metrics: Metrics) {
        self.corpus = corpus
        self.metrics = metrics
        let found = metrics.judgedArticles.compactMap { article in
            Self.worstLabel(of: article, metrics).map { (article: article, size: $0.size) }
        }
        articles = found.sorted { ($1.size, $0.article) < ($0.size, $1.article) }.map(\.article)
    }

    /// The label that is decided wrongly with the probability that is farthest off, wrongly given ones before missed ones.
    private static func worstLabel(of article: Int, _ metrics: Metrics) -> (label: Int, size: Double)? {
        var worst: (label: Int, size: Double)?
        for label in 0..<metrics.labelCount {
            let place = article * metrics.labelCount + label
            let size: Double? =
                switch (metrics.targets[article, label], metrics.decisions[place]) {
                case (.negative, true): 1 + metrics.probabilities[place]
                case (.positive, false): 1 - metrics.probabilities[place]
                default: nil
                }
            if let size, size > worst?.size ?? 0 { worst = (label, size) }
        }
        return worst
    }

    /// The first so many, with what the model says for itself.
    func described(_ count: Int, by model: PipelineModel) -> [Mistake] {
        articles.prefix(count).map { describe($0, model) }
    }

    private func describe(_ position: Int, _ model: PipelineModel) -> Mistake {
        let bytes = corpus.articles.bytes
        let article = Article(
            id: corpus.identifiers[position], title: String(decoding: bytes[corpus.articles.titles[position]], as: UTF8.self),
            text: String(decoding: bytes[corpus.articles.bodies[position]], as: UTF8.self))
        func names(_ judgement: Targets.Judgement, isGiven: Bool) -> [String] {
            (0..<metrics.labelCount).filter {
                metrics.targets[position, $0] == judgement && metrics.decisions[position * metrics.labelCount + $0] == isGiven
            }.map { "\(corpus.labels[$0]) (\(metrics.probabilities[position * metrics.labelCount + $0].fixed(3)))" }
        }
        let label = Self.worstLabel(of: position, metrics)?.label
        let terms = label.flatMap { label in model.explanation(of: article)?.labels[label].terms.prefix(Self.termCount) } ?? []
        func evidence(in field: FeatureOccurrence.Field) -> [Mistake.Evidence] {
            terms.flatMap { term in
                term.occurrences.filter { $0.field == field }.map {
                    Mistake.Evidence(utf8Range: $0.utf8Range, term: term.name, contribution: term.contribution)
                }
            }
        }
        let inTitle = evidence(in: .title)
        let inText = evidence(in: .text)
        return Mistake(
            id: article.id, title: article.title, text: article.text, wrong: names(.negative, isGiven: true),
            missed: names(.positive, isGiven: false), right: names(.positive, isGiven: true),
            explained: inTitle.isEmpty && inText.isEmpty ? nil : label.map { corpus.labels[$0] }, titleEvidence: inTitle,
            textEvidence: inText)
    }
}

extension EvaluationPage {
    /// The page of a model's predictions.
    ///
    /// - Parameters:
    ///   - thresholds: those that decided, one a label; `nil` where the most probable label was given.
    ///   - mistakeCount: how many mistakes are shown.
    init(
        _ report: EvaluationReport, of model: PipelineModel, named title: String, on corpus: Corpus,
        metrics: Metrics, thresholds: [Double]?, mistakeCount: Int
    ) {
        let mistakes = WorstMistakes(corpus: corpus, metrics: metrics)
        self.init(
            title: title, report: report, metrics: metrics, labels: corpus.labels, thresholds: thresholds,
            mistakes: mistakes.described(mistakeCount, by: model), mistakeCount: mistakes.articles.count)
    }
}
