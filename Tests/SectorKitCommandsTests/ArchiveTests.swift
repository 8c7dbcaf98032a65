import Foundation
import Testing

/// `train --archive`: unlabelled articles of any format beside the labelled ones.
struct ArchiveTests {
    let workspace = Result { try Workspace() }

    private func unlabelled(_ count: Int, isSingle: Bool) -> [Sample] {
        Samples.articles(count, isSingle: isSingle, from: 1000).map {
            var sample = $0
            sample.labels = nil
            return sample
        }
    }

    @Test(arguments: [true, false]) func fromFewLabels(isSingle: Bool) throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(24, isSingle: isSingle))
        try workspace.write("archive.jsonl", Samples.jsonl(unlabelled(200, isSingle: isSingle)))
        let arguments = ["train", "--seeds", seeds, "--archive", "archive.jsonl", "--archive-set", "rank=20"]
        let trained = try workspace.run(arguments + ["-o", "m.sectorkit"])
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors == "")
        #expect(trained.lines[0].contains("recipe few-labels"))
        #expect(trained.output.contains("what the archive of 200 articles brought"))
        let tagged = try workspace.run("predict", "--model", "m.sectorkit", input: Samples.kitchenText)
        #expect(tagged.output.hasPrefix("kitchen "))
        // The archive may come packed, or through a pipe, and the bytes are the same.
        #expect(try workspace.shell("gzip -n archive.jsonl").status == 0)
        let again = try workspace.run(
            [
                "train", "--seeds", seeds, "--archive", "archive.jsonl.gz", "--archive-set", "rank=20", "--threads", "1", "-o",
                "n", "--json",
            ])
        #expect(try workspace.bytes("n") == workspace.bytes("m.sectorkit"))
        let archive = try #require(again.object["archive"] as? [String: Any])
        #expect(archive["archiveArticleCount"] as? Int == 200)
        #expect((archive["labels"] as? [Any])?.count == 3)
        #expect((archive["decision"] as? [String])?.isEmpty == false)
        #expect(try workspace.run("inspect", "m.sectorkit").output.contains("200 articles, digest "))
    }

    /// An aim and a coverage want to know what the kept model says of articles that all of the training did without.
    @Test func aimAndCoverage() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(60))
        try workspace.write("archive.jsonl", Samples.jsonl(unlabelled(100, isSingle: false)))
        let arguments = [
            "train", "--seeds", seeds, "--archive", "archive.jsonl", "--archive-set", "rank=20", "-o", "m.sectorkit",
        ]
        let run = try workspace.run(arguments + ["--aim", "precision=0.9", "--coverage", "0.8", "--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.object["coverage"] as? Double == 0.8 && run.object["expectedReviewShare"] is Double)
        #expect((run.object["archive"] as? [String: Any])?["archiveArticleCount"] as? Int == 100)
        let label = try #require((run.object["labels"] as? [[String: Any]])?.first)
        #expect(label["thresholdEstimate"] != nil && label["possibleFrom"] is Double && label["absentUpTo"] is Double)
        let tagged = try workspace.run(
            "predict", "--model", "m.sectorkit", "--format", "jsonl", input: Samples.kitchenText)
        #expect(tagged.output.contains("\"unsure\""))
        try workspace.write("few.jsonl", Samples.jsonl(Samples.articles(3)))
        let few = try workspace.run(
            "train", "--seeds", "few.jsonl", "--archive", "archive.jsonl", "-o", "n", "--coverage", "0.9", "--archive-set",
            "rank=20")
        #expect(few.status == 0 || few.errors.contains("too few to hold some out"), "\(few.errors)")
    }

    /// Names and keywords of the labels, without any labelled article: it works, and says that nobody can tell how well.
    @Test func fromKeywordsAlone() throws {
        let workspace = try workspace.get()
        try workspace.write(
            "sectors.json",
            """
            {"labels": [{"name": "harbour", "keywords": ["anchor", "quay"]}, {"name": "kitchen", "keywords": ["oven", "flour"]},
             {"name": "orchestra", "keywords": ["violin", "cello"]}]}
            """)
        try workspace.write("archive.jsonl", Samples.jsonl(unlabelled(200, isSingle: true)))
        let arguments = ["--archive", "archive.jsonl", "--archive-set", "rank=20", "--task", "single", "-o"]
        let trained = try workspace.run(["train", "--seeds", "sectors.json"] + arguments + ["m.sectorkit"])
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(
            trained.errors.contains("warning: trained from names and keywords alone: without labelled articles nothing can be"))
        #expect(trained.output.contains("brought: cannot be measured without labelled articles"))
        let tagged = try workspace.run("predict", "--model", "m.sectorkit", input: Samples.kitchenText)
        #expect(tagged.output.hasPrefix("kitchen "))
        #expect(try workspace.run("inspect", "m.sectorkit").output.contains("nothing can be verified"))
        // The same by the option, and beside labelled articles without the warning.
        #expect(try workspace.run(["train", "--keywords", "sectors.json"] + arguments + ["n"]).status == 0)
        #expect(try workspace.bytes("n") == workspace.bytes("m.sectorkit"))
        let seeds = try workspace.writeSeeds(Samples.articles(12, isSingle: true))
        let both = try workspace.run(["train", "--seeds", seeds, "sectors.json"] + arguments + ["o"])
        #expect(both.status == 0 && both.errors == "", "\(both.errors)")
        // Without an archive a file of definitions among the seeds is what --keywords is.
        #expect(try workspace.run("train", "--seeds", "sectors.json", "-o", "k").lines[0].contains("recipe keywords"))
    }

    /// A recipe with topics fits them to the archive, and the model holds them.
    @Test func fitsTopicsToTheArchive() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds(Samples.articles(24, isSingle: true))
        try workspace.write("archive.jsonl", Samples.jsonl(unlabelled(200, isSingle: true)))
        let arguments = [
            "train", "--seeds", seeds, "--archive", "archive.jsonl", "--recipe", "topics-logistic", "--set", "topics=4", "-o",
            "m",
        ]
        let trained = try workspace.run(arguments)
        #expect(trained.status == 0 && trained.errors == "", "\(trained.errors)")
        #expect(trained.lines[0].contains("recipe topics-logistic"))
        let tagged = try workspace.run("predict", "--model", "m", input: Samples.kitchenText)
        #expect(tagged.output.hasPrefix("kitchen "))
        #expect(try workspace.run("inspect", "m").output.contains("200 articles, digest "))
        expectFailure(
            try workspace.run(arguments + ["--archive-set", "rank=20"]), 64,
            "--archive-set and --vectors are for recipes without transformers")
    }

    @Test func mistakes() throws {
        let workspace = try workspace.get()
        let seeds = try workspace.writeSeeds()
        expectFailure(
            try workspace.run("train", "--seeds", seeds, "--archive-set", "rank=20", "-o", "m"), 64,
            "--archive-set wants an --archive")
        expectFailure(try workspace.run("train", "--seeds", seeds, "--archive", "gone.jsonl", "-o", "m"), 66, "gone.jsonl")
        expectFailure(
            try workspace.run("train", "--seeds", seeds, "--archive", seeds, "--archive-set", "ranc=2", "-o", "m"), 64, "\"ranc\""
        )
        expectFailure(
            try workspace.run("train", "--seeds", seeds, "--archive", seeds, "--recipe", "hashed-words", "-o", "m"), 64,
            "recipe hashed-words has other stages")
        #expect(!workspace.names.contains("m"))
    }
}
