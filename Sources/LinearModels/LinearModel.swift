import LinearAlgebra
import TextClassification

/// Scores that are linear in the features: what every linear classifier fits. Weights are kept in
/// single or half precision, or in 8 bits.
public struct LinearModel: ClassifierModel {
    let weights: LinearWeights
    let intercepts: ModelArray<Double>

    public var labelCount: Int { intercepts.count }
    public var featureCount: Int { weights.count / max(1, intercepts.count) }

    init(_ solution: LinearSolution) {
        weights = .single(ModelArray(solution.weights.single))
        intercepts = ModelArray(solution.intercepts)
    }

    /// A model of the given weights, [feature][label].
    public init(weights: [Float], intercepts: [Double]) {
        precondition(!intercepts.isEmpty && weights.count % intercepts.count == 0, "weights must be [feature][label]")
        self.init(.single(ModelArray(weights)), ModelArray(intercepts))
    }

    private init(_ weights: LinearWeights, _ intercepts: ModelArray<Double>) {
        self.weights = weights
        self.intercepts = intercepts
    }

    public func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        intercepts.withSpan { intercepts in weights.multiply(rows, intercepts: intercepts, into: &scores) }
    }

    public func featureWeight(_ feature: Int, label: Int) -> Double? { weights.weight(feature, label, labelCount: labelCount) }
    public func strongestFeatures(count: Int) -> [[Int]]? { weights.strongestFeatures(labelCount: labelCount, count: count) }
    public func intercept(label: Int) -> Double? { intercepts[label] }

    public func selecting(_ features: [Int]) -> LinearModel? {
        LinearModel(weights.selecting(features, labelCount: labelCount), intercepts)
    }

    public func quantized(to precision: WeightPrecision) -> LinearModel? {
        weights.quantized(to: precision, labelCount: labelCount).map { LinearModel($0, intercepts) }
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        weights.write(to: &writer)
        writer.add("intercepts", intercepts)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        intercepts = try reader.array("intercepts", of: Double.self)
        weights = try LinearWeights(reading: reader, labelCount: intercepts.count)
        guard intercepts.count > 0, weights.count % intercepts.count == 0 else {
            throw reader.malformed("intercepts", "has \(intercepts.count) labels for \(weights.count) weights")
        }
    }
}
