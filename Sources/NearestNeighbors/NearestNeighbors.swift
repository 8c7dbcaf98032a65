import LinearAlgebra
import TextClassification

/// The k nearest neighbours by cosine, over an inverted index (Yang & Liu 1999).
///
/// The training rows, scaled to unit length, are the model, stored by feature, so that only articles that share a feature are
/// looked at. Of the `neighbors` most similar ones, each counting by its cosine (or the same, with `weighsBySimilarity` off),
///
///     p(label) = (Σ cos · has label + s · prior) / (Σ cos + s)
///
/// with s = `smoothing`; a row without neighbours has the priors. Scores are logarithms of p in single-label tasks and log-odds in
/// multi-label ones. Neighbours of a label are sought among the articles on which it was judged. An article of weight w counts as w neighbours.
///
/// It expects TF-IDF rows. The model is as large as its training rows, and tagging takes O(articles that share the row's features).
public struct NearestNeighbors: SampleWeighingClassifier {
    public typealias Model = NearestNeighborsModel
    public static let identifier = "nearest-neighbors"
    public static let summary = "k nearest neighbours by cosine, over an inverted index: keeps the training articles"
    public let parameters: Parameters

    /// The hyper-parameters of `NearestNeighbors`.
    public struct Parameters: Hyperparameters {
        public var neighbors = 20
        public var weighsBySimilarity = true
        public var smoothing = 0.1

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "neighbors", \.neighbors, .integer(1...10_000), search: .integer(3...100),
                help: "k: how many similar articles are asked"),
            Hyperparameter(
                "weighsBySimilarity", \.weighsBySimilarity, .boolean, help: "whether nearer articles count more, by their cosine"),
            Hyperparameter(
                "smoothing", \.smoothing, .number(0...1000), help: "the weight of the labels' frequencies beside the neighbours"),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> NearestNeighborsModel {
        let sampleWeights = sampleWeights ?? [Double](repeating: 1, count: rows.rowCount)
        try context.checkCancellation()
        guard rows.values.allSatisfy(\.isFinite) else {
            throw TrainingError.notFinite(component: Self.identifier, what: "a feature")
        }
        let used = (0..<rows.rowCount).filter { article in
            sampleWeights[article] > 0
                && (targets.task == .single ? targets.classIndex(of: article) != nil : targets.isLabelled(article))
        }
        var unit = rows.selectingRows(used)
        for row in 0..<unit.rowCount { unit.scaleToUnitLength(row) }
        try context.checkCancellation()
        return NearestNeighborsModel(
            rows: unit, targets: targets.selecting(used), sampleWeights: used.map { sampleWeights[$0] }, parameters: parameters)
    }
}

extension SparseMatrix {
    /// Squares of numbers in single precision neither overflow nor vanish in double precision.
    mutating func scaleToUnitLength(_ row: Int) {
        let square = squaredNorm(ofRow: row)
        if square > 0 { scaleRow(row, by: 1 / square.squareRoot()) }
    }
}
