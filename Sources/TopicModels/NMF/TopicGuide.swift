import LinearAlgebra
import TextClassification

/// What a guided topic should be about: articles that show it, and terms.
public struct TopicGuide: Sendable, Equatable {
    /// The topic's name, such as a label.
    public var name: String
    /// The rows of articles that belong to it.
    public var articles: [Int]
    /// The columns of its keywords.
    public var terms: [Int]
    /// The rows of articles that were judged not to belong to it: while fitting they have none of the topic.
    public var excluded: [Int]

    public init(name: String, articles: [Int] = [], terms: [Int] = [], excluded: [Int] = []) {
        self.name = name
        self.articles = articles
        self.terms = terms
        self.excluded = excluded
    }

    /// A guide for every label that some article has; articles on which a label was not judged are free to have its topic or not.
    public static func guides(for targets: Targets, names: [String]? = nil) -> [TopicGuide] {
        (0..<targets.labelCount).compactMap { label in
            func articles(judged judgement: Targets.Judgement) -> [Int] {
                (0..<targets.count).filter { targets[$0, label] == judgement }
            }
            let own = articles(judged: .positive)
            let name = names?[label] ?? "label \(label + 1)"
            return own.isEmpty ? nil : TopicGuide(name: name, articles: own, excluded: articles(judged: .negative))
        }
    }
}
