import KeywordRules
import LinearAlgebra
import StandardPlugins
import Testing
import TextClassification
import TextClassificationTesting

@Suite struct KeywordRulesTests {
    private static let keywords = """
        {"labels": [
          {"name": "trade", "keywords": ["tariff", "customs duty", "e-commerce", "Free Trade Area of Americas"]},
          {"name": "cyber", "keywords": ["malware", "data breach"]},
          {"name": "tech", "keywords": ["malware", "5G"]}
        ]}
        """

    private func recipe(_ keywords: String = keywords) throws -> Recipe {
        var recipe = try Registry.standard().recipe(named: "keywords")
        try recipe.apply(keywords: keywords, registry: .standard())
        return recipe
    }

    /// A model of keywords alone, for the labels in another order than they are defined in.
    private func model(task: ClassificationTask = .multi) throws -> PipelineModel {
        let corpus = Corpus(
            identifiers: [], articles: ArticleBatch(), labels: LabelSet(["tech", "trade", "cyber"]),
            targets: Targets(task: task, labelCount: 3))
        return try Pipeline(recipe(), registry: .standard()).fitted(to: corpus, context: TrainingContext())
    }

    private func labels(_ model: PipelineModel, _ text: String, title: String = "") throws -> [String] {
        try model.predicted(Article(title: title, text: text)).labels(of: 0).map { model.labels[$0] }
    }

    @Test func `Labels are given by their keywords without a training article`() throws {
        let model = try model()
        #expect(try labels(model, "A TARIFF on steel.") == ["trade"])
        #expect(try labels(model, "The customs. Duty free of charge") == ["trade"])
        #expect(try labels(model, "customs raise the duty") == [])
        #expect(try labels(model, "duty customs") == [])
        #expect(try labels(model, "About e commerce") == ["trade"])
        #expect(try labels(model, "the FREE trade area of Americas") == ["trade"])
        #expect(try labels(model, "a free trade area") == [])
        #expect(try labels(model, "the 5G malware") == ["tech", "cyber"])
        #expect(try labels(model, "", title: "Data breach") == ["cyber"])
        #expect(try labels(model, "the breach of data") == [])
        #expect(try labels(model, "") == [])
    }

    @Test func `A keyword of too many words is refused by its name`() throws {
        let long = #"{"labels": [{"name": "a", "keywords": ["one two three four five six"]}]}"#
        let corpus = Corpus(
            identifiers: [], articles: ArticleBatch(), labels: LabelSet(["a"]), targets: Targets(task: .multi, labelCount: 1))
        #expect {
            _ = try Pipeline(recipe(long), registry: .standard()).fitted(to: corpus, context: TrainingContext())
        } throws: {
            "\($0)" == "the keyword \"one two three four five six\" of a has 6 words; 1 to 5 are allowed"
        }
        for (text, reason) in [
            ("{", "keywords wants definitions of labels"), (#"{"labels": [{"name": "a"}]}"#, "no label has keywords"),
            (#"{"labels": [{"name": "a", "keywords": ["!"]}]}"#, "the keyword \"!\" of a has 0 words"),
        ] {
            #expect {
                _ = try Pipeline(recipe(text), registry: .standard()).fitted(to: corpus, context: TrainingContext())
            } throws: {
                "\($0)".hasPrefix(reason)
            }
        }
    }

    @Test func `Scores are sums of keywords, and explained by them`() throws {
        let model = try model()
        let article = Article(title: "Tariff", text: "tariff and customs duty")
        let explanation = try #require(model.explanation(of: article)?.labels.first { $0.name == "trade" })
        #expect(explanation.terms.map(\.name).sorted() == ["customs duty", "tariff"])
        // Three occurrences, the one in the title counting twice.
        let tariff = try #require(explanation.terms.first { $0.name == "tariff" })
        #expect(abs(tariff.contribution - 4 * (1 + 1.0986122886681098)) < 1e-6)
        #expect(explanation.intercept == -2)
        #expect(tariff.occurrences.map(\.field) == [.title, .text])
    }

    @Test func `A model holds its keywords and comes back from its file`() throws {
        let model = try model()
        let read = try PipelineModel(ModelFile(bytes: model.fileBytes()), registry: .standard())
        #expect(try labels(read, "malware") == ["tech", "cyber"])
        #expect(try read.fileBytes() == model.fileBytes())
        // The header is enough to make the same model again.
        let again = try Pipeline(read.header.recipe, registry: .standard()).fitted(
            to: Corpus(
                identifiers: [], articles: ArticleBatch(), labels: read.labels, targets: Targets(task: .multi, labelCount: 3)),
            context: TrainingContext())
        #expect(try again.fileBytes() == model.fileBytes())
    }

    @Test func `In single-label tasks the label with most keywords wins`() throws {
        #expect(try labels(model(task: .single), "5G malware") == ["tech"])
    }

    @Test func `Keywords are found in labelled articles where none are given`() throws {
        // Feature 0 marks label 0 and feature 1 label 1; feature 2 is everywhere and feature 3 too rare to tell.
        var rows = SparseMatrix(columnCount: 4)
        var targets = Targets(task: .multi, labelCount: 2)
        for article in 0..<20 {
            rows.append(column: Int32(article % 2), value: 1)
            rows.append(column: 2, value: 1)
            if article == 0 { rows.append(column: 3, value: 1) }
            rows.endRow()
            targets.append(positive: [article % 2])
        }
        let model = try KeywordRules().fitted(to: rows, targets: targets, context: TrainingContext())
        let weights = (0..<4).map { feature in (0..<2).map { model.featureWeight(feature, label: $0) ?? .nan } }
        #expect(weights == [[4, 0], [0, 4], [0, 0], [0, 0]])
    }

    @Test(
        arguments: [(30.0, 100.0, 10.0, 200.0, 34.0257), (5, 10, 5, 10, 0), (0, 10, 7, 20, 6.6985), (3, 3, 0, 5, 10.5850)])
    func `The likelihood ratio is that of SciPy`(first: Double, of a: Double, second: Double, of b: Double, expected: Double) {
        // scipy.stats.chi2_contingency([[first, a - first], [second, b - second]], lambda_="log-likelihood", correction=False)
        #expect(abs(KeywordRules.likelihoodRatio(first, of: a, and: second, of: b) - expected) < 1e-4)
    }

    @Test func `Both stages conform with keywords, too`() throws {
        let values: [String: HyperparameterValue] = ["keywords": .text(Self.keywords)]
        let extractor = try #require(Registry.standard().featureExtractors["keywords"]).make(values)
        #expect(ConformanceSuite().failures(of: extractor) == [])
    }
}
