import LinearAlgebra
import TextClassification

/// Scores that add a weight for every feature that an article has, whatever its value.
public struct PresenceModel: ClassifierModel {
    /// [feature][label].
    let weights: ModelArray<Float>
    let intercepts: ModelArray<Double>

    public var labelCount: Int { intercepts.count }
    public var featureCount: Int { weights.count / max(1, intercepts.count) }

    init(weights: [Float], intercepts: [Double]) {
        self.weights = ModelArray(weights)
        self.intercepts = ModelArray(intercepts)
    }

    /// Elements are added one after another, so a row gives the same alone and among others. O(elements · labels).
    public func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
        let labelCount = labelCount
        scores.removeAll(keepingCapacity: true)
        let (columns, values) = (rows.columnIndices.span, rows.values.span)
        intercepts.withSpan { intercepts in
            weights.withSpan { weights in
                for row in 0..<rows.rowCount {
                    let start = scores.count
                    for label in 0..<labelCount { scores.append(intercepts[label]) }
                    for element in rows.row(row) where values[element] > 0 {
                        let place = Int(columns[element]) * labelCount
                        for label in 0..<labelCount { scores[start + label] += Double(weights[place + label]) }
                    }
                }
            }
        }
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        writer.add("weights", weights)
        writer.add("intercepts", intercepts)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        intercepts = try reader.array("intercepts", of: Double.self)
        weights = try reader.array("weights", of: Float.self)
        guard intercepts.count > 0, weights.count % intercepts.count == 0 else {
            throw reader.malformed("intercepts", "has \(intercepts.count) labels for \(weights.count) weights")
        }
    }
}
