import LinearAlgebra
import TextClassification

/// Scores that are linear in the features: what every linear classifier fits. Weights are kept in single precision.
public struct LinearModel: ClassifierModel {
    /// The weights, [feature][label].
    let weights: ModelArray<Float>
    let intercepts: ModelArray<Double>

    public var labelCount: Int { intercepts.count }
    public var featureCount: Int { weights.count / max(1, intercepts.count) }

    init(_ solution: LinearSolution) {
        weights = ModelArray(solution.weights.map { Float($0) })
        intercepts = ModelArray(solution.intercepts)
    }

    /// A model of the given weights, [feature][label].
    public init(weights: [Float], intercepts: [Double]) {
        precondition(!intercepts.isEmpty && weights.count % intercepts.count == 0, "weights must be [feature][label]")
        self.weights = ModelArray(weights)
        self.intercepts = ModelArray(intercepts)
    }

    public func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        weights.withSpan { weights in
            intercepts.withSpan { intercepts in rows.multiply(weights: weights, intercepts: intercepts, into: &scores) }
        }
    }

    public func featureWeight(_ feature: Int, label: Int) -> Double? { Double(weights[feature * labelCount + label]) }
    public func intercept(label: Int) -> Double? { intercepts[label] }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        writer.add("weights", weights)
        writer.add("intercepts", intercepts)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        intercepts = try reader.array("intercepts", of: Double.self)
        weights = try reader.array("weights", of: Float.self)
        guard intercepts.count > 0, weights.count % intercepts.count == 0 else {
            throw reader.malformed("weights", "has \(weights.count) numbers for \(intercepts.count) labels")
        }
    }
}
