import LinearAlgebra

/// Learns to label texts: a pipeline of stages, or a plugin that does everything itself.
public protocol TextClassifier: Sendable {
    associatedtype Model: TextClassifierModel
    func fitted(to corpus: Corpus, context: TrainingContext) throws -> Model
}

/// A fitted text classifier.
public protocol TextClassifierModel: Sendable {
    var labels: LabelSet { get }
    var task: ClassificationTask { get }
    /// What one thread needs to predict, its scratch memory included.
    func makePrediction() -> any Prediction
    /// Why the article gets its scores; `nil` where the model cannot tell.
    func explanation(of article: Article) -> Explanation?
}

extension TextClassifierModel {
    public func explanation(of article: Article) -> Explanation? { nil }

    /// The prediction for one article, through the batch call.
    public func predicted(_ article: Article) throws(PredictionError) -> Predictions {
        var predictions = Predictions(labelCount: labels.count)
        try makePrediction().predict(ArticleBatch([article]), 0..<1, into: &predictions)
        return predictions
    }
}

/// Prediction by one thread: owns the scratch memory, so that predicting allocates nothing once it is warm.
public protocol Prediction: AnyObject {
    /// Replaces `predictions` by those of the articles of `range`; each depends on its article alone.
    /// - Throws: `PredictionError` where a plugin outside of this program failed; what is compiled in never does.
    func predict(
        _ batch: borrowing ArticleBatch, _ range: Range<Int>, into predictions: inout Predictions
    ) throws(PredictionError)
}

/// What was predicted for some articles.
public struct Predictions: Sendable, Equatable {
    public let labelCount: Int
    /// The raw scores, articles × labels.
    public var scores: [Double] = []
    /// The probabilities, articles × labels.
    public var probabilities: [Double] = []
    /// Whether a label is given, articles × labels.
    public var decisions: [Bool] = []
    /// The share of each article's words that the model knows.
    public var coverage: [Float] = []
    /// Malformed UTF-8 sequences replaced in these articles.
    public var repairCount = 0

    public init(labelCount: Int) {
        self.labelCount = labelCount
    }

    public var count: Int { labelCount == 0 ? 0 : probabilities.count / labelCount }

    /// The positions of the labels given to an article, in the model's order.
    public func labels(of article: Int) -> [Int] {
        (0..<labelCount).filter { decisions[article * labelCount + $0] }
    }
}

/// Why an article gets its scores: for each label the terms whose contributions sum, with the intercept, to the score.
public struct Explanation: Sendable {
    public struct Term: Sendable {
        public let name: String
        /// What the term adds to the score.
        public let contribution: Double
        public let occurrences: [FeatureOccurrence]

        public init(name: String, contribution: Double, occurrences: [FeatureOccurrence]) {
            self.name = name
            self.contribution = contribution
            self.occurrences = occurrences
        }
    }
    public struct Label: Sendable {
        public let name: String
        public let score: Double
        public let probability: Double
        public let intercept: Double
        /// All terms of the article with a contribution other than zero, the largest by absolute value first.
        public let terms: [Term]

        public init(name: String, score: Double, probability: Double, intercept: Double, terms: [Term]) {
            self.name = name
            self.score = score
            self.probability = probability
            self.intercept = intercept
            self.terms = terms
        }
    }
    public let labels: [Label]

    public init(labels: [Label]) {
        self.labels = labels
    }
}

extension TextClassifierModel {
    /// The predictions for all articles of a batch, on several threads; the same for any number of them.
    public func predictions(for articles: ArticleBatch, threadCount: Int) throws(PredictionError) -> Predictions {
        let chunk = 256
        let parts = try parallelMap(count: (articles.count + chunk - 1) / chunk, threads: threadCount) {
            index throws(PredictionError) in
            var predictions = Predictions(labelCount: labels.count)
            try makePrediction().predict(
                articles, index * chunk..<min(articles.count, (index + 1) * chunk), into: &predictions)
            return predictions
        }
        var all = Predictions(labelCount: labels.count)
        for part in parts {
            all.scores += part.scores
            all.probabilities += part.probabilities
            all.decisions += part.decisions
            all.coverage += part.coverage
            all.repairCount += part.repairCount
        }
        return all
    }
}
