import LinearAlgebra
import StandardPlugins
import Testing

@testable import TextClassification

/// Pipelines whose transformers learn from an archive.
@Suite struct ArchivePipelineTests {
    private static let labelled = [
        Article(id: "1", text: "tariff duty", labels: ["trade"]), Article(id: "2", text: "duty quota", labels: ["trade"]),
        Article(id: "3", text: "tariff quota duty", labels: ["trade"]), Article(id: "4", text: "quota tariff", labels: ["trade"]),
        Article(id: "5", text: "malware hacker", labels: ["cyber"]), Article(id: "6", text: "hacker botnet", labels: ["cyber"]),
        Article(id: "7", text: "botnet malware hacker", labels: ["cyber"]),
        Article(id: "8", text: "malware botnet", labels: ["cyber"]),
    ]

    /// In the archive words of the labelled articles stand beside others that these do not have.
    private static let archive: ArticleBatch = {
        var random = RandomGenerator(seed: 4)
        var batch = ArticleBatch()
        let groups = [
            ["tariff", "duty", "quota", "customs", "freight", "harbour"],
            ["malware", "hacker", "botnet", "password", "server", "worm"],
        ]
        for place in 0..<120 {
            let group = groups[place % 2]
            batch.append(Article(text: (0..<4).map { _ in group[random.nextInt(below: 6)] }.joined(separator: " ")))
        }
        batch.append(Article(text: "hapax"))
        return batch
    }()

    private func model(_ recipe: String = "topics-logistic", archive: ArticleBatch, threads: Int = 1) throws -> PipelineModel {
        var recipe = try SmallModels.registry.recipe(named: recipe)
        try recipe.apply(setting: "topics=2", registry: SmallModels.registry)
        let context = TrainingContext(threadCount: threads, foldAssigner: SmallModels.EveryOther())
        return try Pipeline(recipe, registry: SmallModels.registry)
            .fitted(to: Corpus(Self.labelled), archive: archive, context: context)
    }

    @Test func `Topics of the archive carry labels to words that no labelled article has`() throws {
        let model = try model(archive: Self.archive)
        func label(_ model: PipelineModel, _ text: String) throws -> [String] {
            try model.predicted(Article(text: text)).labels(of: 0).map { model.labels[$0] }
        }
        #expect(try label(model, "customs freight harbour") == ["trade"])
        #expect(try label(model, "password server worm") == ["cyber"])
        #expect(model.header.training.archive?.articleCount == 121)
        #expect(model.header.training.articleCount == 8)
        // Without it these words are unknown, and both texts the same.
        let alone = try self.model(archive: ArticleBatch())
        #expect(
            try alone.predicted(Article(text: "customs freight harbour")).scores
                == alone.predicted(Article(text: "password server worm")).scores)
        #expect(alone.header.training.archive == nil)
    }

    @Test func `The extractor's limits hold for words of the archive, not for those of labelled articles`() throws {
        let model = try model("words-and-topics", archive: Self.archive)
        let words = Set((0..<model.featureExtractor.featureCount).map(model.featureExtractor.featureName))
        #expect(words.isSuperset(of: ["tariff", "freight", "worm"]))
        var recipe = try SmallModels.registry.recipe(named: "topics-logistic")
        for setting in ["topics=2", "minimumDocumentFrequency=60"] {
            try recipe.apply(setting: setting, registry: SmallModels.registry)
        }
        let rare = try Pipeline(recipe, registry: SmallModels.registry).fitted(
            to: Corpus(Self.labelled), archive: Self.archive, context: TrainingContext())
        let kept = Set((0..<rare.featureExtractor.featureCount).map(rare.featureExtractor.featureName))
        #expect(kept == ["tariff", "duty", "quota", "malware", "hacker", "botnet"])
    }

    @Test func `An archive gives the same bytes for any number of threads, and read back the same predictions`() throws {
        let model = try model("words-and-topics", archive: Self.archive)
        #expect(try self.model("words-and-topics", archive: Self.archive, threads: 3).fileBytes() == model.fileBytes())
        let folder = try TemporaryFolder()
        try model.write(to: folder.path("m"))
        let read = try PipelineModel(path: folder.path("m"), registry: SmallModels.registry)
        #expect(
            try read.predictions(for: Self.archive, threadCount: 1) == model.predictions(for: Self.archive, threadCount: 1))
        #expect(read.header.training.archive == model.header.training.archive)
    }
}
