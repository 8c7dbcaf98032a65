import Foundation
import Testing

/// Vectors of words as files of their own.
struct VectorsTests {
    let workspace = Result { try Workspace() }

    private func articles(_ range: Range<Int>) -> String {
        Samples.jsonl(
            Samples.articles(range.count, isSingle: true, from: 1000 + range.lowerBound).map {
                var sample = $0
                sample.labels = nil
                return sample
            })
    }

    @Test func fitsUpdatesAndFindsWhatIsNear() throws {
        let workspace = try workspace.get()
        try workspace.write("old.jsonl", articles(0..<120))
        try workspace.write("new.jsonl", articles(120..<200))
        let fit = try workspace.run("vectors", "fit", "old.jsonl", "--set", "rank=12", "window=10", "-o", "a.vectors")
        #expect(fit.status == 0 && fit.errors == "", "\(fit.errors)")
        #expect(fit.lines[0].contains("in 12 dimensions, from 120 articles"))
        let updated = try workspace.run("vectors", "update", "a.vectors", "new.jsonl", "--json", "--threads", "1")
        #expect(updated.object["articles"] as? Int == 200)
        // The same bytes as from all at once, also within little memory, and in whatever pieces they come.
        let whole = try workspace.run(
            "vectors", "fit", "old.jsonl", "new.jsonl", "--set", "rank=12", "window=10", "-o", "b.vectors", "--maximum-memory",
            "200MB", "--temporary-directory", workspace.path("."))
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(try workspace.bytes("a.vectors") == workspace.bytes("b.vectors"))

        let near = try workspace.run("vectors", "nearest", "a.vectors", "oven", "anchor", "--count", "3", "--json")
        #expect(near.status == 0, "\(near.errors)")
        let found = try JSONSerialization.jsonObject(with: near.outputBytes) as? [[String: Any]]
        #expect(found?.count == 2)
        #expect((found?[0]["nearest"] as? [[String: Any]])?.count == 3)
        let text = try workspace.run("vectors", "nearest", "a.vectors", "oven", "--articles", "--count", "2")
        #expect(text.lines.count == 3 && text.lines[0] == "oven")
        expectFailure(try workspace.run("vectors", "nearest", "a.vectors", "zzz"), 65, "no vector for \"zzz\"")
        let shown = try workspace.run("vectors", "show", "a.vectors")
        #expect(shown.output.contains("200 articles") && shown.output.contains("rank") && shown.output.contains("can be updated"))
    }

    @Test func areUsedByTrainLabelAndExplain() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(24, isSingle: true))
        try workspace.write("archive.jsonl", articles(0..<200))
        #expect(try workspace.run("vectors", "fit", "archive.jsonl", "--set", "rank=20", "-o", "a.vectors").status == 0)
        let trained = try workspace.run(
            "train", "--seeds", seeds, "--archive", "archive.jsonl", "--vectors", "a.vectors", "-o", "m.sectorkit")
        #expect(trained.status == 0 && trained.errors == "", "\(trained.errors)")
        #expect(try workspace.run("inspect", "m.sectorkit").output.contains("word vectors of 200 articles, digest "))
        // Also where thresholds learn from held-out articles; that the vectors must not know these is said.
        let careful = try workspace.run(
            "train", "--seeds", seeds, "--archive", "archive.jsonl", "--vectors", "a.vectors", "--coverage", "0.8", "-o", "c")
        #expect(careful.status == 0 && careful.errors == "", "\(careful.errors)")
        #expect(try workspace.run("inspect", "c").output.contains("the vectors do not know"))
        let tagged = try workspace.run("predict", "--model", "m.sectorkit", input: Samples.kitchenText)
        #expect(tagged.output.hasPrefix("kitchen "))
        let explained = try workspace.run(
            "explain", "--model", "m.sectorkit", "--similar", "a.vectors", "--similar-count", "3", "--json",
            input: Samples.kitchenText)
        let similar = try #require(explained.object["similar"] as? [[String: Any]])
        #expect(similar.count == 3 && similar.allSatisfy { $0["id"] is String && $0["similarity"] is Double })
        let text = try workspace.run(
            "explain", "--model", "m.sectorkit", "--similar", "a.vectors", "--terms", "2", input: Samples.kitchenText)
        #expect(text.lines.contains("similar articles"))
        try workspace.write("test.jsonl", Samples.jsonl(Samples.articles(30, isSingle: true, from: 5000)))
        try workspace.write("pool.jsonl", Samples.jsonl(Samples.articles(100, isSingle: true, from: 7000)))
        let simulated = try workspace.run(
            "label", "--simulate", "--archive", "pool.jsonl", "--test", "test.jsonl", "--vectors", "a.vectors", "--answers", "20",
            "--runs", "1")
        #expect(simulated.status == 0, "\(simulated.errors)")
    }

    @Test func badInputIsToldWhatIsWrong() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(24, isSingle: true))
        try workspace.write("archive.jsonl", articles(0..<60))
        try workspace.write("empty.jsonl", "")
        try workspace.write("broken.jsonl", articles(0..<60) + "{\"id\": 1, \"text\"\n")
        let fit = ["vectors", "fit", "--set", "rank=8", "-o", "a.vectors"]
        expectFailure(try workspace.run(fit + ["--", "empty.jsonl"]), 65)
        #expect(!workspace.names.contains("a.vectors"))
        expectFailure(try workspace.run("vectors", "fit", "archive.jsonl", "--set", "rank=0", "-o", "a"), 64, "rank", "1")
        expectFailure(
            try workspace.run("vectors", "fit", "archive.jsonl", "--maximum-memory", "50MB", "-o", "a.vectors"), 64, "MB at least"
        )
        let bad = try workspace.run(fit + ["--final", "--without-articles", "--", "broken.jsonl"])
        #expect(bad.status == 65 && bad.lines[0].contains("from 60 articles"), "\(bad.errors)")
        expectFailure(
            try workspace.run("vectors", "update", "a.vectors", "archive.jsonl"), 65, "nothing can be added")
        expectFailure(
            try workspace.run("vectors", "nearest", "a.vectors", "oven", "--articles"), 64, "--without-articles")
        expectFailure(try workspace.run("vectors", "show", "archive.jsonl"), 65, "archive.jsonl")
        expectFailure(try workspace.run("vectors", "show", "gone.vectors"), 66, "gone.vectors")
        let train = ["train", "--seeds", seeds, "--archive", "archive.jsonl", "-o", "m.sectorkit"]
        expectFailure(
            try workspace.run(train + ["--vectors", "a.vectors", "--archive-set", "window=3"]), 64, "window=3")
        expectFailure(try workspace.run("train", "--seeds", seeds, "--vectors", "a.vectors", "-o", "m"), 64, "--archive")
        #expect(try workspace.run(train + ["--archive-set", "rank=8"]).status == 0)
        // A model is no file of vectors, and the other way round.
        expectFailure(try workspace.run("vectors", "show", "m.sectorkit"), 65, "does not hold vectors")
        expectFailure(try workspace.run("predict", "--model", "a.vectors", input: "x"), 65, "a.vectors")
    }

    /// Words that do not fit into memory go to a file, and the folder of that file is full.
    @Test func fullFolder() throws {
        let workspace = try workspace.get()
        let syllables = ["ka", "lo", "mi", "ru", "te", "zo", "na", "pe", "vu", "di", "fo", "ge"]
        let text = (0..<2000).map { syllables[($0 * $0 + $0 / 7) % syllables.count] }.joined(separator: " ")
        try workspace.write("large.jsonl", (0..<800).map { "{\"id\": \"\($0)\", \"text\": \"\(text)\"}\n" }.joined())
        let fit =
            "sectorkit vectors fit large.jsonl --set rank=4 window=2 -o l.vectors --maximum-memory 90MB --temporary-directory ."
        expectFailure(
            try workspace.shell("ulimit -f 1000; \(fit)"), 74, "the temporary file in .", "bytes so far: File too large")
        expectFailure(try workspace.shell(fit.dropLast() + "gone"), 74, "cannot create a temporary file in gone")
        #expect(!workspace.names.contains("l.vectors") && workspace.names.allSatisfy { !$0.hasPrefix("sectorkit-") })
        let spilled = try workspace.shell(fit)
        #expect(spilled.status == 0, "\(spilled.errors)")
        // The same bytes as from memory.
        let kept = try workspace.run("vectors", "fit", "large.jsonl", "--set", "rank=4", "window=2", "-o", "k.vectors")
        #expect(kept.status == 0, "\(kept.errors)")
        #expect(try workspace.bytes("l.vectors") == workspace.bytes("k.vectors"))
    }
}
