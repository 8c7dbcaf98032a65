import Foundation
import Testing

/// `update`: a model that goes on with new articles, and what is refused.
struct UpdateTests {
    let workspace = Result { try Workspace() }

    /// A model of a hundred articles, and further ones.
    private func prepare(
        _ workspace: Workspace, isSingle: Bool = false, recipe: String = "updatable-words", _ options: String...
    ) throws {
        try workspace.write("old.jsonl", Samples.jsonl(Samples.articles(100, isSingle: isSingle)))
        try workspace.write("new.jsonl", Samples.jsonl(Samples.articles(40, isSingle: isSingle, from: 100)))
        let run = try workspace.run(["train", "--seeds", "old.jsonl", "--recipe", recipe, "-o", "m"] + options)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(arguments: [true, false]) func `A model is replaced by one that learnt more`(isSingle: Bool) throws {
        let workspace = try workspace.get()
        try prepare(workspace, isSingle: isSingle, "--set", "bits=12")
        let before = try workspace.bytes("m")
        let run = try workspace.run("update", "m", "new.jsonl")
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        #expect(run.lines[0].hasPrefix("m: ") && run.lines[0].hasSuffix("40 new articles learnt, 140 in all, 1 update"))
        #expect(run.output.contains(isSingle ? "\n  accuracy " : "\n  micro-F1 "))
        let after = try workspace.bytes("m")
        #expect(after != before && workspace.names == ["m", "new.jsonl", "old.jsonl"])
        let inspected = try workspace.run("inspect", "--json", "m").object
        #expect(inspected["canBeUpdated"] as? Bool == true)
        let updates = try #require((inspected["training"] as? [String: Any])?["updates"] as? [[String: Any]])
        #expect(updates.count == 1 && updates[0]["articleCount"] as? Int == 40)
        let figures = try #require(updates[0]["metrics"] as? [String: Double])
        #expect(try #require(figures[isSingle ? "accuracy" : "microF1"]) > 0.8)
        #expect(try workspace.run("predict", "--model", "m", input: Samples.kitchenText).output.hasPrefix("kitchen 0."))

        // The same bytes from the same articles, whatever the number of threads; and other ones beside the model.
        try workspace.write("m", before)
        let second = try workspace.run("update", "m", "new.jsonl", "-o", "n", "--threads", "1", "--json")
        #expect(second.object["articlesInAll"] as? Int == 140)
        #expect(try workspace.bytes("n") == after && workspace.bytes("m") == before)
    }

    /// With one pass in the given order, and features that do not depend on the articles, one training and two updates give the weights of
    /// one training.
    @Test func `Updates are one pass over all`() throws {
        let workspace = try workspace.get()
        let options = ["passes=1", "shuffles=false", "useIDF=false", "bits=12"].flatMap { ["--set", $0] }
        try prepare(workspace)
        for (seeds, model) in [(["old.jsonl", "new.jsonl"], "whole"), (["old.jsonl"], "m")] {
            let arguments = ["train", "--recipe", "updatable-words", "-o", model, "--seeds"] + seeds
            #expect(try workspace.run(arguments + options).status == 0)
        }
        try workspace.write("a.jsonl", Samples.jsonl(Samples.articles(15, from: 100)))
        try workspace.write("b.jsonl", Samples.jsonl(Samples.articles(25, from: 115)))
        #expect(try workspace.run("update", "m", "a.jsonl").status == 0)
        #expect(try workspace.run("update", "m", "b.jsonl").output.contains("140 in all, 2 updates"))
        #expect(try workspace.run("update", "m", "b.jsonl").errors.contains("m has learnt exactly these articles already"))
        // What each term adds for each label, to the last digit that is printed; names of terms are those of the first training.
        let text = Samples.kitchenText
        func scores(_ model: String) throws -> [String] {
            try workspace.run("explain", "--model", model, "--terms", "50", "-", input: text).lines.compactMap {
                $0.split(separator: " ").first.map(String.init)
            }.filter { $0.hasPrefix("+") || $0.hasPrefix("-") }.sorted()
        }
        let whole = try scores("whole")
        #expect(whole.count > 10)
        #expect(try scores("m") == whole)
    }

    @Test func `What cannot be learnt leaves the model as it was`() throws {
        let workspace = try workspace.get()
        try prepare(workspace, isSingle: true, "--set", "bits=10")
        let before = try workspace.bytes("m")
        let sample = Samples.articles(3, isSingle: true, from: 200)
        var other = sample
        other[1].labels = ["airfield"]
        try workspace.write("label.jsonl", Samples.jsonl(other))
        expectFailure(
            try workspace.run("update", "m", "label.jsonl"), 65, "label.jsonl:2: article", "has the label \"airfield\"",
            "known are harbour, kitchen, orchestra", "an update cannot add labels")
        other[1].labels = ["harbour", "kitchen"]
        try workspace.write("several.jsonl", Samples.jsonl(other))
        expectFailure(try workspace.run("update", "m", "several.jsonl"), 65, "several.jsonl:2: article", "has 2 labels")
        try workspace.write("none.jsonl", "{\"text\": \"nobody judged this\"}\n")
        expectFailure(try workspace.run("update", "m", "none.jsonl"), 65, "none of the 1 articles is labelled")
        expectFailure(try workspace.run("update", "m", "old.jsonl"), 65, "m has learnt exactly these articles already; --again")
        expectFailure(try workspace.run("update", "m", "gone.jsonl"), 66, "gone.jsonl")
        expectFailure(try workspace.run("update", "gone", "new.jsonl"), 66, "gone")
        expectFailure(try workspace.run("update", "m", "new.jsonl", "-o", "/gone/m"), 73, "/gone")
        expectFailure(try workspace.run("update", "m", "new.jsonl", "--passes", "0"), 64, "--passes wants")
        expectFailure(try workspace.run("update", "m"), 64, "articles")
        expectFailure(
            try workspace.shell("exec 9< m; flock 9; sectorkit update m new.jsonl"), 73, "another program is changing it")
        let full = try workspace.shell("ulimit -f 1; sectorkit update m new.jsonl")
        expectFailure(full, 73, "cannot write m: File too large")
        #expect(try workspace.bytes("m") == before)
        #expect(workspace.names.filter { $0.contains(".tmp") } == [])
    }

    @Test func `Models that cannot go on say why`() throws {
        let workspace = try workspace.get()
        try prepare(workspace, recipe: "words")
        expectFailure(try workspace.run("update", "m", "new.jsonl"), 1, "logistic-regression learns from all articles at once")
        let train = ["train", "--seeds", "old.jsonl", "--recipe", "updatable-words", "--set", "bits=12"]
        #expect(try workspace.run(train + ["-o", "with"]).status == 0)
        for options in [["--no-state"], ["--maximum-size", "100kB"]] {
            #expect(try workspace.run(train + options + ["-o", "m"]).status == 0)
            expectFailure(try workspace.run("update", "m", "new.jsonl"), 1, "the model was written without what", "--no-state")
            #expect(try workspace.bytes("m").count < workspace.bytes("with").count)
        }
        #expect(try workspace.run("inspect", "m").output.contains("can be updated        no"))
    }

    @Test func `Articles that stand twice are learnt once, bad ones are told of`() throws {
        let workspace = try workspace.get()
        try prepare(workspace, "--set", "bits=10")
        let new = String(decoding: try workspace.bytes("new.jsonl"), as: UTF8.self)
        #expect(try workspace.run("update", "m", "new.jsonl", "-o", "once").status == 0)
        try workspace.write("twice.jsonl", new + new.split(separator: "\n")[3] + "\n{\"id\": 5\n")
        let run = try workspace.run("update", "m", "twice.jsonl", "-o", "n")
        #expect(run.status == 65 && run.output.contains("40 new articles learnt"))
        #expect(run.errors.contains("1 article with the identifier and the text of an earlier one left out"), "\(run.errors)")
        #expect(run.errors.contains("twice.jsonl:42: not valid JSON"))
        #expect(try workspace.bytes("n") == workspace.bytes("once"))
    }

    @Test func `An interrupt leaves the model as it was`() throws {
        let workspace = try workspace.get()
        try prepare(workspace, "--set", "bits=10")
        let before = try workspace.bytes("m")
        signal(SIGINT, SIG_DFL)
        let process = workspace.process(["update", "m", "-", "new.jsonl", "--passes", "1000"])
        let (input, errors) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardError = errors
        try process.run()
        process.end(after: 60)
        // It waits for the articles of standard input.
        input.fileHandleForWriting.write(Data("{\"id\":".utf8))
        usleep(300_000)
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try workspace.bytes("m") == before && workspace.names == ["m", "new.jsonl", "old.jsonl"])
    }
}
