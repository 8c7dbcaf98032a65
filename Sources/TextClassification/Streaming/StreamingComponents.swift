/// A feature extractor that can be fitted to more text than fits into memory.
public protocol StreamingFeatureExtractor: FeatureExtractor {
    associatedtype Fitting: FeatureExtractorFitting where Fitting.Model == Model
    /// Starts to fit.
    func makeFitting() throws -> Fitting
    /// About how many bytes fitting and extracting take, whatever the text.
    var workingMemory: Int { get }
    /// The number of columns that rows will have.
    var featureCount: Int { get }
}

/// A feature extractor while it is fitted, article by article.
public protocol FeatureExtractorFitting {
    associatedtype Model: FeatureExtractorModel
    /// Takes the articles of a batch. The result must not depend on how articles are divided into batches.
    mutating func add(_ articles: ArticleBatch)
    /// The model of all articles so far.
    consuming func finished() -> Model
}

/// A classifier that learns from rows it reads one after another, several times if need be, instead of holding them.
public protocol StreamingClassifier: Classifier {
    /// Fits to rows that lie anywhere, with the same result as `fitted(to:targets:context:)` on the same rows in memory.
    /// - Throws: `TemporaryFileError` where the rows cannot be read again.
    func fitted(to rows: any RowSource, context: TrainingContext) throws -> Model
    /// About how many bytes fitting takes for so many features and labels, the rows not counted, nor what updates would go on from.
    func workingMemory(featureCount: Int, labelCount: Int) -> Int
    /// About how many bytes more it takes to keep what updates go on from.
    func updateStateMemory(featureCount: Int, labelCount: Int) -> Int
}

extension StreamingClassifier {
    public func updateStateMemory(featureCount: Int, labelCount: Int) -> Int { 0 }
}

/// Labelled articles that are read from the first to the last, as often as wanted, the same every time.
public protocol CorpusStream {
    /// Gives a closure the articles, some batches at a time, in their order; those without labels are left out.
    func forEachGroup(_ body: ([LabelledBatch]) throws -> Void) throws
}

/// Some articles and what is known of their labels, in parallel.
public struct LabelledBatch: Sendable {
    public var articles: ArticleBatch
    public var identifiers: [String]
    /// The labels of each article.
    public var labels: [[String]]
    /// The labels that nobody judged on each article.
    public var unjudged: [[String]]

    /// An empty batch.
    public init() {
        articles = ArticleBatch()
        identifiers = []
        labels = []
        unjudged = []
    }

    /// The number of articles.
    public var count: Int { labels.count }
}
