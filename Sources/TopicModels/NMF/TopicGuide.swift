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

    public init(name: String, articles: [Int] = [], terms: [Int] = []) {
        self.name = name
        self.articles = articles
        self.terms = terms
    }

    /// A guide for every label that some article has.
    public static func guides(for targets: Targets, names: [String]? = nil) -> [TopicGuide] {
        (0..<targets.labelCount).compactMap { label in
            let articles = (0..<targets.count).filter { targets.values[$0 * targets.labelCount + label] == 1 }
            let name = names?[label] ?? "label \(label + 1)"
            return articles.isEmpty ? nil : TopicGuide(name: name, articles: articles)
        }
    }
}
