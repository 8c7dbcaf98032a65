import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import SemiSupervised

@Suite struct CompetingLabelsTests {
    private struct Fixture: Decodable {
        let featureCount, labelCount: Int
        let features, shares, scores, heldOut: [Double]
        let labels: [[Int]]
        let folds: [Int]
    }

    private static func fixture() throws -> Fixture {
        let path = try #require(Bundle.module.path(forResource: "Fixtures/competing", ofType: "json"))
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: URL(filePath: path)))
    }

    private func targets(_ fixture: Fixture) -> Targets {
        var targets = Targets(task: .multi, labelCount: fixture.labelCount)
        for labels in fixture.labels { targets.append(positive: labels) }
        return targets
    }

    private func competing(_ fixture: Fixture, threads: Int) throws -> CompetingLabels {
        var terms = SparseMatrix(columnCount: fixture.featureCount)
        var (none, vectors) = (SparseMatrix(columnCount: 1), SparseMatrix(columnCount: 1))
        for row in 0..<fixture.features.count / fixture.featureCount {
            for column in 0..<fixture.featureCount {
                terms.append(column: Int32(column), value: Float(fixture.features[row * fixture.featureCount + column]))
            }
            terms.endRow()
            none.endRow()
            vectors.endRow()
        }
        let features = ArchiveFeatures(
            terms: terms, words: none, vectors: vectors, parameters: SemiSupervisedParameters(), trainingCount: terms.rowCount)
        return try CompetingLabels(
            features: features, labelled: Array(fixture.labels.indices), targets: targets(fixture), folds: fixture.folds,
            inverseRegularization: 5, evidence: nil, context: TrainingContext(threadCount: threads))
    }

    /// The solver stops at a relative gap of 10⁻⁴.
    @Test func `Labels compete as in scikit-learn`() throws {
        let fixture = try Self.fixture()
        let competing = try competing(fixture, threads: 2)
        func difference(_ found: [Double], _ expected: [Double]) -> Double {
            #expect(found.count == expected.count)
            // As probabilities.
            return zip(found, expected).reduce(0) { max($0, abs(sigmoid($1.0) - sigmoid($1.1))) }
        }
        #expect(zip(competing.shares, fixture.shares).allSatisfy { abs($0 - $1) < 0.01 })
        #expect(difference(competing.scores, fixture.scores) < 0.02)
        #expect(difference(competing.heldOut, fixture.heldOut) < 0.02)
    }

    @Test func `Threads do not change a bit of competing labels`() throws {
        let fixture = try Self.fixture()
        let (one, three) = (try competing(fixture, threads: 1), try competing(fixture, threads: 3))
        #expect(one.scores == three.scores && one.heldOut == three.heldOut && one.shares == three.shares)
    }

    @Test func `Labels do not compete where that is worse on held-out labels`() throws {
        let fixture = try Self.fixture()
        let (competing, targets) = (try competing(fixture, threads: 1), targets(fixture))
        let guesses = [Double](repeating: 0, count: targets.values.count)
        #expect(competing.holds(beside: guesses, targets: targets))
        // Scores that know the truth, and labels that are given to other articles than they compete for.
        let truth = targets.values.map { $0 == 1 ? 9.0 : -9 }
        #expect(competing.holds(beside: truth, targets: targets) == false)
    }
}
