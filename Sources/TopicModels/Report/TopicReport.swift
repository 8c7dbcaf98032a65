import LinearAlgebra
import TextClassification

/// Topics described for people: what `sectorkit topics` prints, draws and keeps in the file.
public struct TopicReport: Sendable, Equatable, Codable {
    /// A term of a topic.
    public struct Term: Sendable, Equatable, Codable {
        public let term: String
        /// Its probability in the topic.
        public let probability: Double
        /// That divided by its probability over all topics: how much it belongs to this one.
        public let lift: Double

        /// Relevance (Sievert & Shirley 2014): λ ln p(term | topic) + (1 − λ) ln lift.
        public func relevance(_ lambda: Double) -> Double {
            lambda * TopicReport.logarithm(probability) + (1 - lambda) * TopicReport.logarithm(lift)
        }
    }

    /// An article that shows a topic well.
    public struct TypicalArticle: Sendable, Equatable, Codable {
        public let id: String
        public let title: String
        /// The topic's share of it.
        public let share: Double
    }

    /// One topic.
    public struct Topic: Sendable, Equatable, Codable {
        /// From 1, the most prevalent first; the number of the topic in the model.
        public let number: Int
        /// What it was guided by, such as a label.
        public let guide: String?
        /// The candidates for its list at any relevance, the likeliest first.
        public let terms: [Term]
        /// The mean of its shares over all articles with a topic.
        public let prevalence: Double
        public internal(set) var npmi: Double?
        public internal(set) var uMass: Double?
        public internal(set) var cV: Double?
        public let articles: [TypicalArticle]
        /// The mean of its shares in each of the report's periods; `nil` in one without articles.
        public let prevalenceByPeriod: [Double?]
        /// Where it lies on the map.
        public let x: Double
        public let y: Double

        /// The terms with the largest relevance.
        public func topTerms(_ count: Int, lambda: Double = 1) -> [Term] {
            Array(
                terms.enumerated().sorted {
                    ($1.element.relevance(lambda), $0.offset) < ($0.element.relevance(lambda), $1.offset)
                }.prefix(count).map(\.element))
        }
    }

    public internal(set) var topics: [Topic]
    public let articleCount: Int
    /// How many articles topics were learnt from, where that was a stream of which `articleCount` are the sample that is shown.
    public var streamedArticleCount: Int?
    /// Articles without any term of the vocabulary.
    public let emptyArticleCount: Int
    public let termCount: Int
    /// The loss and the start, as in `NMFParameters`.
    public let loss: String
    public let initialization: String
    public let iterations: Int
    public let converged: Bool
    public internal(set) var quality: TopicCountQuality
    /// Of how many articles of another corpus coherence is; `nil` where it is that of the articles of the fit.
    public internal(set) var referenceArticleCount: Int?
    /// Spans of time, such as `2024-05`, ascending; empty where articles have no dates.
    public let periods: [String]
    /// How many articles are of each period.
    public let periodArticleCounts: [Int]
    /// The other numbers of topics that were tried, this one included.
    public let compared: [TopicCountQuality]
    /// Why this number of topics was taken.
    public let reasons: [String]

    static func logarithm(_ x: Double) -> Double { x > 0 ? logOf(x) : -700 }
}

/// What describing topics needs to know of the articles they were fitted to.
public struct DescribedArticles: Sendable {
    public var identifiers: [String]
    public var titles: [String]
    public var dates: [String?]

    /// Titles are what stands for articles in lists; where one has none, the beginning of its text.
    public init(_ articles: [Article]) {
        identifiers = articles.map(\.id)
        titles = articles.map { article in
            let title = article.title.isEmpty ? article.text : article.title
            let flat = title.prefix(200).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return flat.count > 100 ? flat.prefix(97) + "…" : flat
        }
        dates = articles.map(\.date)
    }
}
