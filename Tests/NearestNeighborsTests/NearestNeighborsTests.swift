import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing
import TextClassification

@Suite struct NearestNeighborsTests {
    /// Recorded by `scripts/fixtures/classifiers.py`; `scores` are probabilities.
    private struct Recorded: Decodable {
        let parameters: [String: HyperparameterValue]
        let task: ClassificationTask
        let rows: [[Double]]
        let targets: [Int8]
        let test: [[Double]]
        let scores: [Double]
    }

    private func matrix(_ rows: [[Double]]) -> SparseMatrix {
        var matrix = SparseMatrix(columnCount: rows[0].count)
        for row in rows {
            for (column, value) in row.enumerated() where value != 0 { matrix.append(column: Int32(column), value: Float(value)) }
            matrix.endRow()
        }
        return matrix
    }

    private func scores(_ model: NearestNeighborsModel, _ rows: SparseMatrix) -> [Double] {
        var scores: [Double] = []
        model.decisionFunction(rows, into: &scores)
        return scores
    }

    @Test func `Probabilities are those of scikit-learn`() throws {
        struct File: Decodable { let cases: [Recorded] }
        let url = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/neighbours.json")
        let cases = try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
        #expect(cases.count == 4)
        for recorded in cases {
            let labelCount = recorded.targets.count / recorded.rows.count
            let classifier = NearestNeighbors(
                try NearestNeighbors.Parameters(recorded.parameters, component: NearestNeighbors.identifier))
            var targets = Targets(task: recorded.task, labelCount: labelCount)
            for row in recorded.rows.indices {
                let own = recorded.targets[(row * labelCount)..<((row + 1) * labelCount)].enumerated()
                targets.append(
                    positive: own.filter { $0.element == 1 }.map(\.offset),
                    missing: own.filter { $0.element == -1 }.map(\.offset))
            }
            let model = try classifier.fitted(to: matrix(recorded.rows), targets: targets, context: TrainingContext())
            for (score, expected) in zip(scores(model, matrix(recorded.test)), recorded.scores) {
                #expect(abs((recorded.task == .single ? exp(score) : 1 / (1 + exp(-score))) - expected) < 1e-5)
            }
        }
    }

    /// Three articles of label 0, one of them far, and one of label 1.
    private var sample: (rows: SparseMatrix, targets: Targets) {
        var targets = Targets(task: .single, labelCount: 2)
        for label in [0, 0, 1, 0] { targets.append(positive: [label]) }
        return (matrix([[1, 0, 0], [2, 0.1, 0], [1, 1, 0], [0, 0, 1]]), targets)
    }

    @Test func `An article of weight three counts as three neighbours`() throws {
        let (rows, targets) = sample
        var parameters = NearestNeighbors.Parameters()
        (parameters.neighbors, parameters.weighsBySimilarity, parameters.smoothing) = (4, false, 0)
        let weighted = try NearestNeighbors(parameters).fitted(
            to: rows, targets: targets, sampleWeights: [1, 1, 3, 0], context: TrainingContext())
        let found = scores(weighted, matrix([[1, 0.9, 0]]))
        #expect(abs(exp(found[1]) - 0.75) < 1e-9)
        #expect(weighted.articleCount == 3)
    }

    @Test func `A row that shares nothing with any article has the priors`() throws {
        let (rows, targets) = sample
        let model = try NearestNeighbors().fitted(to: rows, targets: targets, context: TrainingContext())
        let found = scores(model, matrix([[0, 0, 0]]))
        #expect(abs(exp(found[0]) - 3.5 / 5) < 1e-9)
        #expect(abs(exp(found[1]) - 1.5 / 5) < 1e-9)
    }

    @Test func `Very small and very large values have a direction, too`() throws {
        let (rows, targets) = sample
        let model = try NearestNeighbors().fitted(to: rows, targets: targets, context: TrainingContext())
        let usual = scores(model, matrix([[1, 0.5, 0]]))
        for factor in [1e-37, 1e38] {
            let other = scores(model, matrix([[factor, 0.5 * factor, 0]]))
            #expect(zip(usual, other).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }
}
