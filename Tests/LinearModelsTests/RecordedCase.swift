import Foundation
import LinearAlgebra
import TextClassification

/// A small problem with the scores of an independent implementation, recorded by `scripts/fixtures/classifiers.py`.
struct RecordedCase: Decodable, CustomStringConvertible {
    let classifier: String
    let parameters: [String: HyperparameterValue]
    let task: ClassificationTask
    let rows: [[Double]]
    let targets: [Int8]
    let sampleWeights: [Double]?
    let test: [[Double]]
    let scores: [Double]

    static func all(_ name: String) throws -> [RecordedCase] {
        struct File: Decodable { let cases: [RecordedCase] }
        let url = Bundle.module.resourceURL!.appending(path: "Fixtures/\(name).json")
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
    }

    var description: String { "\(classifier) \(task) \(parameters.map { "\($0)=\($1)" }.sorted().joined(separator: " "))" }

    var labelCount: Int { targets.count / rows.count }

    static func matrix(_ rows: [[Double]]) -> SparseMatrix {
        var matrix = SparseMatrix(columnCount: rows[0].count)
        for row in rows {
            for (column, value) in row.enumerated() where value != 0 { matrix.append(column: Int32(column), value: Float(value)) }
            matrix.endRow()
        }
        return matrix
    }

    var articleTargets: Targets {
        var result = Targets(task: task, labelCount: labelCount)
        for row in rows.indices {
            let own = targets[(row * labelCount)..<((row + 1) * labelCount)].enumerated()
            result.append(
                positive: own.filter { $0.element == 1 }.map(\.offset), missing: own.filter { $0.element == -1 }.map(\.offset))
        }
        return result
    }

    /// The largest difference from the recorded scores.
    func difference(_ model: some ClassifierModel) -> Double {
        var scores: [Double] = []
        model.decisionFunction(Self.matrix(test), into: &scores)
        guard scores.count == self.scores.count else { return .infinity }
        return zip(scores, self.scores).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
