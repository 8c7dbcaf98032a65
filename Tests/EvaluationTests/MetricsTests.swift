import LinearAlgebra
import Testing
import TextClassification

@testable import Evaluation

/// The metrics equal scikit-learn's on recorded problems.
@Suite struct MetricsTests {
    static let tolerance = 1e-12

    func expectClose(_ value: Double?, _ expected: Double?, _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation) {
        guard let value, let expected else {
            #expect(value == expected, what, sourceLocation: sourceLocation)
            return
        }
        #expect(abs(value - expected) <= Self.tolerance * max(1, abs(expected)), what, sourceLocation: sourceLocation)
    }

    @Test func fixturesAreThere() {
        #expect(MetricsFixture.all.count == 13)
    }

    @Test(arguments: MetricsFixture.all)
    func decisions(_ fixture: MetricsFixture) {
        let metrics = fixture.metrics
        expectClose(metrics.accuracy, fixture.accuracy, "accuracy")
        expectClose(metrics.hammingLoss, fixture.hammingLoss, "Hamming loss")
        expectClose(metrics.sampleJaccard, fixture.sampleJaccard, "Jaccard over articles")
        #expect(metrics.labelCounts.map(\.support) == fixture.labelSupport)
        for (label, counts) in metrics.labelCounts.enumerated() {
            expectClose(counts.precision, fixture.labelPrecision[label], "precision of label \(label)")
            expectClose(counts.recall, fixture.labelRecall[label], "recall of label \(label)")
            expectClose(counts.f1, fixture.labelF1[label], "F1 of label \(label)")
            expectClose(counts.matthewsCorrelation, fixture.labelMatthews[label], "correlation of label \(label)")
            // Where truth and decision are one and the same class throughout, scikit-learn's kappa is NaN and ours 0.
            expectClose(counts.cohenKappa, fixture.labelKappa[label] ?? 0, "kappa of label \(label)")
            expectClose(counts.balancedAccuracy, fixture.labelBalancedAccuracy[label], "balanced accuracy of label \(label)")
            expectClose(counts.jaccard, fixture.labelJaccard[label], "Jaccard index of label \(label)")
        }
        for average in LabelAverage.allCases {
            let name = average.rawValue
            expectClose(metrics.precision(average), fixture.precision[name], "\(name) precision")
            expectClose(metrics.recall(average), fixture.recall[name], "\(name) recall")
            expectClose(metrics.f1(average), fixture.f1[name], "\(name) F1")
            expectClose(metrics.jaccard(average), fixture.jaccard[name], "\(name) Jaccard")
            for (beta, scores) in fixture.fScores {
                expectClose(metrics.fScore(beta: Double(beta) ?? 0, average), scores[name], "\(name) F-\(beta)")
            }
        }
    }

    @Test(arguments: MetricsFixture.all)
    func agreement(_ fixture: MetricsFixture) {
        let metrics = fixture.metrics
        if fixture.task == .single {
            expectClose(metrics.balancedAccuracy, fixture.balancedAccuracy, "balanced accuracy")
            expectClose(metrics.cohenKappa, fixture.cohenKappa ?? 0, "kappa")
            expectClose(metrics.matthewsCorrelation, fixture.matthews, "correlation")
            #expect(metrics.confusionMatrix.map { $0.dropLast() } == fixture.confusionMatrix?.map { $0[...] })
            #expect(metrics.confusionMatrix.allSatisfy { $0.last == 0 })
        } else {
            #expect(metrics.coOccurrenceMatrix == fixture.coOccurrenceMatrix)
            func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
            expectClose(metrics.cohenKappa, mean(fixture.labelKappa.map { $0 ?? 0 }), "mean kappa")
            expectClose(metrics.matthewsCorrelation, mean(fixture.labelMatthews), "mean correlation")
            expectClose(metrics.balancedAccuracy, mean(fixture.labelBalancedAccuracy), "mean balanced accuracy")
        }
    }

    @Test(arguments: MetricsFixture.all)
    func ranking(_ fixture: MetricsFixture) {
        let metrics = fixture.metrics
        for label in 0..<fixture.labelCount {
            expectClose(metrics.labelROCAUCs[label], fixture.labelROCAUC[label], "area of label \(label)")
            expectClose(
                metrics.labelAveragePrecisions[label], fixture.labelAveragePrecision[label],
                "average precision of label \(label)")
        }
        for average in LabelAverage.allCases {
            let name = average.rawValue
            expectClose(metrics.rocAUC(average), fixture.rocAUC[name] ?? nil, "\(name) area")
            expectClose(metrics.averagePrecision(average), fixture.averagePrecision[name] ?? nil, "\(name) average precision")
        }
        expectClose(metrics.coverageError, fixture.coverageError, "coverage error")
        expectClose(metrics.rankingLoss, fixture.rankingLoss, "ranking loss")
        expectClose(
            metrics.labelRankingAveragePrecision, fixture.labelRankingAveragePrecision, "label ranking average precision")
    }

    @Test(arguments: MetricsFixture.all)
    func probabilities(_ fixture: MetricsFixture) {
        let metrics = fixture.metrics
        expectClose(metrics.logLoss, fixture.logLoss, "log-loss")
        expectClose(metrics.brierScore, fixture.brierScore, "Brier score")
        expectClose(metrics.expectedCalibrationError(), fixture.calibrationError, "calibration error")
    }

    /// Judgements taken away leave figures as if the pairs had never been there.
    @Test func missingJudgementsAreSkipped() {
        var generator = RandomGenerator(seed: 3)
        let labelCount = 3
        var targets = Targets(task: .multi, labelCount: labelCount)
        var probabilities: [Double] = []
        for _ in 0..<40 {
            let marks = (0..<labelCount).map { _ in generator.nextInt(below: 3) }
            targets.append(
                positive: (0..<labelCount).filter { marks[$0] == 1 }, missing: (0..<labelCount).filter { marks[$0] == 2 })
            probabilities += (0..<labelCount).map { _ in generator.nextUniform() }
        }
        let metrics = Metrics(targets: targets, probabilities: probabilities, decisions: probabilities.map { $0 > 0.4 })
        for label in 0..<labelCount {
            let judged = (0..<40).filter { targets[$0, label] != .missing }
            var alone = Targets(task: .multi, labelCount: 1)
            for article in judged { alone.append(positive: targets[article, label] == .positive ? [0] : []) }
            let its = judged.map { probabilities[$0 * labelCount + label] }
            let single = Metrics(targets: alone, probabilities: its, decisions: its.map { $0 > 0.4 })
            #expect(metrics.labelCounts[label] == single.labelCounts[0])
            #expect(metrics.labelROCAUCs[label] == single.rocAUC(.micro))
        }
        var extended = targets
        extended.appendUnlabelled()
        let same = Metrics(
            targets: extended, probabilities: probabilities + [0.5, 0.9, 0.1],
            decisions: metrics.decisions + [true, true, false])
        #expect(same.accuracy == metrics.accuracy && same.f1(.macro) == metrics.f1(.macro))
        #expect(same.rankingLoss == metrics.rankingLoss && same.logLoss == metrics.logLoss)
        #expect(same.sampleJaccard == metrics.sampleJaccard && same.noneCounts == metrics.noneCounts)
    }

    @Test(arguments: ClassificationTask.allCases)
    func nothingIsEverNaN(_ task: ClassificationTask) {
        for articles in [0, 1, 2] {
            for unlabelled in [false, true] {
                var targets = Targets(task: task, labelCount: 2)
                for _ in 0..<articles {
                    if unlabelled { targets.appendUnlabelled() } else { targets.append(positive: [0]) }
                }
                let metrics = Metrics(
                    targets: targets, probabilities: Array(repeating: .nan, count: articles * 2),
                    decisions: Array(repeating: false, count: articles * 2))
                let figures = [
                    metrics.accuracy, metrics.hammingLoss, metrics.sampleJaccard, metrics.f1(.micro), metrics.f1(.macro),
                    metrics.f1(.weighted), metrics.balancedAccuracy, metrics.cohenKappa, metrics.matthewsCorrelation,
                    metrics.coverageError, metrics.rankingLoss, metrics.labelRankingAveragePrecision, metrics.logLoss,
                    metrics.brierScore, metrics.expectedCalibrationError(),
                ]
                #expect(figures.allSatisfy { $0.isFinite }, "\(figures)")
                #expect(metrics.rocAUC(.macro) == nil)
            }
        }
    }

    @Test func abstainingCountsAsWrong() {
        var targets = Targets(task: .single, labelCount: 2)
        targets.append(positive: [0])
        targets.append(positive: [1])
        let metrics = Metrics(
            targets: targets, probabilities: [0.9, 0.1, 0.5, 0.5], decisions: [true, false, false, false])
        #expect(metrics.accuracy == 0.5)
        #expect(metrics.confusionMatrix == [[1, 0, 0], [0, 0, 1]])
        #expect(metrics.precision(.micro) == 1)
        #expect(metrics.recall(.micro) == 0.5)
    }

    @Test func noneOfThemIsAnAnswer() {
        var targets = Targets(task: .multi, labelCount: 2)
        targets.append(positive: [])
        targets.append(positive: [])
        targets.append(positive: [1])
        targets.append(positive: [], missing: [1])
        let metrics = Metrics(
            targets: targets, probabilities: Array(repeating: 0.5, count: 8),
            decisions: [false, false, true, false, false, false, false, false])
        #expect(
            metrics.noneCounts
                == ConfusionCounts(truePositives: 1, falsePositives: 1, falseNegatives: 1, trueNegatives: 0))
    }
}
