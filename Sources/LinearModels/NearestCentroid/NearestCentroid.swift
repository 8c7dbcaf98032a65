import LinearAlgebra
import TextClassification

/// Nearest centroid by cosine, or Rocchio's classifier: a label is the mean of its articles (Rocchio 1971; Joachims 1997).
///
/// The prototype of a label is c = mean of its rows − γ · mean of the others', rows and c scaled to unit length, and the score of a row
/// x is `scale` · xᵀc: the cosine, where rows have unit length as those of `tfidf` do, and the same order of the labels where they have
/// not. With γ = 0 these are the scores of the field's nearest-centroid classifier; Rocchio's usual γ is 0.25.
///
/// It expects TF-IDF rows of unit length. Scores of multi-label tasks are no log-odds: take a calibrator that learns.
public struct NearestCentroid: SampleWeighingClassifier {
    public typealias Model = LinearModel
    public static let identifier = "nearest-centroid"
    public static let summary = "nearest centroid by cosine (Rocchio): one pass, works from a handful of articles a label"
    public let parameters: Parameters

    /// The hyper-parameters of `NearestCentroid`.
    public struct Parameters: Hyperparameters {
        public var negativeWeight = 0.0
        public var scale = 10.0

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter(
                "negativeWeight", \.negativeWeight, .number(0...1),
                search: .number(0...1),
                help: "gamma: how much the articles without the label count against it"),
            Hyperparameter(
                "scale", \.scale, .number(0.01...1000, .logarithmic), help: "factor on the cosines, which probabilities depend on"
            ),
        ]
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> LinearModel {
        var unit = rows
        for (row, square) in rows.squaredRowNorms().enumerated() {
            guard square.isFinite else { throw TrainingError.notFinite(component: Self.identifier, what: "the length of a row") }
            if square > 0 { unit.scaleRow(row, by: 1 / square.squareRoot()) }
        }
        let sums = try LabelSums(unit, targets, sampleWeights: sampleWeights, context: context)
        let labelCount = sums.labelCount
        var weights = [Float](repeating: 0, count: sums.featureCount * labelCount)
        for label in 0..<labelCount where sums.positiveWeights[label] > 0 {
            let share = 1 / sums.positiveWeights[label]
            let against = sums.negativeWeights[label] > 0 ? parameters.negativeWeight / sums.negativeWeights[label] : 0
            var prototype = [Double](repeating: 0, count: sums.featureCount)
            var square = 0.0
            for feature in prototype.indices {
                let value =
                    share * sums.positive[feature * labelCount + label] - against
                    * (against > 0 ? sums.negative(feature, label) : 0)
                prototype[feature] = value
                square += value * value
            }
            guard square > 0 else { continue }
            let factor = parameters.scale / square.squareRoot()
            for feature in prototype.indices { weights[feature * labelCount + label] = Float(factor * prototype[feature]) }
        }
        // In single-label tasks a label without articles is never the nearest.
        let isAnywhere = sums.positiveWeights.contains { $0 > 0 }
        let intercepts = sums.positiveWeights.map {
            targets.task == .single && isAnywhere && $0 == 0 ? OccurringClasses.absentIntercept : 0
        }
        return LinearModel(weights: weights, intercepts: intercepts)
    }
}
