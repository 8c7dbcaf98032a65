import Foundation
import Testing
import TextClassification

@testable import Evaluation

@Suite struct EvaluationReportTests {
    static var single: EvaluationReport {
        var targets = Targets(task: .single, labelCount: 3)
        for label in [0, 0, 1, 1, 2] { targets.append(positive: [label]) }
        let probabilities = [0.8, 0.1, 0.1, 0.4, 0.5, 0.1, 0.2, 0.7, 0.1, 0.1, 0.6, 0.3, 0.5, 0.2, 0.3]
        let decisions = [0, 1, 1, 1, 0].flatMap { given in (0..<3).map { $0 == given } }
        return EvaluationReport(
            targets: targets, probabilities: probabilities, decisions: decisions,
            labels: LabelSet(["sport", "politics", "arts"]))
    }

    static var multi: EvaluationReport {
        var targets = Targets(task: .multi, labelCount: 2)
        targets.append(positive: [0])
        targets.append(positive: [0, 1])
        targets.append(positive: [])
        targets.append(positive: [], missing: [1])
        let probabilities = [0.9, 0.2, 0.7, 0.4, 0.6, 0.1, 0.3, 0.8]
        var report = EvaluationReport(
            targets: targets, probabilities: probabilities, decisions: probabilities.map { $0 >= 0.5 },
            labels: LabelSet(["trade", "cyber"]))
        report.intervals = ["microF1": ConfidenceInterval(estimate: 2 / 3, lower: 0.25, upper: 0.9, confidence: 0.95)]
        return report
    }

    @Test func singleLabelText() {
        #expect(
            Self.single.textTable == """
                5 articles, 3 labels (single-label)

                accuracy                   0.600
                balanced accuracy          0.500
                Cohen's kappa              0.333
                Matthews correlation       0.361
                micro-F1                   0.600
                macro-F1                   0.433
                average precision (micro)  0.858
                log-loss                   0.642
                calibration error          0.380

                average   precision  recall     F1
                micro         0.600   0.600  0.600
                macro         0.389   0.500  0.433
                weighted      0.467   0.600  0.520

                label     precision  recall     F1  average precision  ROC-AUC  given  support
                sport         0.500   0.500  0.500              0.833    0.833      2        2
                politics      0.667   1.000  0.800              1.000    1.000      3        2
                arts          0.000   0.000  0.000              0.500    0.875      0        1

                true \\ given  sport  politics  arts
                sport             1         1     0
                politics          0         2     0
                arts              1         0     0

                """)
    }

    @Test func multiLabelText() {
        let text = Self.multi.textTable
        #expect(text.contains("4 articles, 2 labels (multi-label)\n"))
        #expect(text.contains("micro-F1                   0.667  (0.250 to 0.900)\n"))
        #expect(text.contains("(none of them)"))
        #expect(!text.contains("true \\"))
    }

    @Test func jsonIsSortedAndComplete() throws {
        for report in [Self.single, Self.multi] {
            let json = try report.json()
            #expect(try JSONDecoder().decode(EvaluationReport.self, from: Data(json.utf8)) == report)
            let keys = json.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { $0.prefix { $0 != ":" } }
            #expect(keys == keys.sorted())
            #expect(keys.contains("  \"accuracy\" ") && keys.contains("  \"labels\" "))
        }
        #expect(try Self.multi.json().contains("\"coOccurrenceMatrix\""))
        #expect(try !Self.multi.json().contains("\"confusionMatrix\""))
    }

    /// The report takes shortcuts; its figures are those of the metrics.
    @Test(arguments: MetricsFixture.all)
    func figuresAreTheMetrics(_ fixture: MetricsFixture) {
        let metrics = fixture.metrics
        let report = EvaluationReport(metrics, labels: LabelSet((0..<fixture.labelCount).map { "label \($0)" }))
        #expect(report.averagePrecision.micro == metrics.averagePrecision(.micro))
        #expect(report.averagePrecision.macro == metrics.averagePrecision(.macro))
        #expect(report.rocAUC.micro == metrics.rocAUC(.micro) && report.rocAUC.macro == metrics.rocAUC(.macro))
        #expect(report.expectedCalibrationError == metrics.expectedCalibrationError())
        #expect(report.labels.map(\.averagePrecision) == metrics.labelAveragePrecisions)
        #expect(report.labels.map(\.support) == fixture.labelSupport)
    }

    @Test func intervalsComeWithABootstrap() throws {
        let fixture = try #require(MetricsFixture.all.first { $0.task == .multi })
        let labels = LabelSet((0..<fixture.labelCount).map { "label \($0)" })
        let report = EvaluationReport(fixture.metrics, labels: labels, bootstrap: Bootstrap(resampleCount: 100))
        #expect(report.intervals?.count == HeadlineFigure.allCases.count)
        #expect(report.intervals?["microF1"]?.estimate == report.micro.f1)
        #expect(report.labels.map(\.f1Interval?.estimate) == report.labels.map { Optional($0.f1) })
        // Every figure at the head of the text has its interval beside it.
        let head = report.textTable.split(separator: "\n\n")[1].split(separator: "\n")
        #expect(head.count == 9 && head.allSatisfy { $0.contains(" to ") })
        #expect(try JSONDecoder().decode(EvaluationReport.self, from: Data(report.json().utf8)) == report)
        #expect(EvaluationReport(fixture.metrics, labels: labels).intervals == nil)
    }

    @Test func manyLabelsGiveNoMatrix() {
        var targets = Targets(task: .single, labelCount: 201)
        targets.append(positive: [200])
        let report = EvaluationReport(
            targets: targets, probabilities: Array(repeating: 1 / 201, count: 201),
            decisions: Array(repeating: false, count: 201), labels: LabelSet((0..<201).map { "label \($0)" }))
        #expect(report.confusionMatrix == nil)
        #expect(report.labels.count == 201)
    }

    @Test(arguments: [(0.0, "0.000"), (-0.0001, "0.000"), (-0.5, "-0.500"), (0.9996, "1.000"), (12.3456, "12.346")])
    func decimals(_ value: Double, _ text: String) {
        #expect(decimal(value) == text)
    }

    @Test func undefinedIsADash() {
        #expect(decimal(nil) == "-" && decimal(.nan) == "-" && decimal(.infinity) == "-")
    }
}
