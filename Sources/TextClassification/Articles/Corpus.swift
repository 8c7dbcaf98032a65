/// Labelled articles to train or to evaluate with: identifiers, texts, labels and targets, in parallel.
public struct Corpus: Sendable {
    public var identifiers: [String]
    public var articles: ArticleBatch
    public var labels: LabelSet
    public var targets: Targets

    public init(identifiers: [String], articles: ArticleBatch, labels: LabelSet, targets: Targets) {
        precondition(identifiers.count == articles.count && articles.count == targets.count, "parallel parts differ in length")
        precondition(labels.count == targets.labelCount, "targets of another label set")
        self.identifiers = identifiers
        self.articles = articles
        self.labels = labels
        self.targets = targets
    }

    /// How to find the task of labelled articles.
    public enum TaskChoice: String, Sendable, CaseIterable {
        /// `multi` if any labelled article has no label or several of them, `single` otherwise.
        case automatic = "auto"
        case single
        case multi

        func resolved(for labels: [[String]?]) -> ClassificationTask {
            switch self {
            case .single: .single
            case .multi: .multi
            case .automatic: labels.contains { $0.map { $0.count != 1 && Set($0).count != 1 } ?? false } ? .multi : .single
            }
        }
    }

    /// A corpus of the labelled ones among `articles`; those without judgement are left out.
    ///
    /// - Parameters:
    ///   - labels: the label set; `nil` takes every label that occurs, in ascending order.
    ///   - task: the task, or how to find it.
    ///   - ignoringUnknownLabels: whether a label outside `labels` is dropped instead of being an error.
    /// - Throws: `CorpusError` for a label outside the set, for several or no labels in a single-label task, and when nothing is
    ///   labelled.
    public init(
        _ articles: [Article], labels: LabelSet? = nil, task: TaskChoice = .automatic, ignoringUnknownLabels: Bool = false
    ) throws(CorpusError) {
        try self.init(ArticleList(articles), labels: labels, task: task, ignoringUnknownLabels: ignoringUnknownLabels)
    }

    /// The same of a list of articles, whose texts are not copied if all of them are labelled.
    public init(
        _ articles: ArticleList, labels: LabelSet? = nil, task: TaskChoice = .automatic, ignoringUnknownLabels: Bool = false
    ) throws(CorpusError) {
        let isLabelled = articles.labels.map { $0 != nil }
        let labelled = isLabelled.contains(false) ? articles.selecting(articles.indices.filter { isLabelled[$0] }) : articles
        guard !labelled.isEmpty else { throw .nothingLabelled(articleCount: articles.count) }
        let set = labels ?? Self.occurringLabels(labelled)
        guard !set.isEmpty else { throw .noLabels(articleCount: labelled.count) }
        var targets = Targets(task: task.resolved(for: labelled.labels), labelCount: set.count)
        for (article, identifier) in labelled.identifiers.enumerated() {
            let names = labelled.labels[article] ?? []
            let positive = try Self.positions(of: names, in: set, ignoringUnknown: ignoringUnknownLabels, article: identifier)
            let missing = try Self.positions(
                of: labelled.unjudged[article], in: set, ignoringUnknown: ignoringUnknownLabels, article: identifier)
            // An article all of whose labels are unknown and ignored has none.
            let isWithoutKnown = ignoringUnknownLabels && positive.isEmpty && !names.isEmpty
            if targets.task == .single, positive.count != 1, Set(positive).count != 1, !isWithoutKnown {
                throw .notOneLabel(article: identifier, labels: names)
            }
            targets.append(positive: positive, missing: missing)
        }
        self.init(identifiers: labelled.identifiers, articles: labelled.texts, labels: set, targets: targets)
    }

    private static func occurringLabels(_ articles: ArticleList) -> LabelSet {
        var names: Set<String> = []
        for labels in articles.labels { names.formUnion(labels ?? []) }
        for labels in articles.unjudged { names.formUnion(labels) }
        return LabelSet(names.sorted())
    }

    private static func positions(
        of names: [String], in labels: LabelSet, ignoringUnknown: Bool, article: String
    ) throws(CorpusError) -> [Int] {
        var positions: [Int] = []
        for name in names {
            if let position = labels.position(of: name) {
                positions.append(position)
            } else if !ignoringUnknown {
                throw .unknownLabel(name, article: article, known: Array(labels))
            }
        }
        return positions
    }

    /// The number of articles.
    public var count: Int { articles.count }

    /// The articles at the given positions, in their order.
    public func selecting(_ positions: [Int]) -> Corpus {
        var selected = ArticleBatch()
        selected.append(articles, at: positions)
        return Corpus(
            identifiers: positions.map { identifiers[$0] }, articles: selected, labels: labels,
            targets: targets.selecting(positions))
    }
}

/// Why labelled articles do not make a corpus.
public enum CorpusError: Error, Equatable, CustomStringConvertible {
    case nothingLabelled(articleCount: Int)
    case noLabels(articleCount: Int)
    case unknownLabel(String, article: String, known: [String])
    case notOneLabel(article: String, labels: [String])

    public var description: String {
        switch self {
        case .nothingLabelled(let count):
            "none of the \(count) articles is labelled: every training or test article needs a `labels` field"
        case .noLabels(let count):
            "the \(count) labelled articles hold no label at all: at least one article must have one"
        case .unknownLabel(let name, let article, let known):
            "article \"\(article)\" has the label \"\(name)\"; known are \(known.joined(separator: ", "))"
        case .notOneLabel(let article, let labels):
            "article \"\(article)\" has \(labels.count) labels (\(labels.joined(separator: ", "))) in a single-label task, "
                + "which wants exactly one: correct it, or train with --task multi"
        }
    }
}
