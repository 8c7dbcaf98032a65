import Foundation
import Testing

/// `train --maximum-memory`: seeds that are read twice instead of held.
struct StreamingTrainingTests {
    let workspace = Result { try Workspace() }

    private func train(_ seeds: [String], _ arguments: String...) throws -> Run {
        try workspace.get().run(
            ["train", "-o", "m", "--maximum-memory", "200MB", "--set", "bits=12", "--temporary-directory", ".", "--seeds"] + seeds
                + arguments)
    }

    @Test func fromSeedsToTags() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(200))
        let run = try train([seeds])
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        #expect(run.lines[0].hasSuffix("3 labels (multi), recipe hashed-words-online"))
        #expect(run.lines[1].hasPrefix("trained on 200 articles; temporary file: "))
        // The temporary file has no name.
        #expect(workspace.names == ["m", "seeds.jsonl"])
        let tagged = try workspace.run("predict", "--model", "m", input: Samples.kitchenText)
        #expect(tagged.output.hasPrefix("kitchen 0."))

        let first = try workspace.bytes("m")
        #expect(try train([seeds], "--threads", "1").status == 0)
        #expect(try workspace.bytes("m") == first)
        let articles = Samples.articles(200)
        try workspace.write("one.jsonl", Samples.jsonl(Array(articles[..<90])))
        try workspace.write("two.jsonl", Samples.jsonl(Array(articles[90...])))
        #expect(try train(["one.jsonl", "two.jsonl"], "--threads", "3").status == 0)
        #expect(try workspace.bytes("m") == first)
        #expect(try train([seeds], "--seed", "1").status == 0)
        #expect(try workspace.bytes("m") != first)
    }

    @Test func badLinesAreNamed() throws {
        let workspace = try workspace.get()
        try workspace.write("bad.jsonl", Samples.jsonl(Samples.articles(100)) + "{\"id\": 5\n{\"title\": \"x\"}\n")
        let run = try train(["bad.jsonl"])
        #expect(run.status == 65 && workspace.names.contains("m"))
        #expect(run.errors.contains("bad.jsonl:101: not valid JSON") && run.errors.contains("bad.jsonl:102: no field \"text\""))
        #expect(run.errors.contains("2 bad records left out"))
        expectFailure(try train(["bad.jsonl"], "--strict"), 65, "bad.jsonl:101: not valid JSON")
    }

    @Test func unlabelledArticlesAreLeftOut() throws {
        let workspace = try workspace.get()
        try workspace.write("s.jsonl", Samples.jsonl(Samples.articles(100)) + "{\"text\": \"nobody judged this\"}\n")
        let run = try train(["s.jsonl"])
        #expect(run.status == 0 && run.errors.contains("1 article without labels not used"), "\(run.errors)")
        #expect(run.lines[1].hasPrefix("trained on 100 articles"))
        try workspace.write("none.jsonl", "{\"text\": \"nobody judged this\"}\n")
        #expect(try train(["none.jsonl"]).status == 65)
    }

    @Test func whatCannotBeDoneIsToldBefore() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds()
        expectFailure(try train(["-"]), 64, "standard input can be read once only")
        expectFailure(try train([seeds], "--set", "bits=24"), 64, "more than the 200 MB allowed")
        expectFailure(try train([seeds], "--temporary-directory", "missing"), 74, "cannot create a temporary file in missing")
        expectFailure(
            try workspace.run("train", "--seeds", seeds, "-o", "m", "--maximum-memory", "1GB", "--recipe", "words"), 64,
            "tfidf needs all of the text in memory")
        expectFailure(
            try workspace.run("train", "--seeds", seeds, "-o", "m", "--temporary-directory", "."), 64,
            "--temporary-directory is for --maximum-memory and --archive only")
        #expect(!workspace.names.contains("m"))
    }

    @Test func aFullDiskIsAnError() throws {
        let workspace = try workspace.get()
        _ = try workspace.writeSeeds(Samples.articles(2000))
        let run = try workspace.shell(
            "ulimit -f 20; sectorkit train --seeds seeds.jsonl -o m --maximum-memory 200MB --set bits=12 --temporary-directory .")
        #expect(run.status == 74 && run.errors.contains("cannot write to the temporary file in ."), "\(run.errors)")
        #expect(workspace.names == ["seeds.jsonl"])
    }
}
