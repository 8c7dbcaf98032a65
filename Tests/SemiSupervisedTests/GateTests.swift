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

    /// The mean log-loss of the combination.
    private func loss(_ decision: GateDecision, _ arms: ArmScores) -> Double {
        var scores = decision.combined(arms)
        ScoreTable.logSoftmaxRows(&scores, classCount: 3)
        return -Self.classes.indices.reduce(0) { $0 + scores[$1 * 3 + Self.classes[$1]] } / Double(Self.classes.count)
    }

    @Test func `What is better on held-out labels is what counts`() {
        let (good, bad) = (scores(margin: 4, noise: 0.5, seed: 1), scores(margin: 0, noise: 4, seed: 2))
        for arms in [
            ArmScores(supervised: good, teacher: bad, mixture: bad), ArmScores(supervised: bad, teacher: good, mixture: bad),
            ArmScores(supervised: bad, teacher: bad, mixture: good),
        ] {
            // Guessing would lose ln 3.
            #expect(loss(decision(arms), arms) < 0.1)
        }
        let mixture = decision(ArmScores(supervised: bad, teacher: bad, mixture: good))
        #expect(mixture.mixtureWeight > 0.99 && mixture.supervisedWeight < 0.3)
        let teacher = decision(ArmScores(supervised: bad, teacher: good, mixture: bad))
        #expect(teacher.mixtureWeight < 0.1 && teacher.supervisedWeight < 0.1)
    }

    @Test func `An archive that says nothing is not used`() {
        let (good, bad) = (scores(margin: 3, noise: 1, seed: 1), scores(margin: -3, noise: 1, seed: 2))
        let decision = decision(ArmScores(supervised: good, teacher: bad, mixture: bad))
        #expect(decision.supervisedWeight > 0.95 && decision.words.contains("not used"))
    }

    @Test func `Of arms that are equally good the mixture is trusted, and the supervised one averaged`() {
        let same = scores(margin: 2, noise: 1, seed: 3)
        let decision = decision(ArmScores(supervised: same, teacher: same, mixture: same))
        #expect(decision.mixtureWeight > 0.99)
        #expect(0.1...0.5 ~= decision.supervisedWeight)
    }

    /// The decision's three weights stand for a mean over several: the combined scores are that mean.
    @Test func `Combined scores are by the formula`() {
        let decision = GateDecision(mixtureWeight: 0.25, supervisedWeight: 0.5, mixtureTemperature: 4, temperature: 2)
        let combined = decision.combined(ArmScores(supervised: [1, 2], teacher: [3, 4], mixture: [28, 0]))
        // ((0.75 · 3 + 0.25 · 28 / 4) / 2 + 1 / 2) / 2 and ((0.75 · 4) / 2 + 2 / 2) / 2
        #expect(combined == [1.25, 1.25])
    }

    @Test func `Shares of the archive are one step from equal ones, drawn back by half where they are doubted`() {
        let prior = LabelPrior(.archive, classes: [0, 1, 2], classCount: 3)
        let shares = prior.shares([0.9, 0.05, 0.05, 0.5, 0.5, 1e-9].map { log($0) }, rowCount: 2)
        // Of 0.7, 0.275 and 0.025, which are 0.4016 nats from equal ones, the power 0.6676.
        for (found, expected) in zip(shares, LabelPrior.drawn([0.7, 0.275, 0.025])) { #expect(abs(found - expected) < 1e-6) }
        #expect(abs(log(shares[0] / shares[1]) / log(0.7 / 0.275) - 0.6676) < 1e-3)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
        #expect(LabelPrior.drawn([0.25, 0.25, 0.25, 0.25]).allSatisfy { abs($0 - 0.25) < 1e-12 })
        #expect(
            LabelPrior(.uniform, classes: [0, 1, 2], classCount: 3).shares([1, 2, 3], rowCount: 1) == [1, 1, 1].map { $0 / 3 })
    }
}
