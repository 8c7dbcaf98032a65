import Evaluation
import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import HTMLReports

@Suite struct EvaluationPageTests {
    private func metrics(_ task: ClassificationTask, count: Int = 200, labelCount: Int = 3) -> Metrics {
        var generator = RandomGenerator(seed: 11)
        var targets = Targets(task: task, labelCount: labelCount)
        var probabilities: [Double] = []
        var decisions: [Bool] = []
        for _ in 0..<count {
            let own = generator.nextInt(below: labelCount)
            targets.append(positive: task == .single ? [own] : generator.nextInt(below: 3) == 0 ? [] : [own])
            // Thousandths among them, where rounding matters.
            var row = (0..<labelCount).map { _ in Double(generator.nextInt(below: 1001)) / 1000 }
            row[own] = min(1, row[own] + 0.3)
            let best = row.indices.max { row[$0] < row[$1] }
            decisions += row.indices.map { task == .single ? $0 == best : row[$0] >= 0.5 }
            probabilities += row
        }
        return Metrics(targets: targets, probabilities: probabilities, decisions: decisions)
    }

    /// What the script of the page computes for a label, or for all together.
    private func recomputed(_ counts: ThresholdCounts, _ least: Int, label: Int? = nil) -> (right: Int, wrong: Int, support: Int)
    {
        let labels = label.map { [counts.labels[$0]] } ?? counts.labels
        func sum(_ pairs: [[Int]]) -> Int { pairs.reduce(0) { $0 + ($1[0] >= least ? $1[1] : 0) } }
        return (
            labels.reduce(0) { $0 + sum($1.right) }, labels.reduce(0) { $0 + sum($1.wrong) }, labels.reduce(0) { $0 + $1.support }
        )
    }

    @Test(arguments: [ClassificationTask.single, .multi], [0, 1, 299, 300, 500, 577, 999, 1000])
    func `The slider computes what decisions at its threshold give`(task: ClassificationTask, least: Int) {
        let metrics = metrics(task)
        let labels = LabelSet(["a", "b", "c"])
        let counts = ThresholdCounts(metrics, labels: labels, thresholds: nil)
        let threshold = Double(least) / 1000
        let decisions = metrics.probabilities.indices.map { place in
            let row = place - place % 3
            let isBest = (row..<row + 3).allSatisfy {
                metrics.probabilities[$0] < metrics.probabilities[place]
                    || $0 >= place && metrics.probabilities[$0] == metrics.probabilities[place]
            }
            return metrics.probabilities[place] >= threshold && (task == .multi || isBest)
        }
        let expected = Metrics(targets: metrics.targets, probabilities: metrics.probabilities, decisions: decisions)
        for label in 0..<3 {
            let found = recomputed(counts, least, label: label)
            #expect(found.right == expected.labelCounts[label].truePositives)
            #expect(found.wrong == expected.labelCounts[label].falsePositives)
            #expect(found.support == expected.labelCounts[label].support)
        }
        #expect(recomputed(counts, least).right == expected.totalCounts.truePositives)
    }

    @Test func `Every thousandth stands in its own bin`() {
        for bin in 0...1000 { #expect(ThresholdCounts.bin(Double(bin) / 1000) == bin) }
        #expect(ThresholdCounts.bin(0.29999999) == 299 && ThresholdCounts.bin(1.5) == 1000 && ThresholdCounts.bin(-1) == 0)
    }

    @Test func `A page shows the figures, the labels, the confusions and the mistakes`() throws {
        for task in [ClassificationTask.single, .multi] {
            let metrics = metrics(task)
            let labels = LabelSet(["harbour", "kitchen", "orchestra"])
            let report = EvaluationReport(metrics, labels: labels, bootstrap: Bootstrap(resampleCount: 50))
            let html = try EvaluationPage(
                title: "model on data", report: report, metrics: metrics, labels: labels, thresholds: nil,
                mistakes: [
                    Mistake(
                        id: "n7", title: "The title", text: "sailors sing", wrong: ["kitchen (0.900)"], missed: [], right: [],
                        explained: "kitchen", textEvidence: [.init(utf8Range: 0..<7, term: "sailors", contribution: -0.25)])
                ], mistakeCount: 9
            ).content.html
            for part in [
                "<h1>model on data</h1>", fixed(report.micro.f1), "harbour", "1 of the 9 articles", "kitchen (0.900)", "n7",
                #"<mark class="against" title="sailors: -0.250">sailors</mark> sing"#,
                task == .single ? "Confusion matrix" : "Co-occurrence matrix", "95 % intervals",
            ] {
                #expect(html.contains(part), "\(part)")
            }
            #expect(!html.contains("What more articles would bring"))
        }
    }

    @Test func `One article, and hundreds of labels, are pages too`() throws {
        let one = metrics(.multi, count: 1, labelCount: 1)
        let single = LabelSet(["a"])
        let small = try EvaluationPage(
            title: "t", report: EvaluationReport(one, labels: single), metrics: one, labels: single, thresholds: [0.5],
            mistakes: [], mistakeCount: 0
        ).content.html
        #expect(!small.contains("NaN") && !small.contains("intervals: what"))
        let many = metrics(.multi, count: 50, labelCount: 250)
        let names = LabelSet((0..<250).map { "label \($0)" })
        let large = try EvaluationPage(
            title: "t", report: EvaluationReport(many, labels: names), metrics: many, labels: names, thresholds: nil,
            mistakes: [],
            mistakeCount: 3
        ).content.html
        #expect(large.contains("label 249") && !large.contains("Co-occurrence matrix") && large.contains("none is shown"))
    }

    @Test func `Evidence that overlaps is shown once, and a long text is cut`() {
        let text = "ünder the bridge"
        let places = [
            Mistake.Evidence(utf8Range: 0..<6, term: "ünder", contribution: 1),
            .init(utf8Range: 0..<10, term: "ünder the", contribution: -2),
            .init(utf8Range: 11..<17, term: "bridge", contribution: 0.5),
            .init(utf8Range: 30..<40, term: "outside", contribution: 9), .init(utf8Range: 5..<5, term: "empty", contribution: 9),
        ]
        let segments = Segment.segments(of: text, places)
        #expect(segments.map(\.text) == ["ünder the", " ", "bridge"])
        #expect(segments.map(\.isAgainst) == [true, false, false] && segments.map(\.isFor) == [false, false, true])
        #expect(Segment.segments(of: text, places, limit: 12).map(\.text) == ["ünder the", " br …"])
        #expect(Segment.segments(of: "", []).isEmpty)
    }
}
