import Evaluation
import LinearAlgebra
import Testing
import TextClassification

@testable import Benchmarking

@Suite struct ReportTests {
    private static let labelCount = 3

    private func targets(_ count: Int, task: ClassificationTask = .single) -> Targets {
        var targets = Targets(task: task, labelCount: Self.labelCount)
        for article in 0..<count { targets.append(positive: [article % Self.labelCount]) }
        return targets
    }

    /// The result of a recipe that is wrong on every so many-th article.
    private func result(
        _ count: Int, wrongEvery step: Int?, from first: Int = 0, otherProcessors: Double? = nil
    ) -> CellResult {
        let given = (0..<count).map { article in
            let isWrong = step.map { article >= first && (article - first) % $0 == 0 } ?? false
            return [(article + (isWrong ? 1 : 0)) % Self.labelCount]
        }
        return CellResult(
            given: given, fitCount: 1, trainingSeconds: 1.5, trainingProcessorSeconds: 2, articlesPerSecond: 123_456,
            peakBytes: 50_000_000, modelBytes: 1_234_567, otherProcessors: otherProcessors, logLoss: 0.5,
            expectedCalibrationError: 0.1,
            macroAveragePrecision: 0.9, warnings: [])
    }

    private func section(
        _ outcomes: [(recipe: String, outcome: SectionComparison.Outcome)], baseline: String? = nil, count: Int = 300
    ) -> BenchmarkReport.Section {
        SectionComparison(
            bootstrap: Bootstrap(resampleCount: 200), permutationCount: 500, baseline: baseline
        ).section(of: .init(name: "set", targets: targets(count), trainingCount: 7, foldCount: nil), outcomes: outcomes)
    }

    private func report(_ sections: [BenchmarkReport.Section], _ names: [String], baseline: String? = nil) -> BenchmarkReport {
        BenchmarkReport(
            environment: .init(threadCount: 1, processorCount: 2, seed: 0, resampleCount: 200, permutationCount: 500),
            baseline: baseline,
            recipes: names.map { .init(name: $0, summary: "", isExternal: $0 == "peer", note: nil) }, sections: sections)
    }

    @Test func `The best is found, what equals it is not called worse, what is worse is`() throws {
        let section = section([
            ("bad", .result(result(300, wrongEvery: 4))), ("good", .result(result(300, wrongEvery: 30))),
            ("twin", .result(result(300, wrongEvery: 30, from: 1))), ("broken", .failure("no such file")), ("other", .notMeant),
        ])
        #expect(section.reference == "good" && section.figure == .accuracy && section.testCount == 300)
        let comparisons = section.rows.map { $0.measurement?.comparison }
        #expect(comparisons.map { $0?.verdict } == [.worse, .reference, .noDifferenceShown, nil, nil])
        #expect(section.estimate(of: section.rows[0]) == 0.75 && section.estimate(of: section.rows[1]) == 290.0 / 300)
        let worse = try #require(comparisons[0]?.difference)
        #expect(abs(worse.estimate - (0.75 - 290.0 / 300)) < 1e-12 && worse.upper < 0)
        // The smaller of two p-values is doubled.
        #expect(comparisons[0]?.adjustedPValue == comparisons[0]?.pValue.map { 2 * $0 })
        #expect(comparisons[2]?.pValue == 1 && comparisons[1]?.pValue == nil)
        #expect(section.rows[3].failure == "no such file" && section.rows[4].failure == nil)
    }

    @Test func `A baseline is compared with, also where another is better`() {
        let outcomes: [(recipe: String, outcome: SectionComparison.Outcome)] = [
            ("bad", .result(result(300, wrongEvery: 4))), ("good", .result(result(300, wrongEvery: 30))),
        ]
        let section = section(outcomes, baseline: "bad")
        #expect(section.rows.map { $0.measurement?.comparison.verdict } == [.reference, .better])
        // Where the baseline failed, the best one takes its place.
        let without = self.section([("bad", .failure("x")), outcomes[1]], baseline: "bad")
        #expect(without.reference == "good")
    }

    @Test func `Nothing measured is a section of failures`() {
        let empty = section([("a", .failure("x")), ("b", .failure("y"))])
        #expect(empty.reference == nil && empty.rows.allSatisfy { $0.measurement == nil })
        let wrong = section([("a", .result(result(299, wrongEvery: nil)))])
        #expect(wrong.rows[0].failure == "its decisions are not those of this set's articles")
        let failed = SectionComparison.failedSection(named: "s", recipes: ["a"], message: "gone")
        let report = report([empty, failed], ["a", "b"])
        #expect(report.failureCount == 3 && report.meanRanks.isEmpty)
        #expect(report.text.contains("could not be read") && report.markdown.contains("failed: gone"))
    }

    @Test func `Mean ranks share ties and leave out what is incomplete`() {
        let one = section([
            ("a", .result(result(300, wrongEvery: 10))), ("b", .result(result(300, wrongEvery: 10))),
            ("c", .result(result(300, wrongEvery: nil))),
        ])
        let two = section([
            ("a", .result(result(300, wrongEvery: nil))), ("b", .result(result(300, wrongEvery: 3))), ("c", .failure("x")),
        ])
        #expect(report([one, two], ["a", "b", "c"]).meanRanks == ["a": 1.25, "b": 1.75])
        #expect(report([one], ["a", "b", "c"]).meanRanks.isEmpty)
    }

    @Test func `Tables hold what was measured, and hostile names stay in their cells`() throws {
        let name = "a|b <script> *x*\n&"
        let section = section([(name, .result(result(300, wrongEvery: 30))), ("peer", .result(result(300, wrongEvery: 4)))])
        let report = report([section, section], [name, "peer"])
        let text = report.text
        #expect(text.contains("0.9667") && text.contains("123,000") && text.contains("1.23") && text.contains("worse"))
        #expect(text.contains("peer (plugin)") && text.contains("times contain the protocol"))
        for line in report.markdown.split(separator: "\n") where line.hasPrefix("|") {
            #expect(
                line.replacing("\\|", with: "").count { $0 == "|" }
                    == (line.contains("mean rank") || line.count { $0 == "|" } < 9 ? 5 : 12))
        }
        #expect(!report.markdown.contains("<script>") && report.markdown.contains("a\\|b \\<script\\> \\*x\\* \\&"))
        #expect(try report.json() == report.json())
        #expect(report.overview?.rows.map { $0[1] } == ["0.9667*", "0.7500 "])
    }

    @Test func `Times that other programs may have spoilt are marked, and only those`() {
        let quiet = section([("a", .result(result(300, wrongEvery: 30, otherProcessors: 0.2)))])
        let busy = section([("a", .result(result(300, wrongEvery: 30, otherProcessors: 0.21)))])
        #expect(!report([quiet], ["a"]).text.contains("~"))
        let text = report([quiet, busy], ["a"]).text
        #expect(text.contains("~1.5") && text.contains("~123,000") && text.contains("~: other programs"))
        #expect(text.count { $0 == "~" } == 4)
    }

    @Test func `Rates and sizes are rounded to what they are good for`() {
        #expect(BenchmarkReport.rate(123_456) == "123,000" && BenchmarkReport.rate(999.6) == "1000")
        #expect(
            BenchmarkReport.rate(1234) == "1,230" && BenchmarkReport.rate(7.25) == "7.3"
                && BenchmarkReport.rate(1_000_000) == "1,000,000")
        #expect(BenchmarkReport.seconds(0.1234) == "0.123" && BenchmarkReport.seconds(12.34) == "12.3")
        #expect(BenchmarkReport.seconds(123.4) == "123")
        #expect(BenchmarkReport.megabytes(1_234_567) == "1.23" && BenchmarkReport.megabytes(123_456_789) == "123")
    }
}
