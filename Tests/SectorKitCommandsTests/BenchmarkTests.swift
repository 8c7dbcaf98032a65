import Foundation
import Testing

/// `benchmark`: the table, the journal, and what goes wrong.
struct BenchmarkTests {
    let workspace = Result { try Workspace() }

    /// A workspace with a training and a test part and a plan of two recipes.
    private func prepared(_ recipes: String = #""words", "hashed-words""#) throws -> Workspace {
        let workspace = try workspace.get()
        try workspace.write("data/train.jsonl", Samples.jsonl(Samples.articles(36)))
        try workspace.write("data/test.jsonl", Samples.jsonl(Samples.articles(24, from: 100)))
        try workspace.write(
            "plan.json",
            """
            {"sets": [{"name": "first", "train": "data/train.jsonl", "test": "data/test.jsonl"},
                      {"name": "second", "data": "data/train.jsonl", "folds": 2}], "recipes": [\(recipes)]}
            """)
        return workspace
    }

    private func journal(_ workspace: Workspace) throws -> [String] {
        String(decoding: try workspace.bytes("plan.journal.jsonl"), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func tableAndJournal() throws {
        let workspace = try prepared()
        let first = try workspace.run("benchmark", "plan.json", "--bootstrap", "100")
        #expect(first.status == 0 && first.errors == "", "\(first.errors)")
        for part in [
            "first: 36 articles to train on, 24 to test with, 3 labels (multi-label)", "second: 36 articles, 2-fold", "best",
        ] {
            #expect(first.output.contains(part), "\(part) in \(first.output)")
        }
        let lines = try journal(workspace)
        #expect(lines.count == 4)
        // Nothing is measured twice, so even the times are the same.
        let second = try workspace.run("benchmark", "plan.json", "--bootstrap", "100")
        #expect(second.output == first.output)
        #expect(second.errors.contains("note: 4 cells of 4 taken from plan.journal.jsonl"))
        #expect(try journal(workspace) == lines)
        let json = try workspace.run("benchmark", "plan.json", "--bootstrap", "100", "--json").object
        let sections = try #require(json["sections"] as? [[String: Any]])
        let rows = try #require(sections[0]["rows"] as? [[String: Any]])
        let measurement = try #require(rows[0]["measurement"] as? [String: Any])
        let figure = try #require((measurement["figures"] as? [String: [String: Double]])?["microF1"])
        #expect(try #require(figure["lower"]) <= figure["estimate"]! && figure["estimate"]! <= figure["upper"]!)
        #expect(try #require(measurement["peakBytes"] as? Int) > 1_000_000)
        #expect(try workspace.run("benchmark", "plan.json", "--markdown").output.contains("| --- | ---: |"))
    }

    /// The figure of a table is that of `evaluate` for the same recipe and articles.
    @Test func agreesWithEvaluate() throws {
        let workspace = try prepared()
        _ = try workspace.run(
            "train", "--seeds", "data/train.jsonl", "--recipe", "words", "--weight-bits", "32", "-o", "m.sectorkit")
        let evaluated = try workspace.run("evaluate", "--model", "m.sectorkit", "--data", "data/test.jsonl", "--json").object
        let run = try workspace.run(
            "benchmark", "--train", "data/train.jsonl", "--test", "data/test.jsonl", "--recipes", "words", "--json")
        let sections = try #require(run.object["sections"] as? [[String: Any]])
        let row = try #require((sections[0]["rows"] as? [[String: Any]])?.first?["measurement"] as? [String: Any])
        let figures = try #require(row["figures"] as? [String: [String: Double]])
        #expect(figures["microF1"]?["estimate"] == (evaluated["micro"] as? [String: Any])?["f1"] as? Double)
        #expect(figures["accuracy"]?["estimate"] == evaluated["accuracy"] as? Double)
        #expect(row["logLoss"] as? Double == evaluated["logLoss"] as? Double)
        // Options alone keep no journal.
        #expect(workspace.names == ["data", "m.sectorkit", "plan.json"])
    }

    @Test func changedInputsAreMeasuredAnew() throws {
        let workspace = try prepared(#""words""#)
        _ = try workspace.run("benchmark", "plan.json")
        try workspace.write("data/test.jsonl", Samples.jsonl(Samples.articles(25, from: 100)))
        let changed = try workspace.run("benchmark", "plan.json")
        #expect(changed.output.contains("25 to test with"))
        #expect(changed.errors.contains("note: 1 cell of 2 taken"))
        #expect(try journal(workspace).count == 3)
        _ = try workspace.run("benchmark", "plan.json", "--seed", "1")
        #expect(try journal(workspace).count == 5)
        _ = try workspace.run("benchmark", "plan.json", "--seed", "1", "--fresh")
        #expect(try journal(workspace).count == 7)
    }

    @Test func failuresAreRows() throws {
        let workspace = try prepared(
            #""words", {"name": "rare", "recipe": "words", "set": ["minimumDocumentFrequency=1000000"]}"#)
        let run = try workspace.run("benchmark", "plan.json")
        #expect(run.status == 1)
        #expect(run.output.components(separatedBy: "failed: ").count == 3, "\(run.output)")
        #expect(run.output.contains("no term passes the limits on document frequency") && run.output.contains("best"))
        #expect(run.errors.contains("error: 2 cells of 4 failed; the table says why"))
        // The other set goes on where one cannot be read.
        try FileManager.default.removeItem(atPath: workspace.path("data/test.jsonl"))
        let half = try workspace.run("benchmark", "plan.json")
        #expect(
            half.status == 1 && half.output.contains("first: could not be read") && half.output.contains("second: 36 articles"))
        #expect(half.errors.contains("data/test.jsonl"))
    }

    @Test func timeLimit() throws {
        let workspace = try prepared(#""words""#)
        let run = try workspace.run("benchmark", "plan.json", "--time-limit", "0.001")
        #expect(run.status == 1 && run.output.contains("failed: given up after 0"), "\(run.output)\(run.errors)")
    }

    /// A killed run loses the cell at work and nothing else, and its children do not outlive it.
    @Test func killedRunGoesOn() throws {
        let workspace = try prepared()
        let script = """
            sectorkit benchmark plan.json > /dev/null & run=$!
            for i in $(seq 600); do [ -s plan.journal.jsonl ] && break; sleep 0.05; done
            kill -9 $run
            alive() {
                for p in /proc/[0-9]*; do
                    [ "$(readlink $p/cwd)" = "$(pwd -P)" ] && [ "$(readlink $p/exe)" = "$(readlink -f "$TOOL")" ] && return 0
                done
                return 1
            }
            for i in $(seq 100); do alive || break; sleep 0.1; done
            alive && echo "still there"
            head -1 plan.journal.jsonl
            """
        let killed = try workspace.shell(script)
        #expect(killed.lines.count == 1)
        let first = try #require(killed.lines.last)
        let run = try workspace.run("benchmark", "plan.json")
        #expect(run.status == 0)
        #expect(run.errors.firstMatch(of: /note: [1-4] cells? of 4 taken/) != nil, "\(run.errors)")
        #expect(try journal(workspace).first == first && journal(workspace).count == 4)
    }

    @Test func interruptedRun() throws {
        signal(SIGINT, SIG_DFL)
        let workspace = try prepared()
        let errors = workspace.folder.appendingPathComponent("errors")
        try Data().write(to: errors)
        let process = workspace.process(["benchmark", "plan.json"])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.end(after: 60)
        while process.isRunning, (try? journal(workspace).isEmpty) ?? true { usleep(20_000) }
        process.interrupt()
        process.waitUntilExit()
        // Either it was stopped, or it was done before.
        #expect(process.status == 130 || process.status == 0)
        if process.status == 130 {
            let text = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
            #expect(text.contains(" kept in plan.journal.jsonl; the same command goes on from there"), "\(text)")
            #expect(text.contains("error: interrupted: ") && !text.contains("training was stopped"), "\(text)")
        }
        #expect(try workspace.run("benchmark", "plan.json").status == 0)
        #expect(try journal(workspace).count == 4)
    }

    @Test func wrongUse() throws {
        let workspace = try prepared()
        expectFailure(try workspace.run("benchmark"), 64, "name a plan")
        expectFailure(try workspace.run("benchmark", "plan.json", "--recipes", "words"), 64, "give the file or the options")
        expectFailure(try workspace.run("benchmark", "--train", "a", "--recipes", "words"), 64, "go together")
        expectFailure(try workspace.run("benchmark", "--data", "data/train.jsonl"), 64, "there is no recipe")
        expectFailure(
            try workspace.run("benchmark", "--data", "data/train.jsonl", "--recipes", "wrods"), 64, "wrods", "words")
        expectFailure(try workspace.run("benchmark", "plan.json", "--baseline", "best"), 64, "the baseline \"best\"", "words")
        try workspace.write("bad.json", #"{"sets": [], "recipes": [], "foo": 1}"#)
        expectFailure(try workspace.run("benchmark", "bad.json"), 65, "bad.json", "no key is called \"foo\"")
    }
}
