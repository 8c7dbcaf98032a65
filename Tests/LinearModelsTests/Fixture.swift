import Foundation
import LinearAlgebra

/// A problem with its optimum, recorded from scikit-learn by `scripts/fixtures/linear_models.py`.
struct Fixture: Decodable {
    struct Row: Decodable {
        let columns: [Int32]
        let values: [Float]
    }

    let name: String
    let featureCount: Int
    let rows: [Row]
    let inverseRegularization: Double
    let l1Ratio: Double?
    let classCount: Int?
    let classes: [Int]?
    let sampleWeights: [Double]?
    let labelCount: Int?
    let targets: [Int8]?
    let objective: Double?
    let objectives: [Double]?
    let weights: [Double]
    let intercepts: [Double]
    let predictions: [Int]

    init(_ name: String) throws {
        let url = Bundle.module.resourceURL!.appending(path: "Fixtures/\(name).json")
        self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    }

    var matrix: SparseMatrix {
        var matrix = SparseMatrix(columnCount: featureCount)
        for row in rows {
            for (column, value) in zip(row.columns, row.values) { matrix.append(column: column, value: value) }
            matrix.endRow()
        }
        return matrix
    }

    /// The scores X·W + b, [sample][output].
    func scores(weights: [Double], intercepts: [Double]) -> [Double] {
        let k = intercepts.count
        var scores = [Double](repeating: 0, count: rows.count * k)
        matrix.multiply(weights, k: k, into: &scores)
        for i in scores.indices { scores[i] += intercepts[i % k] }
        return scores
    }

    /// The class of the highest score of each sample.
    static func argmax(_ scores: [Double], k: Int) -> [Int] {
        (0..<(scores.count / k)).map { i in (0..<k).max { scores[i * k + $0] < scores[i * k + $1] }! }
    }
}
