import Foundation
import Testing

/// Splits, comparisons and learning curves on the command line.
struct ComparisonTests {
    let workspace = Result { try Workspace() }

    @Test func modelsAreCompared() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds()
        try workspace.write("test.jsonl", Samples.jsonl(Samples.articles(40, from: 200)))
        for (name, setting) in [("a", "inverseRegularization=10"), ("b", "inverseRegularization=0.0001")] {
            #expect(try workspace.run("train", "--seeds", seeds, "-o", "\(name).sectorkit", "--set", setting).status == 0)
        }
        func evaluate(_ arguments: String...) throws -> Run {
            try workspace.run(["evaluate", "--model", "a.sectorkit", "--data", "test.jsonl", "--bootstrap", "200"] + arguments)
        }
        let same = try evaluate("--against", "a.sectorkit")
        #expect(same.output.contains("micro-F1: no difference can be shown between a.sectorkit and a.sectorkit"))
        #expect(same.output.contains("McNemar's test p = 1.000, no difference can be shown"))
        let worse = try evaluate("--against", "b.sectorkit", "--json").object
        let comparison = try #require(worse["comparison"] as? [String: Any])
        let figures = try #require(comparison["figures"] as? [[String: Any]])
        #expect(
            figures.compactMap { $0["figure"] as? String } == ["accuracy", "balancedAccuracy", "microF1", "macroF1", "logLoss"])
        let loss = try #require(figures.last)
        #expect((loss["verdict"] as? String)?.hasPrefix("a.sectorkit is better by") == true && loss["pValue"] == nil)
        expectFailure(
            try evaluate("--against", SharedModel.single.get().path), 65, "cannot be compared")
    }

    @Test func recipesAreCompared() throws {
        let workspace = try workspace.get()
        let run = try workspace.run(
            "crossvalidate", "--seeds", try workspace.writeSeeds(), "--folds", "2", "--repetitions", "2", "--against",
            "words-svm",
            "--bootstrap", "100", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let comparison = try #require(run.object["comparison"] as? [String: Any])
        #expect(comparison["first"] as? String == "words" && comparison["second"] as? String == "words-svm")
        let repeated = try #require(comparison["repeated"] as? [[String: Any]])
        #expect(repeated.allSatisfy { $0["splitCount"] as? Int == 4 })
        let splits = try #require(run.object["splits"] as? [String: Any])
        #expect(splits["splitCount"] as? Int == 4 && splits["testShare"] as? Double == 0.5)
    }

    @Test func splitsByTimeAndGroup() throws {
        let workspace = try workspace.get()
        let lines = Samples.articles(60, isSingle: true).enumerated().map { number, article in
            String(article.line.dropLast())
                + ", \"date\": \"2020-01-\(10 + number / 3)\", \"outlet\": \"\(["A", "B", "C"][number % 3])\"}"
        }
        try workspace.write("seeds.jsonl", lines.joined(separator: "\n"))
        func run(_ arguments: String...) throws -> Run {
            try workspace.run(["crossvalidate", "--seeds", "seeds.jsonl", "--bootstrap", "0", "--recipe", "sectors"] + arguments)
        }
        let time = try run("--split", "time")
        #expect(
            time.lines[0].hasPrefix("split by time: 48 articles before 2020-01-26 for training, 12 for the test;"),
            "\(time.output)")
        #expect(time.lines[1] == "12 articles, 3 labels (single-label)")
        // Three outlets make three folds at most, whatever is asked for.
        let grouped = try run("--group-by", "outlet")
        #expect(grouped.lines[0] == "3-fold cross-validation of recipe sectors")
        #expect(try run("--group-by", "date", "--folds", "4").status == 0)
        expectFailure(try run("--group-by", "nowhere"), 65, "no article has anything in the field \"nowhere\"")
        let random = try run("--split", "random", "--repetitions", "3", "--coverage", "0.8", "--json")
        let splits = try #require(random.object["splits"] as? [String: Any])
        #expect((splits["coverage"] as? [String: Any])?["promise"] as? Double == 0.8)
        try workspace.write("undated.jsonl", Samples.jsonl(Samples.articles(20)))
        expectFailure(
            try workspace.run("crossvalidate", "--seeds", "undated.jsonl", "--split", "time"), 65, "cannot be divided by time")
        for arguments in [
            ["--split", "time", "--repetitions", "2"], ["--test-share", "1"], ["--learning-curve", "--split", "time"],
        ] {
            #expect(try workspace.run(["crossvalidate", "--seeds", "seeds.jsonl"] + arguments).status == 64)
        }
        try workspace.write("seeds.csv", "text,labels,outlet\na b c,x,A\nd e f,y,B\n")
        expectFailure(
            try workspace.run("crossvalidate", "--seeds", "seeds.csv", "--group-by", "paper"), 65, "\"paper\"", "--group-by")
    }

    @Test func learningCurve() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds()
        let run = try workspace.run(
            "crossvalidate", "--seeds", seeds, "--recipe", "sectors", "--folds", "2", "--learning-curve", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let curves = try #require(run.object["curves"] as? [[String: Any]])
        #expect(curves.compactMap { $0["name"] as? String } == ["micro-F1", "macro-F1", "harbour", "kitchen", "orchestra"])
        #expect(curves.allSatisfy { ($0["verdict"] as? String)?.isEmpty == false })
        // The page of `evaluate` takes the curve from this file.
        try workspace.write("curve.json", run.output)
        let evaluated = try workspace.runWithModel(
            "evaluate", "--data", seeds, "--report", "page.html", "--learning-curve", "curve.json")
        #expect(evaluated.status == 0, "\(evaluated.errors)")
        let page = String(decoding: try workspace.bytes("page.html"), as: UTF8.self)
        #expect(page.contains("What more articles would bring") && page.contains("articles trained on"))
        try workspace.write("other.json", run.output.replacing("\"kitchen\"", with: "\"cellar\""))
        for (file, status, part) in [
            ("other.json", 65, "cellar"), ("seeds.jsonl", 65, "seeds.jsonl"), ("gone.json", 66, "gone.json"),
        ] {
            expectFailure(
                try workspace.runWithModel("evaluate", "--data", seeds, "--report", "p.html", "--learning-curve", file),
                Int32(status), part)
        }
        try workspace.write("huge.json", run.output.replacing(/"articleCount" : [0-9.]+/, with: "\"articleCount\" : 1e300"))
        expectFailure(
            try workspace.runWithModel("evaluate", "--data", seeds, "--report", "p.html", "--learning-curve", "huge.json"), 65,
            "huge.json")
        #expect(try workspace.runWithModel("evaluate", "--data", seeds, "--learning-curve", "curve.json").status == 64)
    }

    /// The page of held-out predictions holds the figures that are printed, every mistake once, and the curve.
    @Test func crossValidationPage() throws {
        let workspace = try workspace.get()
        var articles = Samples.articles(40)
        articles[0] = Sample(id: "odd one", title: "", text: Samples.harbourText, labels: ["kitchen"])
        let seeds = try workspace.writeSeeds(articles)
        let arguments = ["crossvalidate", "--seeds", seeds, "--recipe", "sectors", "--folds", "2"]
        let plain = try workspace.run(arguments)
        let run = try workspace.run(arguments + ["--report", "page.html"])
        #expect(run.status == 0 && run.output == plain.output, "\(run.errors)")
        let page = String(decoding: try workspace.bytes("page.html"), as: UTF8.self)
        #expect(page.contains("2-fold cross-validation of recipe sectors on seeds.jsonl"))
        #expect(page.components(separatedBy: "odd one").count == 2 && page.contains("given, wrongly: harbour"))
        #expect(!page.contains("What more articles would bring"))
        #expect(page.contains("The slider starts at the threshold of each label"))
        let curve = try workspace.run(arguments + ["--learning-curve"])
        let both = try workspace.run(arguments + ["--learning-curve", "--report", "page.html"])
        #expect(both.status == 0 && both.output == curve.output, "\(both.errors)")
        let whole = String(decoding: try workspace.bytes("page.html"), as: UTF8.self)
        #expect(whole.contains("What more articles would bring") && whole.contains("odd one"))
        #expect(try workspace.run(arguments + ["--repetitions", "2", "--report", "page.html"]).status == 64)
    }
}
