import LinearAlgebra
import Testing
import TextClassification

@testable import Calibration

/// How far learnt thresholds can be trusted, and aims of single-label tasks.
@Suite struct ThresholdEstimateTests {
    typealias Rule = CrossValidatedThresholds

    /// Calibrated probabilities: the truth is drawn from them.
    static func problem(_ count: Int, seed: UInt64, task: ClassificationTask = .multi) -> (
        probabilities: [Double], targets: Targets
    ) {
        var generator = RandomGenerator(seed: seed)
        var targets = Targets(task: task, labelCount: 2)
        var probabilities: [Double] = []
        for _ in 0..<count {
            let first = sigmoid(2 * generator.nextNormal())
            let second = task == .single ? 1 - first : sigmoid(2 * generator.nextNormal() - 1)
            let isFirst = generator.nextUniform() < first
            let isSecond = task == .single ? !isFirst : generator.nextUniform() < second
            targets.append(positive: (isFirst ? [0] : []) + (isSecond ? [1] : []))
            probabilities += [first, second]
        }
        return (probabilities, targets)
    }

    static let many = problem(4000, seed: 99)

    func fitted(
        _ problem: (probabilities: [Double], targets: Targets), threads: Int = 1,
        _ change: (inout Rule.Parameters) -> Void = { _ in }
    ) throws -> DecisionModel {
        var parameters = Rule.Parameters()
        change(&parameters)
        return try Rule(parameters).fitted(
            toHeldOut: problem.probabilities, targets: problem.targets, context: TrainingContext(threadCount: threads))
    }

    /// The true precision and recall of a threshold, on many articles of the same kind.
    func truth(_ threshold: Double, label: Int) -> (precision: Double, recall: Double) {
        let many = Self.many
        var (hits, given, positives) = (0, 0, 0)
        for article in 0..<many.targets.count {
            let isGiven = many.probabilities[article * 2 + label] >= threshold
            let isPositive = many.targets[article, label] == .positive
            if isGiven { given += 1 }
            if isPositive { positives += 1 }
            if isGiven && isPositive { hits += 1 }
        }
        return (Double(hits) / Double(given), Double(hits) / Double(positives))
    }

    /// Nine of ten intervals hold what the threshold really achieves.
    @Test(arguments: [ThresholdAim.f1, .precision])
    func intervalsHoldTheTruth(_ aim: ThresholdAim) throws {
        var (precisionHits, recallHits, bias) = (0, 0, 0.0)
        for seed in 0..<40 {
            let model = try fitted(Self.problem(120, seed: UInt64(seed))) { ($0.aim, $0.target) = (aim, 0.8) }
            let estimate = try #require(model.thresholdEstimates?[0])
            let threshold = try #require(model.thresholds?[0])
            #expect(estimate.threshold.value == threshold)
            let expected = truth(threshold, label: 0)
            let (precision, recall) = (try #require(estimate.precision), try #require(estimate.recall))
            if precision.lower <= expected.precision, expected.precision <= precision.upper { precisionHits += 1 }
            if recall.lower <= expected.recall, expected.recall <= recall.upper { recallHits += 1 }
            bias += (precision.value - expected.precision) / 40
        }
        // Of forty intervals of 90 %, thirty-one to forty with a probability of 99 %.
        #expect(precisionHits >= 31 && recallHits >= 31, "\(precisionHits), \(recallHits)")
        #expect(abs(bias) < 0.03, "\(bias)")
    }

    @Test func estimatesDependOnTheSeedAlone() throws {
        let problem = Self.problem(80, seed: 3)
        let one = try fitted(problem)
        #expect(try fitted(problem, threads: 3) == one)
        #expect(try roundTrip(one) == one)
        #expect(try fitted(problem) { $0.resamples = 0 }.thresholdEstimates == nil)
        #expect(try fitted(problem) { $0.resamples = 0 }.thresholds == one.thresholds)
    }

    /// Where nothing reaches the threshold there is no precision to be expected, and nothing pretends so.
    @Test func nothingIsGiven() throws {
        var targets = Targets(task: .multi, labelCount: 1)
        for article in 0..<40 { targets.append(positive: article % 2 == 0 ? [0] : []) }
        let model = try fitted((Array(repeating: 0.2, count: 40), targets)) { $0.minimum = 0.5 }
        let estimate = try #require(model.thresholdEstimates?[0])
        #expect(estimate.precision == nil && estimate.recall?.value == 0)
        #expect((estimate.recall?.upper ?? 0) > 0.1)
        #expect(try roundTrip(model) == model)
    }

    /// A higher precision asked for costs recall, and is kept on other articles.
    @Test func aimsAreReached() throws {
        let data = Self.problem(2000, seed: 5)
        let modest = try fitted(data) { ($0.aim, $0.target) = (.precision, 0.7) }
        let strict = try fitted(data) { ($0.aim, $0.target) = (.precision, 0.9) }
        let generous = try fitted(data) { ($0.aim, $0.target) = (.recall, 0.9) }
        for label in 0..<2 {
            let (low, high) = (try #require(modest.thresholds?[label]), try #require(strict.thresholds?[label]))
            #expect(low < high)
            #expect(abs(truth(high, label: label).precision - 0.9) < 0.05)
            #expect(abs(truth(try #require(generous.thresholds?[label]), label: label).recall - 0.9) < 0.05)
        }
    }

    /// In a single-label task a precision is reached by leaving out the articles whose most probable label is not probable enough.
    @Test func singleLabelPrecision() throws {
        let data = Self.problem(1500, seed: 8, task: .single)
        let model = try fitted(data) { ($0.aim, $0.target) = (.precision, 0.9) }
        #expect(model.isExclusive)
        let others = Self.problem(3000, seed: 9, task: .single)
        var decisions: [Bool] = []
        model.decide(others.probabilities, into: &decisions)
        let given = decisions.indices.filter { decisions[$0] }
        let hits = given.count { others.targets[$0 / 2, $0 % 2] == .positive }
        #expect(given.count < 3000 && given.count > 1000)
        #expect(abs(Double(hits) / Double(given.count) - 0.9) < 0.03)
        #expect(try fitted(data).thresholds == nil)
        #expect(throws: TrainingError.self) { try fitted(data) { $0.aim = .recall } }
        #expect(Rule().needsHeldOutProbabilities(for: .single) == false)
    }
}
