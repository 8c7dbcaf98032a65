import LinearAlgebra
import StandardPlugins
import Synchronization
import Testing

@testable import TextClassification

@Suite struct PipelineTests {
    static let variants: [@Sendable (Int) throws -> PipelineModel] = [
        { try SmallModels.trained(threads: $0) },
        { try SmallModels.trained(["characterNgrams=2-4", "titleWeight=2", "accents=fold"], calibrator: "platt", threads: $0) },
        { try SmallModels.trained(extractor: "hashing", calibrator: "isotonic", rule: "fixed-threshold", threads: $0) },
        { try SmallModels.trained(calibrator: "temperature", rule: "argmax", task: .single, threads: $0) },
    ]

    @Test(arguments: variants.indices) func `A model read back predicts the same`(variant: Int) throws {
        let model = try Self.variants[variant](1)
        let folder = try TemporaryFolder()
        try model.write(to: folder.path("m"))
        let read = try PipelineModel(path: folder.path("m"), registry: SmallModels.registry)
        #expect(read.header == model.header)
        #expect(read.labels == model.labels && read.task == model.task)
        let predictions = try model.predictions(for: SmallModels.texts, threadCount: 1)
        #expect(try read.predictions(for: SmallModels.texts, threadCount: 1) == predictions)
        #expect(predictions.count == SmallModels.texts.count)
        #expect(predictions.scores.allSatisfy { $0.isFinite } && predictions.probabilities.allSatisfy { 0...1 ~= $0 })
        #expect(try read.fileBytes() == model.fileBytes())
    }

    @Test(arguments: variants.indices) func `Any number of threads gives the same bytes and predictions`(variant: Int) throws {
        let model = try Self.variants[variant](1)
        let bytes = try model.fileBytes()
        var many = ArticleBatch()
        for _ in 0..<60 { many.append(SmallModels.texts, at: 0..<SmallModels.texts.count) }
        let predictions = try model.predictions(for: many, threadCount: 1)
        for threads in [2, 3, 8] {
            #expect(try Self.variants[variant](threads).fileBytes() == bytes)
            #expect(try model.predictions(for: many, threadCount: threads) == predictions)
        }
    }

    @Test(arguments: variants.indices) func `Explanations add up to the score`(variant: Int) throws {
        let model = try Self.variants[variant](1)
        for article in SmallModels.articles + [Article(text: ""), Article(text: "Nothing known")] {
            let explanation = try #require(model.explanation(of: article))
            let prediction = try model.predicted(article)
            #expect(explanation.labels.map(\.name) == Array(model.labels))
            for (number, label) in explanation.labels.enumerated() {
                let sum = label.terms.reduce(label.intercept) { $0 + $1.contribution }
                #expect(abs(sum - label.score) <= 1e-9)
                #expect(label.score == prediction.scores[number] && label.probability == prediction.probabilities[number])
                let sizes = label.terms.map { abs($0.contribution) }
                #expect(sizes == sizes.sorted(by: >))
                // Every term of an article stands somewhere in it.
                #expect(label.terms.allSatisfy { !$0.occurrences.isEmpty })
            }
        }
    }

    @Test func `A prediction does not depend on the ones before it`() throws {
        let model = try SmallModels.trained(["characterNgrams=3-3"])
        let prediction = model.makePrediction()
        var predictions = Predictions(labelCount: model.labels.count)
        for article in (0..<SmallModels.texts.count).reversed() {
            try prediction.predict(SmallModels.texts, article..<article + 1, into: &predictions)
            var fresh = Predictions(labelCount: model.labels.count)
            try model.makePrediction().predict(SmallModels.texts, article..<article + 1, into: &fresh)
            #expect(predictions == fresh)
        }
        try prediction.predict(SmallModels.texts, 0..<0, into: &predictions)
        #expect(predictions.count == 0 && predictions.coverage.isEmpty && predictions.repairCount == 0)
    }

    @Test func `Coverage and repairs come with the predictions`() throws {
        let predictions = try SmallModels.trained().predictions(for: SmallModels.texts, threadCount: 2)
        #expect(predictions.coverage[0] == 1)
        #expect(predictions.coverage[SmallModels.articles.count] == 0)
        #expect(predictions.coverage[SmallModels.articles.count + 1] == 0)
        #expect(predictions.repairCount == 2)
    }

    @Test func `The header holds what is needed to train again`() throws {
        let model = try SmallModels.trained(["inverseRegularization=3"])
        let header = model.header
        #expect(header.labels == ["cyber", "security", "trade"])
        #expect(header.training.labelCounts == [3, 3, 4])
        #expect(header.training.articleCount == 8 && header.training.foldCount == 2)
        #expect(header.recipe.classifier.parameters["inverseRegularization"] == .number(3))
        let again = try Pipeline(header.recipe, registry: SmallModels.registry)
            .fitted(to: Corpus(SmallModels.articles), context: TrainingContext(foldAssigner: SmallModels.EveryOther()))
        #expect(try again.fileBytes() == model.fileBytes())
    }

    @Test func `What cannot be trained on is refused`() throws {
        let registry = SmallModels.registry
        let pipeline = try Pipeline(try registry.recipe(named: "words"), registry: registry)
        func error(_ articles: [Article], labels: LabelSet? = nil) throws -> String {
            let corpus = try Corpus(articles, labels: labels)
            do {
                _ = try pipeline.fitted(to: corpus, context: TrainingContext())
                return ""
            } catch { return "\(error)" }
        }
        let same = (0..<4).map { Article(id: "\($0)", text: "text \($0)", labels: ["a"]) }
        #expect(try error(same).hasPrefix("every training article has the same label, \"a\""))
        let none = (0..<4).map { Article(id: "\($0)", text: "text \($0)", labels: []) }
        #expect(try error(none, labels: LabelSet(["a"])).hasPrefix("every training article has the same label, \"none\""))
        let wordless = [Article(text: "...", labels: ["a"]), Article(text: "", labels: ["b"])]
        #expect(try error(wordless).hasPrefix("the training texts give no features"))
        let empty = try Corpus(same + [Article(text: "x", labels: ["b"])]).selecting([])
        #expect(throws: TrainingError.emptyCorpus) { try pipeline.fitted(to: empty, context: TrainingContext()) }
    }

    @Test func `A classifier that does not do the task is refused`() throws {
        var registry = SmallModels.registry
        registry.register(TwinClassifier.self)
        var recipe = try registry.recipe(named: "words")
        recipe.classifier = ComponentConfiguration("twin")
        let pipeline = try Pipeline(recipe, registry: registry)
        let corpus = try Corpus(SmallModels.articles.filter { $0.labels?.count == 1 })
        let error = #expect(throws: ConfigurationError.self) { try pipeline.fitted(to: corpus, context: TrainingContext()) }
        #expect("\(try #require(error))" == "twin does not do single-label tasks; it does multi")
    }

    @Test func `A model without weights has no explanation`() throws {
        var registry = SmallModels.registry
        registry.register(TwinClassifier.self)
        var recipe = try registry.recipe(named: "words")
        recipe.classifier = ComponentConfiguration("twin")
        let model = try Pipeline(recipe, registry: registry)
            .fitted(to: Corpus(SmallModels.articles), context: TrainingContext(foldAssigner: SmallModels.EveryOther()))
        #expect(model.explanation(of: SmallModels.articles[0]) == nil)
        let read = try PipelineModel(ModelFile(bytes: model.fileBytes()), registry: registry)
        #expect(read.classifier.labelCount == 3)
        let error = #expect(throws: ModelFileError.self) {
            try PipelineModel(ModelFile(bytes: model.fileBytes(), path: "m"), registry: SmallModels.registry)
        }
        #expect(
            "\(try #require(error))".hasPrefix(
                "m needs a component that this program does not have: no classifier is called \"twin\""))
    }

    @Test func `Cancelling ends training`() throws {
        let registry = SmallModels.registry
        let pipeline = try Pipeline(try registry.recipe(named: "words"), registry: registry)
        let corpus = try Corpus(SmallModels.articles)
        // Whenever it happens.
        for limit in 0..<12 {
            let asked = Mutex(0)
            let context = TrainingContext(
                foldAssigner: SmallModels.EveryOther(),
                isCancelled: {
                    asked.withLock {
                        $0 += 1
                        return $0 > limit
                    }
                })
            #expect(throws: TrainingError.cancelled) { try pipeline.fitted(to: corpus, context: context) }
        }
    }
}
