import LinearAlgebra
import TextClassification

/// Learns topics: a few distributions over terms of which every article is a mixture.
public protocol TopicEstimator: FeatureTransformer where Model: TopicModel {}

/// Fitted topics. As a transformer of features it gives each article its topics.
public protocol TopicModel: FeatureTransformerModel {
    /// The number of topics.
    var topicCount: Int { get }
    /// The probability of a term in a topic: not negative, summing to 1 over the terms of a topic (0 throughout in a topic that
    /// has none).
    func termProbability(_ term: Int, topic: Int) -> Double
    /// The terms of a topic with the largest probabilities, likeliest first, as many as there are and at most `count`.
    func topTerms(of topic: Int, count: Int) -> [Int]
    /// The share of each topic in each article: articles × topics, rows summing to 1; zeros for an article without a known term.
    ///
    /// A row depends on its article alone.
    func shares(of rows: SparseMatrix, threadCount: Int) -> DenseMatrix
}

extension TopicModel {
    /// The likeliest terms of every topic.
    public func topTerms(count: Int) -> [[Int]] { (0..<topicCount).map { topTerms(of: $0, count: count) } }
}
