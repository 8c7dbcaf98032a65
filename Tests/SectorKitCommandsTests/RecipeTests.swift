import Foundation
import Testing

/// `--recipe`, `--set`, `--like`.
struct RecipeTests {
    let workspace = Result { try Workspace() }

    private func train(_ arguments: String...) throws -> Run {
        let workspace = try workspace.get()
        return try workspace.run(["train", "--seeds", try workspace.writeSeeds(), "-o", "m"] + arguments)
    }

    /// The value of a hyper-parameter in the model that was trained.
    private func value(_ stage: String, _ name: String) throws -> Any? {
        let recipe = try workspace.get().run("inspect", "m", "--json").object["recipe"] as? [String: Any]
        let component = recipe?[stage] as? [String: Any]
        return (component?["parameters"] as? [String: Any])?[name]
    }

    @Test func settings() throws {
        #expect(try train("--set", "inverseRegularization=3", "--set", "tfidf.wordNgrams=1-3").status == 0)
        #expect(try value("classifier", "inverseRegularization") as? Double == 3)
        #expect(try value("featureExtractor", "wordNgrams") as? String == "1-3")
    }

    @Test(arguments: [
        ("inverseRegularization=0", "a number, 1e-06 to"), ("inverseRegularization=-1", "a number, 1e-06 to"),
        ("inverseRegularization=nan", "cannot be \"nan\"; allowed: a number"), ("inverseRegularization=inf", "allowed: a number"),
        ("maximumIterations=1.5", "allowed: a whole number"), ("wordNgrams=3-1", "a span of lengths such as 1-2"),
        ("stopWords=klingon", "allowed: none | english"), ("sublinear=maybe", "allowed: true or false"),
        ("unknown=1", "recipe words has no hyper-parameter \"unknown\"; it has"),
        ("tfidf.unknown=1", "tfidf has no hyper-parameter \"unknown\"; it has tfidf.accents"),
        ("hashing.bits=9", "no component of recipe words is called \"hashing\""), ("nonsense", "write name=value"),
        ("=1", "write name=value"),
    ])
    func refusedSettings(setting: String, message: String) throws {
        expectFailure(try train("--set", setting), 64, message)
        #expect(try !workspace.get().names.contains("m"))
    }

    @Test func builtIn() throws {
        #expect(try train("--recipe", "words-and-characters").lines[0].hasSuffix("recipe words-and-characters"))
        #expect(try train("--recipe", "hashed-words").lines[0].hasSuffix("recipe hashed-words"))
        expectFailure(try train("--recipe", "wrods"), 64, "no recipe is called \"wrods\"", "built in are words, ")
    }

    /// What `components --json` prints can be put into a file.
    @Test func file() throws {
        let workspace = try workspace.get()
        let listed = try workspace.run("components", "words", "--json").object["recipes"] as? [[String: Any]]
        var recipe = try #require(listed?.first)
        recipe["name"] = "mine"
        try workspace.write("mine.json", try JSONSerialization.data(withJSONObject: recipe))
        #expect(try train("--recipe", "mine.json").lines[0].hasSuffix("recipe mine"))
        try workspace.write("mine", try JSONSerialization.data(withJSONObject: recipe))
        #expect(try train("--recipe", "mine").lines[0].hasSuffix("recipe mine"))
    }

    @Test(arguments: [
        (#"{"classifier": {"component": "logistic-regression"}}"#, 65, "r.json: \"featureExtractor\" is missing"),
        (#"{"clasifier": {}}"#, 65, "r.json: no key is called \"clasifier\"; known are name, "),
        (
            #"{"featureExtractor": {"component": "tfidf", "parameter": {}}, "classifier": {"component": "logistic-regression"}}"#,
            65,
            "r.json: featureExtractor: no key is called \"parameter\"; known are component, parameters"
        ),
        (#"{"featureExtractor": "tfidf"}"#, 65, "r.json: featureExtractor: it must be an object"),
        ("[]", 65, "r.json: it must be an object"),
        ("{\n\"name\": \"x\",,}", 65, "r.json:2: not valid JSON at byte 13"),
        ("", 65, "r.json:1: not valid JSON at byte 1: expected a value"),
        (
            #"{"featureExtractor": {"component": "tfidff"}, "classifier": {"component": "logistic-regression"}}"#, 64,
            "recipe r.json: no feature extractor is called \"tfidff\"; known are archive-vectors, hashing, keywords, tfidf"
        ),
        (
            #"{"featureExtractor": {"component": "tfidf", "parameters": {"titleWeight": -2}}, "classifier": {"component": "logistic-regression"}}"#,
            64, "recipe r.json: tfidf: titleWeight cannot be \"-2\"; allowed: a number"
        ),
    ])
    func refusedFiles(recipe: String, status: Int32, message: String) throws {
        try workspace.get().write("r.json", recipe)
        expectFailure(try train("--recipe", "r.json"), status, message)
    }

    @Test func missingFile() throws {
        expectFailure(try train("--recipe", "none.json"), 66, "cannot open none.json: No such file or directory")
    }

    /// The header of a model is enough to train it again, byte for byte.
    @Test func likeAModel() throws {
        let workspace = try workspace.get()
        #expect(
            try train(
                "--recipe", "words-and-characters", "--set", "inverseRegularization=7", "--inner-folds", "3", "--task", "multi"
            )
            .status == 0)
        #expect(try workspace.run("train", "--seeds", "seeds.jsonl", "--like", "m", "-o", "again").status == 0)
        #expect(try workspace.bytes("again") == workspace.bytes("m"))
        #expect(
            try workspace.run("train", "--seeds", "seeds.jsonl", "--like", "again", "--set", "inverseRegularization=8", "-o", "m")
                .status == 0)
        #expect(try value("classifier", "inverseRegularization") as? Double == 8)
        expectFailure(try train("--like", "m", "--recipe", "words"), 64, "--recipe and --like exclude each other")
        expectFailure(try train("--like", "seeds.jsonl"), 65, "seeds.jsonl is not a SectorKit model")
        expectFailure(try train("--like", "none"), 66, "cannot open the model none")
    }
}
