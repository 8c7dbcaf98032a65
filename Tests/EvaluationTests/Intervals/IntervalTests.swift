import LinearAlgebra
import Testing
import TextClassification

@testable import Evaluation

@Suite struct IntervalTests {
    let fixture: IntervalsFixture

    init() throws {
        fixture = try IntervalsFixture.load()
    }

    /// Right with the given probability on each of two labels.
    func randomMetrics(_ count: Int, accuracy: Double, seed: UInt64) -> Metrics {
        var generator = RandomGenerator(seed: seed)
        let truth = (0..<count * 2).map { _ in generator.nextInt(below: 2) }
        return metrics(
            truth: truth, decisions: truth.map { generator.nextUniform() < accuracy ? $0 : 1 - $0 }, labelCount: 2)
    }

    @Test func bootstrapIntervalsAreSciPys() {
        for problem in fixture.bootstraps {
            let outcomes = ArticleOutcomes(
                metrics(truth: problem.truth, decisions: problem.decisions, labelCount: problem.labelCount))
            let estimate = outcomes.counts(of: 0..<outcomes.count).value(of: problem.figure)
            let leftOut = outcomes.values(of: [problem.figure], leavingOut: 0..<outcomes.count).map { $0[0] }
            for method in Bootstrap.Method.allCases {
                let expected = method == .percentile ? problem.percentile : problem.bca
                let interval = Bootstrap(confidence: problem.confidence, method: method)
                    .interval(around: estimate, replicates: problem.replicates, leftOut: leftOut)
                #expect(abs(interval.lower - expected[0]) < 1e-9, "\(problem.figure) \(method)")
                #expect(abs(interval.upper - expected[1]) < 1e-9, "\(problem.figure) \(method)")
            }
        }
    }

    /// Every figure on all articles is the one that `Metrics` gives, in both tasks and with labels nobody judged.
    @Test(arguments: MetricsFixture.all)
    func estimatesAreTheMetrics(_ fixture: MetricsFixture) {
        expectEstimates(fixture.metrics)
        guard fixture.task == .multi else { return }
        var targets = Targets(task: .multi, labelCount: fixture.labelCount)
        var generator = RandomGenerator(seed: 7)
        for article in 0..<fixture.targets.count {
            let missing = (0..<fixture.labelCount).filter { _ in generator.nextInt(below: 3) == 0 }
            let positive = (0..<fixture.labelCount).filter { fixture.targets[article, $0] == .positive }
            targets.append(positive: positive.filter { !missing.contains($0) }, missing: missing)
        }
        expectEstimates(
            Metrics(targets: targets, probabilities: fixture.probabilities, decisions: fixture.decisions.map { $0 == 1 }))
    }

    private func expectEstimates(_ metrics: Metrics) {
        let intervals = Bootstrap(resampleCount: 20).intervals(of: metrics)
        for figure in HeadlineFigure.allCases {
            let expected = metrics.value(of: figure)
            let interval = intervals[figure]
            #expect((interval == nil) == (expected == nil), "\(figure)")
            guard let interval, let expected else { continue }
            #expect(abs(interval.estimate - expected) < 1e-12, "\(figure): \(interval.estimate), \(expected)")
            #expect(interval.lower <= interval.upper && interval.lower.isFinite && interval.upper.isFinite)
        }
    }

    /// Figures of resampled articles are those of a corpus in which articles are repeated.
    @Test(arguments: MetricsFixture.all)
    func weightsAreRepetitions(_ fixture: MetricsFixture) {
        let metrics = fixture.metrics
        var generator = RandomGenerator(seed: 3)
        let count = metrics.targets.count
        let drawn = (0..<count).map { _ in generator.nextInt(below: count) }
        var weights = [Int32](repeating: 0, count: count)
        for article in drawn { weights[article] += 1 }
        let width = fixture.labelCount
        let repeated = Metrics(
            targets: metrics.targets.selecting(drawn),
            probabilities: drawn.flatMap { metrics.probabilities[$0 * width..<($0 + 1) * width] },
            decisions: drawn.flatMap { metrics.decisions[$0 * width..<($0 + 1) * width] })
        let ranked: [HeadlineFigure] = [.averagePrecision, .rocAUC, .expectedCalibrationError]
        let values = RankedPairs(metrics, figures: ranked).values(weights: weights)
        for (figure, value) in zip(ranked, values) {
            let expected = repeated.value(of: figure) ?? (figure == .rocAUC ? 0.5 : 0)
            #expect(abs(value - expected) < 1e-12, "\(figure)")
        }
        let means = ArticleMeans(metrics, figures: [.logLoss, .rankingLoss]).values(of: drawn)
        #expect(abs(means[0] - repeated.logLoss) < 1e-12 && abs(means[1] - repeated.rankingLoss) < 1e-12)
    }

    @Test func labelsHaveIntervals() {
        let metrics = randomMetrics(50, accuracy: 0.8, seed: 9)
        let intervals = Bootstrap(resampleCount: 100).labelIntervals(of: metrics, \.f1)
        #expect(intervals.map(\.estimate) == metrics.labelCounts.map(\.f1))
        for interval in intervals { #expect(interval.lower < interval.estimate && interval.estimate < interval.upper) }
    }

    @Test func resamplesDependOnTheSeedAlone() {
        let metrics = randomMetrics(30, accuracy: 0.7, seed: 2)
        let one = Bootstrap(resampleCount: 130, seed: 4).intervals(of: metrics)
        #expect(Bootstrap(resampleCount: 130, seed: 4, threadCount: 3).intervals(of: metrics) == one)
        #expect(Bootstrap(resampleCount: 130, seed: 5).intervals(of: metrics) != one)
    }

    /// Ninety of a hundred intervals of 90 % hold the true accuracy, about.
    @Test(arguments: Bootstrap.Method.allCases)
    func coverage(_ method: Bootstrap.Method) {
        let covered = (0..<150).count { seed in
            let metrics = randomMetrics(60, accuracy: 0.8, seed: UInt64(seed))
            let interval = Bootstrap(resampleCount: 150, confidence: 0.9, method: method)
                .intervals(of: metrics, figures: [.accuracy])[.accuracy]
            return interval.map { $0.lower <= 0.64 && 0.64 <= $0.upper } ?? false
        }
        #expect((123...146).contains(covered), "\(covered) of 150")
    }

    @Test func degenerateIntervals() {
        let perfect = randomMetrics(20, accuracy: 1, seed: 1)
        for method in Bootstrap.Method.allCases {
            let bootstrap = Bootstrap(resampleCount: 50, method: method)
            for interval in bootstrap.intervals(of: perfect, figures: [.accuracy]).values {
                #expect(interval.lower == 1 && interval.upper == 1)
            }
            for count in [0, 1] {
                for interval in bootstrap.intervals(of: randomMetrics(count, accuracy: 0.5, seed: 3)).values {
                    #expect(interval.lower == interval.estimate && interval.upper == interval.estimate)
                }
            }
            let outside = bootstrap.interval(around: 2, replicates: [0, 0.5, 1], leftOut: [1, 1, 1])
            #expect(outside.lower.isFinite && outside.upper.isFinite)
        }
    }

    @Test func permutationTestsAreSciPys() {
        for problem in fixture.comparisons {
            let first = metrics(truth: problem.truth, decisions: problem.first, labelCount: problem.labelCount)
            let second = metrics(truth: problem.truth, decisions: problem.second, labelCount: problem.labelCount)
            let comparison = PairedComparison(first, second)
            for figure in [HeadlineFigure.accuracy, .microF1, .macroF1] {
                let expected = problem.permutation[figure.rawValue]
                #expect(abs(comparison.difference(figure) - (expected?.difference ?? .nan)) < 1e-12)
                #expect(abs(comparison.permutationTest(figure) - (expected?.pValue ?? .nan)) < 1e-12, "\(figure)")
            }
            let test = comparison.mcNemarTest
            #expect([test.onlyFirstCount, test.onlySecondCount] == problem.mcNemar.counts)
            #expect(abs(test.pValue - problem.mcNemar.pValue) < 1e-12)
        }
    }

    @Test func signTestsAreSciPys() {
        for test in fixture.signTests {
            let value = PairedComparison.signTestProbability(test.smaller, of: test.count)
            #expect(abs(value - test.pValue) <= 1e-9 * test.pValue, "\(test)")
        }
    }

    @Test func randomSwapsComeNearTheExactProbability() {
        let first = randomMetrics(12, accuracy: 0.6, seed: 5)
        let truth = first.targets.values.map(Int.init)
        let second = metrics(truth: truth, decisions: truth, labelCount: 2)
        let exact = PairedComparison(first, second).permutationTest(.accuracy)
        // The same articles ten times over leave too many swaps to try them all.
        let comparison = PairedComparison(
            metrics(truth: truth + truth, decisions: first.decisions.map { $0 ? 1 : 0 } + truth, labelCount: 2),
            metrics(truth: truth + truth, decisions: truth + truth, labelCount: 2))
        #expect(abs(comparison.permutationTest(.accuracy) - exact) < 1e-12)
        let better = PairedComparison(randomMetrics(120, accuracy: 0.6, seed: 6), with: 0.95)
        let value = better.permutationTest(.microF1, permutations: 500, seed: 1)
        #expect(value == better.permutationTest(.microF1, permutations: 500, seed: 1, threadCount: 3))
        #expect(value < 0.02 && value >= 1 / 501.0)
    }

    @Test func pairedIntervals() {
        let worse = randomMetrics(150, accuracy: 0.6, seed: 7)
        let better = PairedComparison(worse, with: 0.95)
        let interval = better.interval(.microF1, bootstrap: Bootstrap(resampleCount: 300))
        #expect(interval.estimate == better.difference(.microF1) && interval.showsDifference)
        #expect(interval.comparison(of: "A", with: "B").hasPrefix("B is better by 0."))
        let same = PairedComparison(worse, worse)
        #expect(same.permutationTest(.macroF1) == 1 && same.mcNemarTest.pValue == 1)
        let none = same.interval(.accuracy, bootstrap: Bootstrap(resampleCount: 20))
        #expect(none.comparison(of: "A", with: "B") == "no difference can be shown between A and B (0.000, 0.000 to 0.000)")
        let negative = ConfidenceInterval(estimate: -0.2, lower: -0.3, upper: -0.1, confidence: 0.95)
        #expect(negative.comparison(of: "A", with: "B") == "A is better by 0.200 (0.100 to 0.300)")
        // Means over articles are compared too.
        let loss = better.interval(.brierScore, bootstrap: Bootstrap(resampleCount: 100))
        #expect(loss.upper < 0 && loss.showsDifference)
        #expect(same.interval(.brierScore, bootstrap: Bootstrap(resampleCount: 20)).upper == 0)
    }

    @Test func distributions() {
        for (level, quantile) in zip(fixture.normal.levels, fixture.normal.quantiles) {
            #expect(abs(NormalDistribution.quantile(level) - quantile) <= 1e-13 * max(1, abs(quantile)))
        }
        for (x, expected) in zip([-8.0, -3, -1, 0, 0.5, 2, 5], fixture.normal.cumulative) {
            #expect(abs(NormalDistribution.cumulative(x) - expected) <= 1e-13 * expected)
        }
        #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
        for student in fixture.student {
            let value = StudentDistribution.twoSidedProbability(student.t, degreesOfFreedom: student.degreesOfFreedom)
            #expect(abs(value - student.twoSided) <= 1e-10 * student.twoSided, "\(student)")
        }
        for student in fixture.studentQuantiles {
            let value = StudentDistribution.twoSidedQuantile(
                student.probability, degreesOfFreedom: student.degreesOfFreedom)
            #expect(abs(value - student.t) <= 1e-9 * student.t, "\(student)")
        }
    }

    @Test func correctedResampledTest() {
        let expected = fixture.corrected
        let test = CorrectedResampledTest(differences: expected.differences, testShare: expected.testShare)
        #expect(abs(test.pValue - expected.pValue) < 1e-10)
        #expect(abs((test.interval?.lower ?? .nan) - expected.interval[0]) < 1e-10)
        #expect(abs((test.interval?.upper ?? .nan) - expected.interval[1]) < 1e-10)
        #expect(CorrectedResampledTest(differences: [0.1], testShare: 0.2).pValue == 1)
        #expect(CorrectedResampledTest(differences: [], testShare: 0.2).interval == nil)
        #expect(CorrectedResampledTest(differences: [0, 0, 0], testShare: 0.2).pValue == 1)
        #expect(CorrectedResampledTest(differences: [1, 1, 1], testShare: 0.2).pValue == 0)
    }
}

extension PairedComparison {
    /// Decisions against others on the same articles that are right with the given probability.
    init(_ first: Metrics, with accuracy: Double) {
        var generator = RandomGenerator(seed: 99)
        let truth = first.targets.values.map(Int.init)
        let decisions = truth.map { generator.nextUniform() < accuracy ? $0 : 1 - $0 }
        self.init(first, metrics(truth: truth, decisions: decisions, labelCount: first.labelCount))
    }
}

extension Metrics {
    /// The value of a figure by the property of its name; `nil` where it is undefined.
    func value(of figure: HeadlineFigure) -> Double? {
        switch figure {
        case .accuracy: accuracy
        case .balancedAccuracy: balancedAccuracy
        case .hammingLoss: hammingLoss
        case .microPrecision: precision(.micro)
        case .microRecall: recall(.micro)
        case .microF1: f1(.micro)
        case .macroPrecision: precision(.macro)
        case .macroRecall: recall(.macro)
        case .macroF1: f1(.macro)
        case .weightedF1: f1(.weighted)
        case .cohenKappa: cohenKappa
        case .matthewsCorrelation: matthewsCorrelation
        case .jaccard: sampleJaccard
        case .labelRankingAveragePrecision: labelRankingAveragePrecision
        case .coverageError: coverageError
        case .rankingLoss: rankingLoss
        case .logLoss: logLoss
        case .brierScore: brierScore
        case .averagePrecision: averagePrecision(.micro)
        case .rocAUC: rocAUC(.micro)
        case .expectedCalibrationError: expectedCalibrationError()
        }
    }
}
