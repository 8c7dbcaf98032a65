import LinearAlgebra

/// Learns scores of labels from rows of features.
public protocol Classifier: Component {
    associatedtype Model: ClassifierModel
    /// Which tasks it can learn.
    static var tasks: [ClassificationTask] { get }
    /// Fits to rows (articles × features) and their targets; labels not judged on an article must be ignored there.
    func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> Model
    /// Whether it learns from labelled articles; where its hyper-parameters say all there is to know, there need not be any.
    var needsLabels: Bool { get }
    /// Whether it can give articles different weights.
    static var weighsSamples: Bool { get }
    /// Fits with a weight an article: one of weight 2 counts like two of weight 1, one of weight 0 like none.
    ///
    /// The default throws `ConfigurationError`; where `weighsSamples` is true it has to be replaced.
    func fitted(to rows: SparseMatrix, targets: Targets, sampleWeights: [Double], context: TrainingContext) throws -> Model
    /// Whether its models can go on learning from further articles.
    static var learnsUpdates: Bool { get }
}

extension Classifier {
    public static var tasks: [ClassificationTask] { ClassificationTask.allCases }
    public var needsLabels: Bool { true }
    public static var weighsSamples: Bool { false }
    public static var learnsUpdates: Bool { false }

    public func fitted(
        to rows: SparseMatrix, targets: Targets, sampleWeights: [Double], context: TrainingContext
    ) throws -> Model {
        throw ConfigurationError.conflict("\(Self.identifier) cannot give articles different weights")
    }
}

/// A classifier that fits in one way with and without weights of articles.
public protocol SampleWeighingClassifier: Classifier {
    /// Fits with a weight an article, as `fitted(to:targets:sampleWeights:context:)` says; `nil` is 1 for each.
    func fitted(
        _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
    ) throws -> Model
}

extension SampleWeighingClassifier {
    public static var weighsSamples: Bool { true }

    public func fitted(to rows: SparseMatrix, targets: Targets, context: TrainingContext) throws -> Model {
        try fitted(rows, targets, sampleWeights: nil, context)
    }

    /// - Precondition: one weight an article.
    public func fitted(
        to rows: SparseMatrix, targets: Targets, sampleWeights: [Double], context: TrainingContext
    ) throws -> Model {
        precondition(sampleWeights.count == rows.rowCount, "\(sampleWeights.count) weights for \(rows.rowCount) articles")
        return try fitted(rows, targets, sampleWeights: sampleWeights, context)
    }
}

/// A fitted classifier.
///
/// Scores are real numbers, larger for likelier; a classifier of probabilistic origin gives logits, so that the default
/// calibration (soft-max over the labels of a single-label task, the logistic function on each label of a multi-label task)
/// gives its own probabilities.
public protocol ClassifierModel: ComponentModel {
    var featureCount: Int { get }
    /// One score a label.
    var labelCount: Int { get }
    /// Writes the scores of all rows over `scores`, row after row (rows × labels). A row's scores depend on it alone.
    func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double])
    /// The weight by which a feature's value adds to a label's score; `nil` where the model is not additive.
    func featureWeight(_ feature: Int, label: Int) -> Double?
    /// The features with the largest weights above 0 for each label, largest first, at most `count`; of equal ones those that come
    /// first. `nil` where the model is not additive. O(features · labels).
    func strongestFeatures(count: Int) -> [[Int]]?
    /// The part of a label's score that no feature adds; `nil` where the model is not additive.
    func intercept(label: Int) -> Double?
    /// The model of some features only, given in ascending order; `nil` where it cannot be divided.
    func selecting(_ features: [Int]) -> Self?
    /// The model with its numbers in fewer bits, from which it predicts directly; `nil` where there is no such form, or nothing to be gained.
    func quantized(to precision: WeightPrecision) -> Self?
    /// Why it cannot go on learning; `nil` where it can. The default says that its classifier learns from all articles at once.
    var updateObstacle: UpdateObstacle? { get }
    /// The model after learning further rows with the same features, in their order; `self` stays as it is.
    ///
    /// With one pass, rows learnt in several updates give the same model as in one. Labels not judged on an article are ignored there.
    /// - Parameter passCount: how often the rows are visited; `nil` as often as in training.
    /// - Throws: `UpdateError` where it cannot; the default does.
    func updated(
        with rows: SparseMatrix, targets: Targets, passCount: Int?, context: TrainingContext
    ) throws -> UpdatedModel<Self>
    /// The model without what it takes to go on learning, which predicts the same.
    func withoutUpdateState() -> Self
}

extension ClassifierModel {
    public func selecting(_ features: [Int]) -> Self? { nil }
    public func quantized(to precision: WeightPrecision) -> Self? { nil }
    public func featureWeight(_ feature: Int, label: Int) -> Double? { nil }
    public func intercept(label: Int) -> Double? { nil }

    public func strongestFeatures(count: Int) -> [[Int]]? {
        var strongest = [StrongestFeatures](repeating: StrongestFeatures(count: count), count: labelCount)
        for feature in 0..<featureCount {
            for label in 0..<labelCount {
                guard let weight = featureWeight(feature, label: label) else { return nil }
                strongest[label].add(feature, weight: weight)
            }
        }
        return strongest.map(\.features)
    }
}

/// Keeps the features with the largest weights above 0, of those that are added in ascending order.
public struct StrongestFeatures {
    private let count: Int
    private var best: [(weight: Double, feature: Int)] = []
    /// What a weight has to exceed.
    private var limit = 0.0

    public init(count: Int) { self.count = count }

    @inline(__always)
    public mutating func add(_ feature: Int, weight: Double) {
        if weight > limit { insert(feature, weight) }
    }

    private mutating func insert(_ feature: Int, _ weight: Double) {
        guard count > 0 else { return }
        best.insert((weight, feature), at: best.firstIndex { $0.weight < weight } ?? best.count)
        if best.count > count { best.removeLast() }
        if best.count == count { limit = best[count - 1].weight }
    }

    /// They, the largest weight first.
    public var features: [Int] { best.map(\.feature) }
}
