import Foundation
import Testing

/// `--aim` and `--coverage`, from training to what people read.
struct DecisionTests {
    let workspace = Result { try Workspace() }

    /// A model that tells what it cannot rule out, and articles that it did not see.
    private func trained(_ workspace: Workspace, isSingle: Bool = false, _ arguments: String...) throws -> Run {
        try workspace.write("seeds.jsonl", Samples.jsonl(Samples.articles(60, isSingle: isSingle)))
        try workspace.write("new.jsonl", Samples.jsonl(Samples.articles(12, isSingle: isSingle, from: 400)))
        return try workspace.run(["train", "--seeds", "seeds.jsonl", "--output", "m.sectorkit"] + arguments)
    }

    @Test func coverageIsTold() throws {
        let workspace = try workspace.get()
        let run = try trained(workspace, "--coverage", "0.9", "--json")
        #expect(run.status == 0 && run.object["coverage"] as? Double == 0.9)
        #expect(run.object["expectedReviewShare"] as? Double != nil)
        let lines = try workspace.run("predict", "--model", "m.sectorkit", "--format", "jsonl", "new.jsonl")
        #expect(lines.errors.contains("a person should look at ") && lines.objects.count == 12)
        let predictions = lines.objects.compactMap { $0["prediction"] as? [String: Any] }
        for prediction in predictions {
            let unsure = try #require(prediction["unsure"] as? [String])
            #expect(prediction["review"] as? Bool == !unsure.isEmpty)
        }
        let table = try workspace.run("predict", "--model", "m.sectorkit", "--format", "tsv", "new.jsonl")
        #expect(table.lines[0] == "id\tlabels\tharbour\tkitchen\torchestra\tunsure\treview")
        #expect(
            table.columns(5...).map { $0[0] }
                == predictions.map { ($0["unsure"] as? [String] ?? []).joined(separator: ";") })
        #expect(table.columns(5...).map { $0[1] == "yes" } == predictions.map { $0["review"] as? Bool ?? false })
        let text = try workspace.run("predict", "--model", "m.sectorkit", "new.jsonl")
        #expect(text.lines.count { $0.hasSuffix("[review]") } == predictions.count { $0["review"] as? Bool == true })
        // What cannot be ruled out stands in text too, in brackets where it is not given.
        for (line, prediction) in zip(text.lines.filter { $0.hasPrefix("    ") }, predictions) {
            #expect(line.filter { $0 == "?" }.count == (prediction["unsure"] as? [String])?.count, "\(line)")
        }
    }

    /// With a coverage of nearly one and few articles nothing can be ruled out, and everything is for a person.
    @Test(arguments: [false, true])
    func aPromiseThatFewArticlesCannotKeep(_ isSingle: Bool) throws {
        let workspace = try workspace.get()
        let run = try trained(workspace, isSingle: isSingle, "--coverage", "0.99")
        #expect(run.output.contains("too few articles to be ever ruled out at this coverage: harbour, kitchen, orchestra"))
        let text = try workspace.run("predict", "--model", "m.sectorkit", "new.jsonl")
        #expect(text.lines.count { $0.hasSuffix("[review]") } == 12)
        let report = try workspace.run("evaluate", "--model", "m.sectorkit", "--data", "new.jsonl", "--bootstrap", "0")
        #expect(report.output.contains("for a person: 100.0 % of the articles"))
        let object = try workspace.run("evaluate", "--model", "m.sectorkit", "--data", "new.jsonl", "--json").object
        let sets = try #require(object["predictionSets"] as? [String: Any])
        #expect(sets["coverage"] as? Double == 0.99 && (sets["labels"] as? [Any])?.count == 3)
    }

    @Test func crossValidationMeasuresCoverage() throws {
        let workspace = try workspace.get()
        let run = try workspace.run(
            "crossvalidate", "--seeds", try workspace.writeSeeds(), "--folds", "3", "--coverage", "0.8", "--bootstrap", "50")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("among the possible answers for 80.0 % of the articles"))
        #expect(run.output.contains("kept") || run.output.contains("broken"))
    }

    @Test func aimsAreLearnt() throws {
        let workspace = try workspace.get()
        let run = try trained(workspace, "--aim", "precision=0.95")
        #expect(run.status == 0 && run.output.contains("to be expected at these thresholds, with intervals of 90 %"))
        let inspected = try workspace.run("inspect", "m.sectorkit")
        #expect(inspected.output.contains("precision") && inspected.output.contains("0.95"))
        for aim in ["accuracy", "precision", "recall=2", "f1=0.5", "precision=high"] {
            let run = try workspace.run("train", "--seeds", "seeds.jsonl", "--output", "n.sectorkit", "--aim", aim)
            #expect(run.status == 64 && run.errors.contains("--aim"), "\(aim): \(run.errors)")
        }
        let single = try trained(workspace, isSingle: true, "--aim", "recall=0.9")
        #expect(single.status == 65 && single.errors.contains("no threshold raises the recall"))
        for coverage in ["1", "0.2"] {
            let run = try workspace.run(
                "train", "--seeds", "seeds.jsonl", "--output", "n.sectorkit", "--coverage", coverage)
            #expect(run.status == 64 && run.errors.contains("--coverage wants a share from 0.5 to 0.999"))
        }
    }
}
