import Foundation
import Testing

/// `train`: seeds of every kind, recipes, settings, tasks.
struct TrainTests {
    let workspace = Result { try Workspace() }

    @Test func fromSeedsToTags() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds()
        let trained = try workspace.run("train", "--seeds", seeds, "--output", "m.sectorkit")
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors == "")
        #expect(trained.lines[0].contains("3 labels (multi), recipe words"))
        #expect(trained.lines[1].hasPrefix("trained on 24 articles"))
        #expect(workspace.names == ["m.sectorkit", "seeds.jsonl"])
        let tagged = try workspace.run("predict", "--model", "m.sectorkit", input: Samples.kitchenText)
        #expect(tagged.output.hasPrefix("kitchen 0."))
    }

    @Test func json() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds()
        let object = try workspace.run("train", "--seeds", seeds, "-o", "m.sectorkit", "--json").object
        #expect(object["task"] as? String == "multi")
        #expect((object["labels"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == Samples.labels)
        #expect(object["bytes"] as? Int == (try workspace.bytes("m.sectorkit")).count)
    }

    /// The same articles in every format that keeps all of their fields give the same model.
    @Test func formats() throws {
        let workspace = try workspace.get()
        let articles = Samples.articles(24)
        let seeds = try workspace.writeSeeds(articles)
        func table(_ separator: String, text: String = "text", labels: String = "labels") -> String {
            let rows = articles.map { [$0.id!, $0.title!, $0.text, $0.labels!.joined(separator: ";")] }
            return ([["id", "title", text, labels]] + rows).map { $0.joined(separator: separator) + "\n" }.joined()
        }
        try workspace.write("t.csv", table(",", text: "body", labels: "topics"))
        try workspace.write("t.tsv", table("\t"))
        try workspace.write("a.json", "[\n" + articles.map(\.line).joined(separator: ",\n") + "\n]\n")
        try workspace.write("one.jsonl", Samples.jsonl(Array(articles[..<10])))
        try workspace.write("two.jsonl", Samples.jsonl(Array(articles[10...])))
        try workspace.write("bom.jsonl", "\u{FEFF}" + Samples.jsonl(articles))
        #expect(try workspace.shell("gzip -kn seeds.jsonl && cp seeds.jsonl.gz hidden").status == 0)
        func model(_ arguments: String...) throws -> Data {
            let run = try workspace.run(["train", "-o", "m", "--seeds"] + arguments)
            #expect(run.status == 0, "\(arguments): \(run.errors)")
            return try workspace.bytes("m")
        }
        let expected = try model(seeds)
        #expect(try model("t.csv", "--text-field", "body", "--label-field", "topics") == expected)
        #expect(try model("t.tsv") == expected)
        #expect(try model("a.json") == expected)
        #expect(try model("seeds.jsonl.gz") == expected)
        #expect(try model("hidden") == expected)
        #expect(try model("bom.jsonl") == expected)
        #expect(try model("one.jsonl", "two.jsonl") == expected)
        #expect(try model("one.jsonl", "--seeds", "two.jsonl") == expected)
        #expect(try workspace.shell("cat seeds.jsonl | sectorkit train --seeds - -o m").status == 0)
        #expect(try workspace.bytes("m") == expected)
    }

    @Test func linesOfFastTextAndFolders() throws {
        let workspace = try workspace.get()
        let articles = Samples.articles(24)
        try workspace.write(
            "a.ft", articles.map { ($0.labels!.map { "__label__" + $0 } + [$0.text]).joined(separator: " ") + "\n" }.joined())
        var table = "file,labels\n"
        for article in articles {
            try workspace.write("table/\(article.id!).txt", article.text)
            table += "\(article.id!).txt,\(article.labels!.joined(separator: ";"))\n"
        }
        try workspace.write("table/labels.csv", table)
        for article in Samples.articles(24, isSingle: true) {
            try workspace.write("folders/\(article.labels![0])/\(article.id!).txt", article.text)
        }
        for (seeds, task) in [("a.ft", "multi"), ("table", "multi"), ("folders", "single")] {
            let run = try workspace.run("train", "--seeds", seeds, "-o", "m.sectorkit")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.lines[0].contains("3 labels (\(task))"), "\(seeds): \(run.output)")
            #expect(run.lines[1].hasPrefix("trained on 24 articles"))
        }
    }

    /// A folder with `articles.jsonl`; the labels have the order of `sectors.json`.
    @Test func seedFolder() throws {
        let workspace = try workspace.get()
        try workspace.write("seeds/articles.jsonl", Samples.jsonl(Samples.articles(24)))
        try workspace.write(
            "seeds/sectors.json",
            #"{"labels": [{"name": "orchestra"}, {"name": "kitchen"}, {"name": "harbour"}, {"name": "moon"}]}"#)
        let run = try workspace.run("train", "--seeds", "seeds", "-o", "m", "--json")
        #expect(
            (run.object["labels"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
                == ["orchestra", "kitchen", "harbour", "moon"])
        #expect(run.errors == "warning: no article has the label \"moon\": it cannot be learnt\n")
        try workspace.write("seeds/sectors.json", "{\"labels\": [\n {\"nam\": \"orchestra\"}]}")
        expectFailure(
            try workspace.run("train", "--seeds", "seeds", "-o", "m"), 65, "seeds/sectors.json:2: a label has no key \"nam\"")
        try workspace.write("seeds/sectors.json", "{\"labels\": [\n {\"name\" \"orchestra\"}]}")
        expectFailure(
            try workspace.run("train", "--seeds", "seeds", "-o", "m"), 65, "seeds/sectors.json:2: not valid JSON at byte 10")
    }

    @Test func task() throws {
        let workspace = try workspace.get()
        let single = try workspace.writeSeeds(Samples.articles(24, isSingle: true))
        func task(_ arguments: String...) throws -> String? {
            try workspace.run(["train", "--seeds", single, "-o", "m", "--json"] + arguments).object["task"] as? String
        }
        #expect(try task() == "single")
        #expect(try task("--task", "auto") == "single")
        #expect(try task("--task", "single") == "single")
        #expect(try task("--task", "multi") == "multi")
        let multi = try workspace.writeSeeds()
        expectFailure(
            try workspace.run("train", "--seeds", multi, "-o", "m", "--task", "single"), 65,
            "seeds.jsonl:2: article \"n1\" has 0 labels",
            "--task multi")
        expectFailure(
            try workspace.run("train", "--seeds", multi, "-o", "m", "--task", "both"), 64, "'auto', 'single' or 'multi'")
    }

    /// A label that nobody judged on an article is not taken for absent: leaving the judgement open must change the model.
    @Test func unjudgedLabels() throws {
        let workspace = try workspace.get()
        var articles = Samples.articles(24)
        for i in articles.indices where i % 3 == 0 {
            articles[i].unjudged = Samples.labels.filter { !articles[i].labels!.contains($0) }
        }
        try workspace.write("open.jsonl", Samples.jsonl(articles))
        let seeds = try workspace.writeSeeds()
        #expect(try workspace.run("train", "--seeds", "open.jsonl", "-o", "open").status == 0)
        #expect(try workspace.run("train", "--seeds", seeds, "-o", "closed").status == 0)
        #expect(try workspace.bytes("open") != workspace.bytes("closed"))
        let report = try workspace.run("evaluate", "--model", "closed", "--data", "open.jsonl", "--json").object
        let judged = (report["labels"] as? [[String: Any]])?.compactMap { $0["judgedCount"] as? Int } ?? []
        #expect(judged.reduce(0, +) == 72 - articles.reduce(0) { $0 + ($1.unjudged?.count ?? 0) })
    }

    @Test func unlabelledArticlesAreCounted() throws {
        let workspace = try workspace.get()
        var articles = Samples.articles(24)
        articles[3].labels = nil
        let run = try workspace.run("train", "--seeds", try workspace.writeSeeds(articles), "-o", "m")
        #expect(run.status == 0)
        #expect(run.errors == "note: 1 article of 24 without labels not used\n")
        #expect(run.lines[1].hasPrefix("trained on 23 articles"))
    }
}
