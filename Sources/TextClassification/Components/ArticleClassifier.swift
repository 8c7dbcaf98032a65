import LinearAlgebra

/// Learns scores of labels from articles as they are: it takes the place of feature extractor, transformers and classifier.
///
/// Programs in other languages take part as such classifiers. In a recipe it stands as the classifier, with the feature extractor
/// `Recipe.noFeatures`; calibration and the decision rule follow as behind any other.
public protocol ArticleClassifier: Sendable {
    associatedtype Model: ArticleClassifierModel
    /// The name, and the values of all hyper-parameters.
    var configuration: ComponentConfiguration { get }
    /// Which tasks it can learn.
    var tasks: [ClassificationTask] { get }
    /// Fits to articles and their targets; labels not judged on an article must be ignored there.
    func fitted(to corpus: Corpus, context: TrainingContext) throws -> Model
}

/// A fitted classifier of articles.
public protocol ArticleClassifierModel: Sendable {
    /// One score a label.
    var labelCount: Int { get }
    /// Writes the scores of the articles of `range` over `scores` (articles × labels), in the sense of `ClassifierModel`. The scores of
    /// an article depend on it alone.
    /// - Throws: `PredictionError` where scores cannot be had, because a program that computes them failed.
    func decisionFunction(
        _ batch: borrowing ArticleBatch, _ range: Range<Int>, into scores: inout [Double]
    ) throws(PredictionError)
    /// Writes every learnt value; equal models write equal bytes.
    func write(to writer: inout ModelWriter) throws(ModelFileError)
    /// Why it cannot go on learning, as `ClassifierModel` has it.
    var updateObstacle: UpdateObstacle? { get }
    /// The model after learning further articles, as `ClassifierModel` has it.
    func updated(with corpus: Corpus, passCount: Int?, context: TrainingContext) throws -> UpdatedModel<Self>
    /// The model without what it takes to go on learning, which predicts the same.
    func withoutUpdateState() -> Self
}

/// Articles could not be predicted, because what computes their scores failed.
public struct PredictionError: Error, Equatable, CustomStringConvertible {
    /// The component, such as the name of a plugin.
    public let component: String
    public let reason: String

    public init(component: String, reason: String) {
        self.component = component
        self.reason = reason
    }

    public var description: String { "\(component): \(reason)" }
}

extension Recipe {
    /// What stands as the feature extractor where the classifier reads the articles themselves.
    public static let noFeatures = "none"

    /// Whether the classifier reads the articles themselves.
    public var readsArticles: Bool { featureExtractor.component == Self.noFeatures }

    /// A recipe of a classifier that reads articles.
    public init(
        name: String, summary: String, articleClassifier: ComponentConfiguration, calibrator: ComponentConfiguration,
        decisionRule: ComponentConfiguration
    ) {
        self.init(
            name: name, summary: summary, featureExtractor: ComponentConfiguration(Self.noFeatures),
            classifier: articleClassifier, calibrator: calibrator, decisionRule: decisionRule)
    }
}

/// What stands in a model in the places of feature extractor and classifier where an article classifier does the work of both: no
/// features, and scores that say nothing.
struct NoFeatures: FeatureExtractorModel, ClassifierModel {
    let labelCount: Int
    var featureCount: Int { 0 }

    init(labelCount: Int) {
        self.labelCount = labelCount
    }

    init(reading reader: ModelReader) throws(ModelFileError) {
        throw reader.malformed("features", "are none")
    }

    func write(to writer: inout ModelWriter) {}
    func featureName(_ feature: Int) -> String { "" }
    func selecting(_ features: [Int]) -> NoFeatures? { nil }
    func makeExtraction() -> any FeatureExtraction { NoExtraction() }

    func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        scores = Array(repeating: 0, count: rows.rowCount * labelCount)
    }

    private final class NoExtraction: FeatureExtraction {
        func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
            for _ in range { rows.matrix.endRow() }
        }
    }
}
