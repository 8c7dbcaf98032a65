import Foundation
import Testing

/// `inspect`, `components`, help, version, completions, and where a model is looked for.
struct ListingTests {
    let workspace = Result { try Workspace() }

    @Test func inspect() throws {
        let workspace = try workspace.get()
        let model = try SharedModel.multi.get().path
        let text = try workspace.run("inspect", model)
        for part in [
            "3 labels (multi), recipe words", "logistic-regression", "inverseRegularization", "data digest", "checksums verified",
        ] {
            #expect(text.output.contains(part), "\(part)")
        }
        let object = try workspace.run("inspect", "--json", "--verify", "--model", model).object
        #expect(object["isVerified"] as? Bool == true)
        #expect((object["training"] as? [String: Any])?["articleCount"] as? Int == 48)
        let sections = try #require(object["sections"] as? [[String: Any]])
        #expect(sections.contains { $0["name"] as? String == "classifier/weights-16-bit" })
        expectFailure(try workspace.run("inspect", model, "--model", model), 64, "name the model once")
    }

    @Test func components() throws {
        let workspace = try workspace.get()
        let text = try workspace.run("components").output
        #expect(text.hasPrefix("RECIPES (train takes words unless told otherwise)\n  words\n"))
        #expect(text.contains("--set inverseRegularization=1.0"))
        let object = try workspace.run("components", "--json").object
        let components = try #require(object["components"] as? [[String: Any]])
        #expect(components.contains { $0["name"] as? String == "tfidf" && $0["stage"] as? String == "feature extractor" })
        #expect((object["recipes"] as? [[String: Any]])?.first?["name"] as? String == "words")
        let some = try workspace.run("components", "tfidf", "sectors").output
        #expect(some.contains("NAME\n    tfidf - TF-IDF") && some.contains("NAME\n    sectors - the recipe"))
        #expect(
            some.contains("    wordNgrams\n        lengths of n-grams of words\n        default: 1-2\n        allowed: a span"))
        let parameter = try #require(
            (components.first { $0["name"] as? String == "linear-svm" }?["parameters"] as? [[String: Any]])?.first)
        let search = try #require(parameter["search"] as? [String: Any])
        #expect(search["kind"] as? String == "number" && search["isLogarithmic"] as? Bool == true)
        #expect(!some.contains("hashing"))
        expectFailure(try workspace.run("components", "tfdif"), 64, "\"tfdif\"; known are archive-vectors, ")
    }

    @Test func version() throws {
        let run = try workspace.get().run("--version")
        #expect(run.output.firstMatch(of: /^\d+\.\d+\.\d+\n$/) != nil)
        #expect(run.status == 0 && run.errors == "")
    }

    @Test func unknownCommand() throws {
        let workspace = try workspace.get()
        expectFailure(
            try workspace.run("trian"), 64, "no command is called \"trian\"; there are train, update, predict, evaluate")
        #expect(try workspace.run().output == workspace.run("--help").output)
        #expect(try workspace.run("help", "predict").output == workspace.run("predict", "--help").output)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let run = try workspace.get().run("--generate-completion-script", shell)
        #expect(run.status == 0)
        #expect(
            run.output.contains("sectorkit") && run.output.contains("crossvalidate")
                && run.output.contains("ignore-unknown-labels"))
    }

    /// The help of every command, as people see it. With SECTORKIT_RECORD=1 the texts are written anew.
    @Test(
        arguments: [
            "sectorkit", "train", "update", "predict", "evaluate", "crossvalidate", "tune", "audit", "benchmark", "explain",
            "inspect",
            "label",
            "compress",
            "components",
            "topics",
            "topics-fit", "topics-show", "topics-assign",
            "vectors", "vectors-fit", "vectors-update", "vectors-nearest", "vectors-show",
        ])
    func help(command: String) throws {
        let words = command.split(separator: "-").map(String.init)
        let run = try workspace.get().run((command == "sectorkit" ? [] : words) + ["--help"])
        #expect(run.status == 0 && run.errors == "")
        #expect(run.lines.allSatisfy { $0.count <= 80 })
        // Examples are lines to be copied: none may be broken.
        let examples = run.lines.split { $0.hasPrefix("EXAMPLES") }.last?.prefix { !$0.isEmpty } ?? []
        #expect(!examples.isEmpty && examples.allSatisfy { $0.hasPrefix("  ") && $0.contains("sectorkit") })
        if ProcessInfo.processInfo.environment["SECTORKIT_RECORD"] != nil {
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Help")
            try run.outputBytes.write(to: folder.appendingPathComponent(command + ".txt"))
            return
        }
        let recorded = Bundle.module.bundleURL.appendingPathComponent("Help/\(command).txt")
        #expect(try run.output == String(contentsOf: recorded, encoding: .utf8))
    }

    /// `--model`, else SECTORKIT_MODEL, else `models/` under the current folder, else beside the program.
    @Test func whereTheModelIs() throws {
        let workspace = try workspace.get()
        let multi = try Data(contentsOf: URL(fileURLWithPath: SharedModel.multi.get().path))
        func task(_ arguments: [String] = [], variable: String? = nil) throws -> String? {
            try workspace.run(["inspect", "--json"] + arguments, environment: variable.map { ["SECTORKIT_MODEL": $0] } ?? [:])
                .object["path"] as? String
        }
        expectFailure(
            try workspace.run("predict", input: "x"), 66,
            "no model: name one with --model or SECTORKIT_MODEL, or train one into models/")
        try workspace.write("models/sectors.sectorkit", multi)
        try workspace.write("variable", multi)
        try workspace.write("option", multi)
        #expect(try task() == "models/sectors.sectorkit")
        #expect(try task(variable: "") == "models/sectors.sectorkit")
        #expect(try task(variable: "variable") == "variable")
        #expect(try task(["--model", "option"], variable: "variable") == "option")
        // A name that was given is taken at its word.
        expectFailure(
            try workspace.run(["inspect"], environment: ["SECTORKIT_MODEL": "gone"]), 66,
            "cannot open the model gone: No such file")
        let installed = try Workspace()
        try FileManager.default.copyItem(atPath: Workspace.tool, toPath: installed.path("sectorkit"))
        try installed.write("sectors.sectorkit", multi)
        try FileManager.default.removeItem(atPath: workspace.path("models"))
        let beside = try workspace.shell("'\(installed.path("sectorkit"))' inspect --json")
        #expect(beside.object["path"] as? String == installed.path("sectors.sectorkit"))
    }
}
