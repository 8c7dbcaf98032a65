import LinearAlgebra

/// A fitted pipeline: features, transformations, scores, probabilities, labels.
public struct PipelineModel: TextClassifierModel {
    public var header: ModelHeader
    public let labels: LabelSet
    public let task: ClassificationTask
    /// What gives the scores where the classifier reads articles itself; extractor and classifier are empty then.
    public let articleClassifier: (any ArticleClassifierModel)?
    public let featureExtractor: any FeatureExtractorModel
    public let featureTransformers: [any FeatureTransformerModel]
    public let classifier: any ClassifierModel
    public let calibrator: any CalibratorModel
    public let decisionRule: any DecisionRuleModel

    public init(
        header: ModelHeader, featureExtractor: any FeatureExtractorModel,
        featureTransformers: [any FeatureTransformerModel], classifier: any ClassifierModel,
        calibrator: any CalibratorModel, decisionRule: any DecisionRuleModel
    ) {
        self.header = header
        labels = LabelSet(header.labels)
        task = header.task
        articleClassifier = nil
        self.featureExtractor = featureExtractor
        self.featureTransformers = featureTransformers
        self.classifier = classifier
        self.calibrator = calibrator
        self.decisionRule = decisionRule
    }

    /// A model whose classifier reads articles itself.
    public init(
        header: ModelHeader, articleClassifier: any ArticleClassifierModel, calibrator: any CalibratorModel,
        decisionRule: any DecisionRuleModel
    ) {
        self.header = header
        labels = LabelSet(header.labels)
        task = header.task
        self.articleClassifier = articleClassifier
        featureExtractor = NoFeatures(labelCount: header.labels.count)
        featureTransformers = []
        classifier = NoFeatures(labelCount: header.labels.count)
        self.calibrator = calibrator
        self.decisionRule = decisionRule
    }

    init(
        header: ModelHeader, scoring: Pipeline.FittedScoring, calibrator: any CalibratorModel,
        decisionRule: any DecisionRuleModel
    ) {
        switch scoring {
        case .articles(let classifier):
            self.init(
                header: header, articleClassifier: classifier, calibrator: calibrator, decisionRule: decisionRule)
        case .stages(let extractor, let transformers, let classifier):
            self.init(
                header: header, featureExtractor: extractor, featureTransformers: transformers, classifier: classifier,
                calibrator: calibrator, decisionRule: decisionRule)
        }
    }

    public func makePrediction() -> any Prediction { PipelinePrediction(self) }

    /// The name of a feature of the classifier, through all transformations.
    public func featureName(_ feature: Int) -> String {
        Self.featureName(feature, after: featureTransformers[...], of: featureExtractor)
    }

    private static func featureName(
        _ feature: Int, after transformers: ArraySlice<any FeatureTransformerModel>, of extractor: any FeatureExtractorModel
    ) -> String {
        guard let last = transformers.last else { return extractor.featureName(feature) }
        return last.featureName(feature) { featureName($0, after: transformers.dropLast(), of: extractor) }
    }

    /// The rows that the classifier sees, for features already extracted.
    func transformed(_ rows: SparseMatrix) -> SparseMatrix {
        featureTransformers.reduce(rows) { rows, transformer in
            var output = SparseMatrix(columnCount: transformer.featureCount)
            transformer.transform(rows, into: &output)
            return output
        }
    }
}

/// Prediction of a pipeline by one thread.
final class PipelinePrediction: Prediction {
    private let model: PipelineModel
    private let extraction: any FeatureExtraction
    private var rows: FeatureRows
    private var transformed: [SparseMatrix]
    /// Those of the rows.
    private var scores: [Double] = []

    /// Rows are scored when there are so many, and their memory is used for the next ones.
    private static let rowCount = 128

    init(_ model: PipelineModel) {
        self.model = model
        extraction = model.featureExtractor.makeExtraction()
        rows = FeatureRows(featureCount: model.featureExtractor.featureCount)
        transformed = model.featureTransformers.map { SparseMatrix(columnCount: $0.featureCount) }
    }

    func predict(
        _ batch: borrowing ArticleBatch, _ range: Range<Int>, into predictions: inout Predictions
    ) throws(PredictionError) {
        predictions.coverage.removeAll(keepingCapacity: true)
        if let classifier = model.articleClassifier {
            try classifier.decisionFunction(batch, range, into: &predictions.scores)
            predictions.coverage.append(contentsOf: repeatElement(1, count: range.count))
            predictions.repairCount = 0
        } else {
            score(batch, range, into: &predictions)
        }
        predictions.probabilities.removeAll(keepingCapacity: true)
        predictions.probabilities.append(contentsOf: predictions.scores)
        model.calibrator.calibrate(&predictions.probabilities)
        model.decisionRule.decide(predictions.probabilities, into: &predictions.decisions)
    }

    private func score(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into predictions: inout Predictions) {
        predictions.scores.removeAll(keepingCapacity: true)
        predictions.repairCount = 0
        var rest = range
        while !rest.isEmpty {
            let part = rest.prefix(Self.rowCount)
            rest = part.upperBound..<rest.upperBound
            score(batch, part)
            predictions.scores.append(contentsOf: scores)
            predictions.coverage.append(contentsOf: rows.coverage)
            predictions.repairCount += rows.repairCount
        }
    }

    /// Replaces rows and scores by those of some articles.
    private func score(_ batch: borrowing ArticleBatch, _ range: Range<Int>) {
        rows.removeAll()
        extraction.extract(batch, range, into: &rows)
        for position in transformed.indices {
            transformed[position].removeAll(keepingCapacity: true)
            if position == 0 {
                model.featureTransformers[0].transform(rows.matrix, into: &transformed[0])
            } else {
                let input = transformed[position - 1]
                model.featureTransformers[position].transform(input, into: &transformed[position])
            }
        }
        if transformed.isEmpty {
            model.classifier.decisionFunction(rows.matrix, into: &scores)
        } else {
            model.classifier.decisionFunction(transformed[transformed.count - 1], into: &scores)
        }
    }
}
