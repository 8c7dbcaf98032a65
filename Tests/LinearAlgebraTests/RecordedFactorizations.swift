import Foundation
import LinearAlgebra

/// Factorisations recorded from scikit-learn by `scripts/fixtures/factorization.py`.
struct RecordedFactorizations: Decodable {
    struct Run: Decodable {
        let iterations: Int
        let objective: Double
        let distance: Double
        let w: [Double]
        let h: [Double]
    }
    struct Problem: Decodable {
        let loss: String
        let l1: [Double]
        let l2: [Double]
        let few: Run
        let many: Run

        var options: FactorizationOptions {
            var options = FactorizationOptions()
            options.loss = FactorizationOptions.Loss(rawValue: loss)!
            options.l1 = (l1[0], l1[1])
            options.l2 = (l2[0], l2[1])
            return options
        }
    }
    /// Five iterations with all topics, and five with those that are kept.
    struct Factors: Decodable {
        let objective: Double
        let w: [Double]
        let h: [Double]
    }
    struct Surplus: Decodable {
        let topicCount: Int
        let protectedCount: Int
        let atOnce: Factors
        let byAndBy: Factors
    }
    let rows: Int
    let columns: Int
    let topics: Int
    let offsets: [Int]
    let indices: [Int32]
    let values: [Float]
    let w: [Double]
    let h: [Double]
    let problems: [Problem]
    let surplus: [Surplus]

    init() throws {
        let url = Bundle.module.resourceURL!.appending(path: "Fixtures/factorization.json")
        self = try JSONDecoder().decode(RecordedFactorizations.self, from: Data(contentsOf: url))
    }

    var matrix: SparseMatrix {
        SparseMatrix(rowOffsets: offsets, columnIndices: indices, values: values, columnCount: columns)
    }
    var startW: DenseMatrix { DenseMatrix(rowCount: rows, columnCount: topics, elements: w) }
    var startH: DenseMatrix { DenseMatrix(rowCount: columns, columnCount: topics, elements: h) }
}
