import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import SemiSupervised

@Suite struct GateTests {
    private static let classes = (0..<60).map { $0 % 3 }

    /// Scores that favour the true class by `margin`, and a random one by noise of about `noise`.
    private func scores(margin: Double, noise: Double, seed: UInt64) -> [Double] {
        var generator = RandomGenerator(seed: seed)
        var table: [Double] = []
        for c in Self.classes {
            for other in 0..<3 { table.append((other == c ? margin : 0) + noise * generator.nextNormal()) }
        }
        ScoreTable.logSoftmaxRows(&table, classCount: 3)
        return table
    }

    private func decision(_ arms: ArmScores) -> GateDecision { .choose(arms, classes: Self.classes, classCount: 3) }

    @Test func `What is better on held-out labels is what counts`() {
        let (good, bad) = (scores(margin: 4, noise: 0.5, seed: 1), scores(margin: 0, noise: 4, seed: 2))
        let supervised = decision(ArmScores(supervised: good, teacher: bad, mixture: bad))
        #expect(supervised.supervisedWeight > 0.7 && supervised.temperature > 0)
        let mixture = decision(ArmScores(supervised: bad, teacher: bad, mixture: good))
        #expect(mixture.mixtureWeight == 1 && mixture.supervisedWeight < 0.3)
        let teacher = decision(ArmScores(supervised: bad, teacher: good, mixture: bad))
        #expect(teacher.mixtureWeight < 0.5 && teacher.supervisedWeight < 0.3)
    }

    @Test func `Of arms that are equally good the mixture is trusted, and the supervised one averaged`() {
        let same = scores(margin: 2, noise: 1, seed: 3)
        let decision = decision(ArmScores(supervised: same, teacher: same, mixture: same))
        #expect(decision.mixtureWeight == 1)
        #expect(0.2...0.8 ~= decision.supervisedWeight)
    }

    /// The decision's three weights stand for a mean over several: the combined scores are that mean.
    @Test func `Combined scores are by the formula`() {
        let decision = GateDecision(mixtureWeight: 0.25, supervisedWeight: 0.5, temperature: 2)
        let combined = decision.combined(ArmScores(supervised: [1, 2], teacher: [3, 4], mixture: [7, 0]))
        // ((0.75 · 3 + 0.25 · 7) / 2 + 1 / 2) / 2 and ((0.75 · 4) / 2 + 2 / 2) / 2
        #expect(combined == [1.25, 1.25])
    }

    @Test func `Shares of the archive are one step from equal ones`() {
        let prior = LabelPrior(.archive, classes: [0, 1, 2], classCount: 3)
        let shares = prior.shares([0.9, 0.05, 0.05, 0.5, 0.5, 1e-9].map { log($0) }, rowCount: 2)
        for (found, expected) in zip(shares, [0.7, 0.275, 0.025]) { #expect(abs(found - expected) < 1e-6) }
        #expect(
            LabelPrior(.uniform, classes: [0, 1, 2], classCount: 3).shares([1, 2, 3], rowCount: 1) == [1, 1, 1].map { $0 / 3 })
    }
}
