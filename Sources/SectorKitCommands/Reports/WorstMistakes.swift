import Evaluation
import HTMLReports
import TextClassification

/// The articles that were tagged wrongly, the surest mistakes first.
///
/// Articles come model by model, those of a fold with the model that did not see them.
struct WorstMistakes {
    /// Terms that are highlighted in an article.
    private static let termCount = 14

    /// How many are kept.
    let limit: Int
    /// How many there were.
    private(set) var count = 0
    private var kept: [(size: Double, mistake: Mistake)] = []

    init(limit: Int) { self.limit = limit }

    /// The worst ones.
    var described: [Mistake] { kept.map(\.mistake) }

    /// Adds the mistakes of a model.
    mutating func add(_ corpus: Corpus, _ metrics: Metrics, of model: PipelineModel) {
        let found = metrics.judgedArticles.compactMap { article in
            Self.worstLabel(of: article, metrics).map { (article: article, size: $0.size) }
        }
        count += found.count
        let worst = found.sorted { ($1.size, $0.article) < ($0.size, $1.article) }.prefix(limit)
        let new = worst.map { (size: $0.size, mistake: Self.describe($0.article, corpus, metrics, model)) }
        kept = Array(
            (kept + new).enumerated().sorted { ($1.element.size, $0.offset) < ($0.element.size, $1.offset) }
                .map(\.element).prefix(limit))
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

    private static func describe(
        _ position: Int, _ corpus: Corpus, _ metrics: Metrics, _ model: PipelineModel
    ) -> Mistake {
        let bytes = corpus.articles.bytes
        let article = Article(
            id: corpus.identifiers[position], title: String(decoding: bytes[corpus.articles.titles[position]], as: UTF8.self),
            text: String(decoding: bytes[corpus.articles.bodies[position]], as: UTF8.self))
        func names(_ judgement: Targets.Judgement, isGiven: Bool) -> [String] {
            (0..<metrics.labelCount).filter {
                metrics.targets[position, $0] == judgement && metrics.decisions[position * metrics.labelCount + $0] == isGiven
            }.map { "\(corpus.labels[$0]) (\(metrics.probabilities[position * metrics.labelCount + $0].fixed(3)))" }
        }
        let label = worstLabel(of: position, metrics)?.label
        let terms = label.flatMap { label in model.explanation(of: article)?.labels[label].terms.prefix(termCount) } ?? []
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
