import LinearAlgebra
import Testing
import TextClassification

@testable import Calibration

@Suite struct ThresholdTests {
    typealias Rule = CrossValidatedThresholds

    /// Probabilities that are too low for rare labels, as those of a classifier with few positive articles are.
    func problem(count: Int = 300, seed: UInt64 = 1) -> (probabilities: [Double], targets: Targets) {
        var generator = RandomGenerator(seed: seed)
        let rates = [0.4, 0.15, 0.04]
        var targets = Targets(task: .multi, labelCount: rates.count)
        var probabilities: [Double] = []
        for _ in 0..<count {
            let positive = rates.indices.filter { generator.nextUniform() < rates[$0] }
            targets.append(positive: positive)
            for label in rates.indices {
                probabilities.append(
                    sigmoid((positive.contains(label) ? 0.5 : -2) + generator.nextNormal() - Double(label)))
            }
        }
        return (probabilities, targets)
    }

    func thresholds(
        _ probabilities: [Double]?, _ targets: Targets, _ change: (inout Rule.Parameters) -> Void = { _ in }
    ) throws -> [Double] {
        var parameters = Rule.Parameters()
        parameters.minimum = 0
        parameters.maximum = 1
        change(&parameters)
        let model = try Rule(parameters).fitted(toHeldOut: probabilities, targets: targets, context: .init())
        return try #require(model.thresholds)
    }

    @Test func singleLabelTasksGiveTheMostProbable() throws {
        let model = try Rule().fitted(
            toHeldOut: nil, targets: Targets(task: .single, labelCount: 3), context: .init())
        #expect(model == DecisionModel(mostProbableOf: 3))
    }

    @Test func withoutHeldOutProbabilitiesTheAnchorStands() throws {
        let targets = Targets(task: .multi, labelCount: 2)
        #expect(try thresholds(nil, targets) == [0.5, 0.5])
        let precise = try thresholds(nil, targets) { ($0.aim, $0.target) = (.precision, 0.9) }
        #expect(precise.allSatisfy { abs($0 - 0.9) < 1e-12 })
        let complete = try thresholds(nil, targets) { ($0.aim, $0.target) = (.recall, 0.9) }
        #expect(complete.allSatisfy { abs($0 - 0.1) < 1e-12 })
    }

    @Test func shrinkageLeadsFromOwnToPooledToHalf() throws {
        let (probabilities, targets) = problem()
        let own = try thresholds(probabilities, targets) { ($0.shrinkage, $0.pooledShrinkage) = (0, 0) }
        let pooled = try thresholds(probabilities, targets) { ($0.shrinkage, $0.pooledShrinkage) = (1e9, 0) }
        let half = try thresholds(probabilities, targets) { ($0.shrinkage, $0.pooledShrinkage) = (1e9, 1e9) }
        let usual = try thresholds(probabilities, targets) { ($0.shrinkage, $0.pooledShrinkage) = (20, 0) }
        #expect(own[0] > own[1] && own[1] > own[2])
        for label in 0..<3 {
            #expect(abs(pooled[label] - pooled[0]) < 1e-4)
            #expect(abs(half[label] - 0.5) < 1e-4)
            #expect(usual[label] >= min(own[label], pooled[label]) && usual[label] <= max(own[label], pooled[label]))
        }
        // The rarer the label, the nearer to the pooled threshold, on the logit scale.
        let counts = targets.positiveCounts
        for label in 0..<3 {
            let weight = Double(counts[label]) / Double(counts[label] + 20)
            let expected = sigmoid(
                weight * logit(own[label], margin: 1e-9) + (1 - weight) * logit(pooled[label], margin: 1e-9))
            #expect(abs(usual[label] - expected) < 1e-6)
        }
    }

    @Test func labelsWithoutPositivesTakeThePooledThreshold() throws {
        var (probabilities, targets) = problem()
        var without = Targets(task: .multi, labelCount: 3)
        for article in 0..<targets.count {
            without.append(positive: (0..<2).filter { targets[article, $0] == .positive })
        }
        targets = without
        let found = try thresholds(probabilities, targets) { $0.pooledShrinkage = 0 }
        let pooled = try thresholds(probabilities, targets) { ($0.shrinkage, $0.pooledShrinkage) = (1e12, 0) }
        #expect(abs(found[2] - pooled[0]) < 1e-6)
    }

    /// More precision never lowers a threshold, more recall never raises one.
    @Test(arguments: [UInt64(1), 2, 3])
    func monotoneInTheTarget(_ seed: UInt64) throws {
        let (probabilities, targets) = problem(count: 120, seed: seed)
        var previous = (precise: [0.0, 0, 0], complete: [1.0, 1, 1])
        for target in stride(from: 0.05, through: 1, by: 0.05) {
            let precise = try thresholds(probabilities, targets) { ($0.aim, $0.target) = (.precision, target) }
            let complete = try thresholds(probabilities, targets) { ($0.aim, $0.target) = (.recall, target) }
            for label in 0..<3 {
                #expect(precise[label] >= previous.precise[label])
                #expect(complete[label] <= previous.complete[label])
            }
            previous = (precise, complete)
        }
    }

    /// Without shrinkage the aims are met on the held-out articles themselves.
    @Test func aimsAreMet() throws {
        let (probabilities, targets) = problem()
        func rates(_ thresholds: [Double], _ label: Int) -> (precision: Double, recall: Double) {
            let given = (0..<targets.count).filter { probabilities[$0 * 3 + label] >= thresholds[label] }
            let hits = given.filter { targets[$0, label] == .positive }.count
            return (Double(hits) / Double(given.count), Double(hits) / Double(targets.positiveCounts[label]))
        }
        for target in [0.3, 0.6, 0.9] {
            let precise = try thresholds(probabilities, targets) {
                ($0.aim, $0.target, $0.shrinkage) = (.precision, target, 0)
            }
            let complete = try thresholds(probabilities, targets) {
                ($0.aim, $0.target, $0.shrinkage) = (.recall, target, 0)
            }
            for label in 0..<2 { #expect(rates(precise, label).precision >= target) }
            for label in 0..<3 { #expect(rates(complete, label).recall >= target) }
        }
    }

    @Test func thresholdLiesMidwayBetweenSeparableScores() throws {
        var targets = Targets(task: .multi, labelCount: 1)
        var probabilities: [Double] = []
        for i in 0..<100 {
            targets.append(positive: i < 50 ? [0] : [])
            probabilities.append(sigmoid(i < 50 ? 3 : 1))
        }
        let found = try thresholds(probabilities, targets) { ($0.shrinkage, $0.pooledShrinkage) = (0, 0) }
        #expect(abs(found[0] - sigmoid(2)) < 1e-12)
    }

    /// One article more does not make the threshold of a rare label jump.
    @Test func stableAgainstOneArticle() throws {
        let (probabilities, targets) = problem(count: 200)
        let whole = try thresholds(probabilities, targets)
        for left in 0..<40 {
            let kept = (0..<200).filter { $0 != left }
            let found = try thresholds(kept.flatMap { probabilities[$0 * 3..<$0 * 3 + 3] }, targets.selecting(kept))
            for label in 0..<3 {
                #expect(abs(logit(found[label], margin: 1e-9) - logit(whole[label], margin: 1e-9)) < 0.25)
            }
        }
    }

    @Test func missingJudgementsAreIgnored() throws {
        let (probabilities, targets) = problem(count: 100)
        var extended = targets
        for _ in 0..<50 { extended.appendUnlabelled() }
        let found = try thresholds(probabilities + Array(repeating: 0.99, count: 150), extended)
        #expect(try found == thresholds(probabilities, targets))
    }

    @Test func limitsHold() throws {
        let (probabilities, targets) = problem()
        let found = try thresholds(probabilities, targets) { ($0.minimum, $0.maximum) = (0.45, 0.46) }
        #expect(found.allSatisfy { 0.45...0.46 ~= $0 })
        #expect(throws: TrainingError.self) {
            try thresholds(probabilities, targets) { ($0.minimum, $0.maximum) = (0.6, 0.4) }
        }
    }

    @Test func constantAndBrokenProbabilities() throws {
        let (_, targets) = problem(count: 50)
        for value in [0, 0.5, 1, Double.nan] {
            for aim in ThresholdAim.allCases {
                let found = try thresholds(Array(repeating: value, count: 150), targets) { $0.aim = aim }
                #expect(found.allSatisfy { 0...1 ~= $0 })
            }
        }
    }

    @Test func settingsAreParsed() throws {
        let parameters = try Rule.Parameters(
            ["aim": .text("precision"), "target": .text("0.9"), "shrinkage": .text("5")], component: Rule.identifier)
        #expect(parameters.aim == .precision && parameters.target == 0.9 && parameters.shrinkage == 5)
        #expect(throws: ConfigurationError.self) {
            try Rule.Parameters(["aim": .text("accuracy")], component: Rule.identifier)
        }
    }
}
