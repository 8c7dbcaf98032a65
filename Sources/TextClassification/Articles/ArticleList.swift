/// Articles in parallel parts, their texts in one buffer: what readers give. It is a collection of `Article`s, each of which is made
/// when it is asked for.
public struct ArticleList: Sendable, RandomAccessCollection {
    public private(set) var identifiers: [String] = []
    /// Titles and texts.
    public private(set) var texts = ArticleBatch()
    /// What a person judged on each article; see `Article.labels`.
    public private(set) var labels: [[String]?] = []
    public private(set) var unjudged: [[String]] = []
    public private(set) var dates: [String?] = []
    public private(set) var groups: [String?] = []

    public init() {}

    /// A list of the given articles, in their order.
    public init(_ articles: some Collection<Article>) {
        texts = ArticleBatch(articles)
        for article in articles { appendParts(article) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { texts.count }

    /// The article at a position. O(length).
    public subscript(position: Int) -> Article {
        Article(
            id: identifiers[position], title: String(decoding: texts.bytes[texts.titles[position]], as: UTF8.self),
            text: String(decoding: texts.bytes[texts.bodies[position]], as: UTF8.self), labels: labels[position],
            unjudged: unjudged[position], date: dates[position], group: groups[position])
    }

    public mutating func append(_ article: Article) {
        texts.append(article)
        appendParts(article)
    }

    private mutating func appendParts(_ article: Article) {
        identifiers.append(article.id)
        labels.append(article.labels)
        unjudged.append(article.unjudged)
        dates.append(article.date)
        groups.append(article.group)
    }

    /// Appends articles in parts, all of the same length but those that are empty, which stands for nothing known of any of them.
    public mutating func append(
        identifiers: [String], texts: ArticleBatch, labels: [[String]?], unjudged: [[String]], dates: [String?], groups: [String?]
    ) {
        func append<Part>(_ added: [Part], to part: inout [Part], otherwise nothing: Part) {
            precondition(added.isEmpty || added.count == texts.count, "parallel parts differ in length")
            if added.isEmpty {
                part.append(contentsOf: repeatElement(nothing, count: texts.count))
            } else {
                part += added
            }
        }
        append(identifiers, to: &self.identifiers, otherwise: "")
        append(labels, to: &self.labels, otherwise: nil)
        append(unjudged, to: &self.unjudged, otherwise: [])
        append(dates, to: &self.dates, otherwise: nil)
        append(groups, to: &self.groups, otherwise: nil)
        self.texts.append(texts)
    }

    public mutating func append(contentsOf other: ArticleList) {
        append(
            identifiers: other.identifiers, texts: other.texts, labels: other.labels, unjudged: other.unjudged,
            dates: other.dates,
            groups: other.groups)
    }

    /// Reserves memory for so many bytes of text; what is never filled takes none.
    public mutating func reserveCapacity(byteCount: Int) { texts.reserveCapacity(byteCount: byteCount) }

    /// Replaces the judgement on an article.
    public mutating func setLabels(_ labels: [String]?, unjudged: [String], of position: Int) {
        self.labels[position] = labels
        self.unjudged[position] = unjudged
    }

    /// The articles at the given positions, in their order.
    public func selecting(_ positions: [Int]) -> ArticleList {
        var selected = ArticleList()
        selected.identifiers = positions.map { identifiers[$0] }
        selected.texts.append(texts, at: positions)
        selected.labels = positions.map { labels[$0] }
        selected.unjudged = positions.map { unjudged[$0] }
        selected.dates = positions.map { dates[$0] }
        selected.groups = positions.map { groups[$0] }
        return selected
    }
}
