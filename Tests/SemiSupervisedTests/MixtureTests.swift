import Foundation
import LinearAlgebra
import Testing

@testable import SemiSupervised

@Suite struct MixtureTests {
    private struct Fixture: Decodable {
        struct Gate: Decodable {
            let classes: [Int]
            let supervised, teacher, mixture: [Double]
            let sigma: Double
            let weights: [Double]
        }

        let counts: [Int]
        let wordCount, trainingCount: Int
        let words, posteriors: [Double]
        let groups: [[UInt16]]
        let known, knownClasses: [Int]
        let weights, responsibilities, scores, replaced, after, afterScores: [Double]
        let gate: Gate
    }

    private static func fixture() throws -> Fixture {
        let path = try #require(Bundle.module.path(forResource: "Fixtures/mixture", ofType: "json"))
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: URL(filePath: path)))
    }

    private func mixture(_ fixture: Fixture, threads: Int) -> ClassMixture {
        var words = SparseMatrix(columnCount: fixture.wordCount)
        var vectors = SparseMatrix(columnCount: 1)
        for row in 0..<fixture.words.count / fixture.wordCount {
            for column in 0..<fixture.wordCount where fixture.words[row * fixture.wordCount + column] > 0 {
                words.append(column: Int32(column), value: Float(fixture.words[row * fixture.wordCount + column]))
            }
            words.endRow()
            vectors.endRow()
        }
        let features = ArchiveFeatures(
            terms: words, words: words, vectors: vectors, parameters: SemiSupervisedParameters(),
            trainingCount: fixture.trainingCount)
        return ClassMixture(
            features: features, components: ClassComponents(counts: fixture.counts), known: fixture.known,
            knownClasses: fixture.knownClasses, weights: fixture.weights, posteriors: fixture.posteriors,
            groups: { fixture.groups[$0] }, threads: threads)
    }

    private func expectEqual(_ found: [Double], _ expected: [Double], within tolerance: Double) {
        #expect(found.count == expected.count)
        #expect(zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } < tolerance)
    }

    /// Sums are in single precision.
    @Test(arguments: [1, 3]) func `Several components a class are fitted as NumPy fits them`(threads: Int) throws {
        let fixture = try Self.fixture()
        var mixture = mixture(fixture, threads: threads)
        try mixture.iterate(5, checkCancellation: {})
        expectEqual(mixture.responsibilities, fixture.responsibilities, within: 1e-3)
        expectEqual(mixture.scores, fixture.scores, within: 1e-3)
        mixture.replace(posteriors: fixture.replaced)
        try mixture.iterate(2, checkCancellation: {})
        expectEqual(mixture.responsibilities, fixture.after, within: 1e-3)
        expectEqual(mixture.scores, fixture.afterScores, within: 1e-3)
    }

    @Test func `Threads do not change a bit of a mixture`() throws {
        let fixture = try Self.fixture()
        var (one, three) = (mixture(fixture, threads: 1), mixture(fixture, threads: 3))
        try one.iterate(4, checkCancellation: {})
        try three.iterate(4, checkCancellation: {})
        #expect(one.scores == three.scores)
        #expect(one.classLogProbabilities() == three.classLogProbabilities())
    }

    @Test func `An article of a known class belongs to its components alone`() throws {
        let fixture = try Self.fixture()
        var mixture = mixture(fixture, threads: 1)
        try mixture.iterate(3, checkCancellation: {})
        for (article, c) in zip(fixture.known, fixture.knownClasses) {
            let posteriors = mixture.posteriors[article * 3..<article * 3 + 3]
            for (other, value) in posteriors.enumerated() { #expect(abs(value - (other == c ? 1 : 0)) < 1e-9) }
        }
    }

    @Test func `A class has as many components as whole equal shares fit into it`() {
        #expect(ClassComponents(shares: [0.25, 0.25, 0.25, 0.25]).ranges == [0..<1, 1..<2, 2..<3, 3..<4])
        #expect(ClassComponents(shares: [0.01, 0.51, 0.3, 0.18]).ranges == [0..<1, 1..<3, 3..<4, 4..<5])
        #expect(ClassComponents(shares: [1] + [Double](repeating: 0, count: 19)).ranges[0] == 0..<8)
    }

    @Test func `The gate weighs as NumPy does`() throws {
        let gate = try Self.fixture().gate
        let decision = GateDecision.choose(
            ArmScores(supervised: gate.supervised, teacher: gate.teacher, mixture: gate.mixture), classes: gate.classes,
            classCount: 3)
        #expect(decision.mixtureTemperature == gate.sigma)
        let weights = decision.weights
        expectEqual([weights.supervised, weights.teacher, weights.mixture], gate.weights, within: 1e-6)
    }
}
