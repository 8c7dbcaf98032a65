import Foundation
import Testing

/// Pages of `evaluate --report` and `benchmark --report`.
struct ReportTests {
    let workspace = Result { try Workspace() }

    @Test func evaluationPage() throws {
        let workspace = try workspace.get()
        var articles = Samples.articles(40, from: 200)
        // A mistake that the model cannot but make.
        articles[0] = Sample(
            id: "<b>mistake</b>", title: "Sailors & \"quay\"", text: Samples.harbourText, labels: ["kitchen"])
        try workspace.write("test.jsonl", Samples.jsonl(articles))
        let plain = try workspace.runWithModel("evaluate", "--data", "test.jsonl")
        let run = try workspace.runWithModel("evaluate", "--data", "test.jsonl", "--report", "page.html")
        #expect(run.status == 0 && run.output == plain.output)
        let page = String(decoding: try workspace.bytes("page.html"), as: UTF8.self)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("given, wrongly: harbour") && page.contains("missed: kitchen"))
        #expect(page.contains("&lt;b&gt;mistake&lt;/b&gt;") && !page.contains("<b>mistake"))
        #expect(page.contains("<mark class=\"for\"") && page.contains("speaks for"))
        let none = try workspace.runWithModel(
            "evaluate", "--data", "test.jsonl", "--report", "few.html", "--report-mistakes", "0", "--threshold", "0.9")
        #expect(none.status == 0)
        #expect(!String(decoding: try workspace.bytes("few.html"), as: UTF8.self).contains("<mark"))
        expectFailure(
            try workspace.runWithModel("evaluate", "--data", "test.jsonl", "--report", "gone/page.html"), 73, "gone/page.html")
    }

    @Test func withoutTheProgramForPages() throws {
        let workspace = try workspace.get()
        let alone = workspace.folder.appendingPathComponent("sectorkit").path
        try FileManager.default.copyItem(atPath: Workspace.tool, toPath: alone)
        // The page's program is missed before the model is.
        let run = try workspace.shell(
            "PATH=/nowhere '\(alone)' evaluate --model no.sectorkit --data test.jsonl --report page.html")
        expectFailure(run, 66, "sectorkit-pages")
    }

    @Test func programLoadsOnlyTheEssentialsOfFoundation() throws {
        let program = try Data(contentsOf: URL(fileURLWithPath: Workspace.tool), options: .alwaysMapped)
        #expect(program.range(of: Data("libFoundation.so\0".utf8)) == nil, "all of Foundation takes milliseconds to load")
        #expect(program.range(of: Data("libFoundationEssentials.so\0".utf8)) != nil)
    }

    @Test func benchmarkPage() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(36))
        let run = try workspace.run(
            "benchmark", "--data", seeds, "--folds", "2", "--recipes", "words", "hashed-words", "--report", "page.html")
        #expect(run.status == 0, "\(run.errors)")
        let page = String(decoding: try workspace.bytes("page.html"), as: UTF8.self)
        #expect(page.contains("Benchmark: 2 recipes on 1 data set<") && page.contains("seeds.jsonl") && page.contains("<svg"))
        #expect(page.contains("hashed-words") && page.contains("bootstrap over articles"))
    }
}
