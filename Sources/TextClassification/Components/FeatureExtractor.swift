import LinearAlgebra

/// Turns texts into sparse rows of features: the first stage of a pipeline.
public protocol FeatureExtractor: Component {
    associatedtype Model: FeatureExtractorModel
    /// Learns vocabulary and weights from `articles` alone.
    func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> Model
    /// Fits, and gives the rows of the same articles. The default extracts them in a second pass.
    ///
    /// The articles are given away: an extractor that needs them no more while it goes on may let them go, and their memory is free unless
    /// the caller keeps them, too.
    func fittedExtracting(
        _ articles: consuming ArticleBatch, context: TrainingContext
    ) throws -> (model: Model, rows: SparseMatrix)
    /// The same, with terms of the first `favouredCount` articles kept even where they occur in too few: so labelled articles keep
    /// their terms beside an archive. The default favours none.
    func fittedExtracting(
        _ articles: consuming ArticleBatch, favouring favouredCount: Int, context: TrainingContext
    ) throws -> (model: Model, rows: SparseMatrix)
}

extension FeatureExtractor {
    public func fittedExtracting(
        _ articles: consuming ArticleBatch, context: TrainingContext
    ) throws -> (model: Model, rows: SparseMatrix) {
        let model = try fitted(to: articles, context: context)
        return (model, model.rows(of: articles, threadCount: context.threadCount))
    }

    public func fittedExtracting(
        _ articles: consuming ArticleBatch, favouring favouredCount: Int, context: TrainingContext
    ) throws -> (model: Model, rows: SparseMatrix) {
        try fittedExtracting(articles, context: context)
    }
}

/// A fitted feature extractor.
public protocol FeatureExtractorModel: ComponentModel {
    /// The number of columns of every row.
    var featureCount: Int { get }
    /// What one thread needs to extract features, its scratch memory included.
    func makeExtraction() -> any FeatureExtraction
    /// The name of a feature as people read it, such as `export controls`.
    func featureName(_ feature: Int) -> String
    /// Where features stand in an article, in ascending order of position; empty where the extractor cannot tell.
    func occurrences(in article: Article) -> [FeatureOccurrence]
    /// The extractor of some features only, given in ascending order, which get the numbers 0, 1, …; `nil` where it cannot be divided.
    func selecting(_ features: [Int]) -> Self?
    /// How large a feature's value is on average over articles, up to a factor that all share (as a root mean square).
    func typicalValue(_ feature: Int) -> Double
}

extension FeatureExtractorModel {
    public func occurrences(in article: Article) -> [FeatureOccurrence] { [] }
    public func selecting(_ features: [Int]) -> Self? { nil }
    public func typicalValue(_ feature: Int) -> Double { 1 }

    /// The rows of all articles of a batch; the same for any number of threads.
    public func rows(of articles: ArticleBatch, threadCount: Int) -> SparseMatrix {
        let chunk = 512
        let chunkCount = (articles.count + chunk - 1) / chunk
        let parts = parallelMap(count: chunkCount, threads: threadCount) { index in
            var rows = FeatureRows(featureCount: featureCount)
            makeExtraction().extract(articles, index * chunk..<min(articles.count, (index + 1) * chunk), into: &rows)
            return rows.matrix
        }
        return SparseMatrix(stacking: parts, columnCount: featureCount)
    }
}

/// The extraction of features by one thread: owns the scratch memory, so that extracting allocates nothing once it is warm.
public protocol FeatureExtraction: AnyObject {
    /// Appends the row of each article of `range` to `rows`. A row depends on its article alone.
    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows)
}

/// Rows of features of some articles, with what extraction noticed about each.
public struct FeatureRows: Sendable {
    /// One row an article.
    public var matrix: SparseMatrix
    /// For each article the share of its words that the model knows, 0...1; 1 where the extractor has no vocabulary, 0 for an
    /// article without words.
    public var coverage: [Float] = []
    /// How many malformed UTF-8 sequences were replaced so far.
    public var repairCount = 0

    public init(featureCount: Int) {
        matrix = SparseMatrix(columnCount: featureCount)
    }

    /// Removes the rows and keeps the memory.
    public mutating func removeAll() {
        matrix.removeAll(keepingCapacity: true)
        coverage.removeAll(keepingCapacity: true)
        repairCount = 0
    }
}

/// One place at which a feature stands in an article.
public struct FeatureOccurrence: Sendable, Equatable {
    public enum Field: String, Sendable, Codable { case title, text }
    public let feature: Int
    public let field: Field
    /// The UTF-8 offsets within the field as it was given.
    public let utf8Range: Range<Int>

    public init(feature: Int, field: Field, utf8Range: Range<Int>) {
        self.feature = feature
        self.field = field
        self.utf8Range = utf8Range
    }
}
