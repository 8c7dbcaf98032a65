import Foundation
import LinearAlgebra
import StandardPlugins
import Testing
import TextClassification

@testable import Combinations

@Suite struct RecordedCombinationTests {
    /// Recorded by `scripts/fixtures/combinations.py`.
    private struct Recorded: Decodable, CustomStringConvertible {
        let classifier: String
        let parameters: [String: HyperparameterValue]
        let task: ClassificationTask
        let rows: [[Double]]
        let targets: [Int8]
        let sampleWeights: [Double]?
        let folds: [Int]
        let test: [[Double]]
        let scores: [Double]

        var description: String { "\(classifier) \(task) \(parameters.map { "\($0)=\($1)" }.sorted().joined(separator: " "))" }

        static func all() throws -> [Recorded] {
            struct File: Decodable { let cases: [Recorded] }
            let url = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/combinations.json")
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
        }

        static func matrix(_ rows: [[Double]]) -> SparseMatrix {
            var matrix = SparseMatrix(columnCount: rows[0].count)
            for row in rows {
                for (column, value) in row.enumerated() where value != 0 {
                    matrix.append(column: Int32(column), value: Float(value))
                }
                matrix.endRow()
            }
            return matrix
        }

        var articleTargets: Targets {
            let labelCount = targets.count / rows.count
            var result = Targets(task: task, labelCount: labelCount)
            for row in rows.indices {
                let own = targets[(row * labelCount)..<((row + 1) * labelCount)].enumerated()
                result.append(
                    positive: own.filter { $0.element == 1 }.map(\.offset),
                    missing: own.filter { $0.element == -1 }.map(\.offset))
            }
            return result
        }

        func fitted() throws -> any ClassifierModel {
            var context = TrainingContext(threadCount: 2)
            context.registry = Registry.standard()
            let (matrix, targets) = (Self.matrix(rows), articleTargets)
            if classifier == SoftVoting.identifier {
                return try SoftVoting(try SoftVoting.Parameters(parameters, component: classifier))
                    .fitted(matrix, targets, sampleWeights, context, folds: folds)
            }
            return try Stacking(try Stacking.Parameters(parameters, component: classifier))
                .fitted(matrix, targets, sampleWeights, context, folds: folds)
        }
    }

    @Test func `Scores are those of scikit-learn's voting and stacking`() throws {
        let cases = try Recorded.all()
        #expect(cases.count == 14)
        for recorded in cases {
            var scores: [Double] = []
            try recorded.fitted().decisionFunction(Recorded.matrix(recorded.test), into: &scores)
            try #require(scores.count == recorded.scores.count)
            var difference = 0.0
            for (score, expected) in zip(scores, recorded.scores) { difference = max(difference, abs(score - expected)) }
            #expect(difference < 5e-4, "\(recorded)")
        }
    }
}
