import LinearAlgebra
import Testing
import TextClassification

@testable import Calibration

@Suite struct ConformalTests {
    @Test func fixturesAreThere() {
        #expect(ConformalFixture.all.count == 5)
    }

    /// What the bounds make possible is what the p-values of an independent implementation make possible.
    @Test(arguments: ConformalFixture.all)
    func boundsAreThoseOfCrepes(_ fixture: ConformalFixture) {
        let sets = PredictionSets(
            coverage: fixture.coverage, heldOut: fixture.probabilities, targets: fixture.targets,
            decision: DecisionModel(thresholds: Array(repeating: 0.5, count: fixture.labelCount)))
        for (place, probability) in fixture.test.enumerated() {
            let label = place % fixture.labelCount
            #expect((probability >= sets.possibleFrom[label]) == (fixture.possible[place] == 1), "\(place)")
            guard let absent = fixture.absent else { continue }
            #expect((probability <= sets.absentUpTo[label]) == (absent[place] == 1), "\(place)")
        }
    }

    /// Probabilities that tell something about the truth; a label is carried by the given share of articles.
    func problem(
        _ task: ClassificationTask, count: Int, shares: [Double], generator: inout RandomGenerator
    ) -> (probabilities: [Double], targets: Targets) {
        var targets = Targets(task: task, labelCount: shares.count)
        var probabilities: [Double] = []
        for _ in 0..<count {
            var positive: [Int]
            switch task {
            case .multi: positive = shares.indices.filter { generator.nextUniform() < shares[$0] }
            case .single:
                var rest = generator.nextUniform()
                positive = [shares.count - 1]
                for label in shares.indices {
                    if rest < shares[label] {
                        positive = [label]
                        break
                    }
                    rest -= shares[label]
                }
            }
            targets.append(positive: positive)
            var row = shares.indices.map { (positive.contains($0) ? 1.2 : -1.2) + 1.5 * generator.nextNormal() }
            if task == .single {
                _ = softmaxRow(&row)
            } else {
                row = row.map { sigmoid($0) }
            }
            probabilities += row
        }
        return (probabilities, targets)
    }

    private func softmaxRow(_ row: inout [Double]) -> Double {
        var span = row.mutableSpan
        return softmax(&span, in: 0..<span.count)
    }

    /// Over 100 splits the truth is among the possible answers as often as promised, for every label, for articles with it and
    /// without; and not much more often, so that sets are no larger than they must be.
    @Test(arguments: ClassificationTask.allCases, [0.8, 0.9])
    func coverageOverAHundredSplits(_ task: ClassificationTask, _ promised: Double) throws {
        let shares = task == .single ? [0.5, 0.35, 0.15] : [0.5, 0.25, 0.1]
        var generator = RandomGenerator(seed: 17)
        var positives = [[Double]](repeating: [], count: shares.count)
        var negatives = positives
        var parameters = ConformalSets.Parameters()
        parameters.coverage = promised
        parameters.rule = task == .single ? .mostProbable : .fixed
        for _ in 0..<100 {
            let held = problem(task, count: 150, shares: shares, generator: &generator)
            let test = problem(task, count: 200, shares: shares, generator: &generator)
            let model = try ConformalSets(parameters)
                .fitted(toHeldOut: held.probabilities, targets: held.targets, context: TrainingContext())
            let sets = try #require(model.predictionSets)
            var decisions: [Bool] = []
            model.decide(test.probabilities, into: &decisions)
            let unsure = sets.unsure(probabilities: test.probabilities, decisions: decisions)
            for label in shares.indices {
                func share(_ judgement: Targets.Judgement) -> Double {
                    let places = (0..<test.targets.count).filter { test.targets[$0, label] == judgement }
                        .map { $0 * shares.count + label }
                    let covered = places.count { unsure[$0] || decisions[$0] == (judgement == .positive) }
                    return Double(covered) / Double(places.count)
                }
                positives[label].append(share(.positive))
                if task == .multi { negatives[label].append(share(.negative)) }
            }
        }
        for coverages in positives + negatives where !coverages.isEmpty {
            let mean = coverages.reduce(0, +) / 100
            let deviation = (coverages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 99).squareRoot()
            // The mean of a hundred splits is known to a tenth of their spread.
            #expect(mean >= promised - 3 * deviation / 10, "\(mean) of \(promised)")
            #expect(mean <= promised + 0.09, "\(mean) of \(promised)")
        }
    }

    @Test func decisionsAreAlwaysPossible() throws {
        var generator = RandomGenerator(seed: 2)
        let held = problem(.multi, count: 80, shares: [0.5, 0.3], generator: &generator)
        for threshold in [0.1, 0.5, 0.9] {
            var parameters = ConformalSets.Parameters()
            parameters.rule = .fixed
            parameters.fixed.threshold = threshold
            let model = try ConformalSets(parameters)
                .fitted(toHeldOut: held.probabilities, targets: held.targets, context: TrainingContext())
            let sets = try #require(model.predictionSets)
            for probability in stride(from: 0.0, through: 1, by: 0.01) {
                // Neither is sure: a given label above what absence allows, a label not given below what is possible.
                let isGiven = probability >= threshold
                let unsure = sets.isUnsure(0, probability: probability, isGiven: isGiven)
                #expect(unsure == (isGiven ? probability <= sets.absentUpTo[0] : probability >= sets.possibleFrom[0]))
            }
            #expect(sets.isUnsure(0, probability: .nan, isGiven: false) && sets.isUnsure(0, probability: .nan, isGiven: true))
        }
    }

    /// Eight articles cannot rule anything out at 90 %, nine can; labels nobody judged count for neither side.
    @Test func fewArticlesRuleNothingOut() {
        for count in [0, 8, 9] {
            var targets = Targets(task: .multi, labelCount: 1)
            for _ in 0..<count { targets.append(positive: [0]) }
            for _ in 0..<50 { targets.append(positive: []) }
            for _ in 0..<30 { targets.append(positive: [], missing: [0]) }
            var probabilities = (0..<count).map { 0.9 + 0.01 * Double($0) }
            probabilities += (0..<50).map { 0.01 * Double($0) }
            probabilities += [Double](repeating: 0.95, count: 30)
            let sets = PredictionSets(
                coverage: 0.9, heldOut: probabilities, targets: targets, decision: DecisionModel(thresholds: [0.5]))
            #expect(sets.possibleFrom[0] == (count < 9 ? 0 : 0.9))
            #expect(abs(sets.absentUpTo[0] - 0.45) < 1e-12)
        }
    }

    @Test func nothingHeldOut() throws {
        for task in ClassificationTask.allCases {
            var targets = Targets(task: task, labelCount: 2)
            targets.append(positive: [0])
            let model = try ConformalSets().fitted(toHeldOut: nil, targets: targets, context: TrainingContext())
            let sets = try #require(model.predictionSets)
            #expect(sets.expectedReviewShare == nil && sets.isExclusive == (task == .single))
            #expect(sets.isUnsure(1, probability: 0.001, isGiven: false))
            #expect(sets.isUnsure(0, probability: 0.999, isGiven: true) == (task == .multi))
        }
    }

    @Test func roundTrips() throws {
        var generator = RandomGenerator(seed: 4)
        for task in ClassificationTask.allCases {
            let held = problem(task, count: 60, shares: [0.5, 0.3], generator: &generator)
            let model = try ConformalSets()
                .fitted(toHeldOut: held.probabilities, targets: held.targets, context: TrainingContext())
            #expect(try roundTrip(model) == model)
            #expect((model.thresholdEstimates == nil) == (task == .single))
        }
    }

    @Test func damagedFilesAreRefused() throws {
        struct Promise: Encodable {
            var coverage = 0.9
            var isExclusive = false
            var expectedReviewShare: Double? = 0.1
        }
        func read(_ promise: Promise, _ bounds: [Double]) throws -> ConformalSetsModel {
            try ConformalSetsModel(
                reading: reader { writer throws(ModelFileError) in
                    try writer.scoped("rule") { writer throws(ModelFileError) in
                        try DecisionModel(thresholds: [0.5, 0.5]).write(to: &writer)
                    }
                    try writer.add("promise", json: promise)
                    writer.add("possible-from", bounds)
                    writer.add("absent-up-to", [0.1, 0.2])
                    writer.add("unsure-shares", [0.1, 0.2])
                })
        }
        #expect(try read(Promise(), [0, 1]).labelCount == 2)
        #expect(throws: ModelFileError.self) { try read(Promise(coverage: 1), [0, 1]) }
        #expect(throws: ModelFileError.self) { try read(Promise(expectedReviewShare: -1), [0, 1]) }
        for bounds in [[0.5], [0.5, .nan], [2, 0]] {
            #expect(throws: ModelFileError.self) { try read(Promise(), bounds) }
        }
    }
}
