import LinearAlgebra
import StandardPlugins

@testable import TextClassification

/// Models of a few words, small enough to be damaged at every byte.
enum SmallModels {
    static let registry = Registry.standard()

    static let articles: [Article] = [
        Article(id: "1", title: "Tariff", text: "The tariff on steel rises", labels: ["trade"]),
        Article(id: "2", text: "A hacker stole data of the port", labels: ["cyber"]),
        Article(id: "3", text: "Steel exports fall; a strike at the port", labels: ["trade"]),
        Article(id: "4", text: "Malware hits the grid, hacker blamed", labels: ["cyber", "security"]),
        Article(id: "5", text: "Troops at the border", labels: ["security"]),
        Article(id: "6", text: "Rain in the north", labels: []),
        Article(id: "7", title: "Cyber", text: "Hacker breaks a steel tariff site", labels: ["cyber", "trade"]),
        Article(id: "8", text: "Border troops stop a truck of steel", labels: ["security", "trade"], unjudged: ["cyber"]),
    ]

    /// The same and two more, with words of more than 16 bytes.
    static let withLongWords =
        articles + [
            Article(id: "9", text: "Counterintelligence officers suspect cyberespionage-as-a-service", labels: ["cyber"]),
            Article(id: "10", text: "Counterintelligence units watch the internationalization of trade", labels: ["trade"]),
        ]

    /// Texts to predict for: like those above, unknown ones, an empty one, malformed ones.
    static let texts: ArticleBatch = {
        var batch = ArticleBatch(articles)
        batch.append(Article(text: ""))
        batch.append(Article(text: "Ganz andere Wörter"))
        batch.append(title: [0xFF, 0x61], body: [0xE2, 0x82])
        batch.append(Article(text: "Internationalization of counterintelligence, counterintelligences"))
        return batch
    }()

    /// A model trained on `articles`, with the settings over a recipe of words.
    static func trained(
        _ settings: [String] = [], extractor: String = "tfidf", calibrator: String = "link",
        rule: String = "cross-validated-thresholds", task: Corpus.TaskChoice = .automatic, threads: Int = 1,
        on articles: [Article] = articles
    ) throws -> PipelineModel {
        var recipe = try registry.recipe(named: "words")
        recipe.featureExtractor = ComponentConfiguration(extractor, extractor == "hashing" ? ["bits": .integer(8)] : [:])
        recipe.calibrator = ComponentConfiguration(calibrator)
        recipe.decisionRule = ComponentConfiguration(rule)
        for setting in settings { try recipe.apply(setting: setting, registry: registry) }
        let used = task == .single ? articles.filter { $0.labels?.count == 1 } : articles
        let context = TrainingContext(threadCount: threads, foldAssigner: EveryOther())
        return try Pipeline(recipe, registry: registry).fitted(to: Corpus(used, task: task), context: context)
    }

    /// Two folds by turns.
    struct EveryOther: FoldAssigner {
        func folds(of corpus: Corpus, foldCount: Int, seed: UInt64) -> [Int]? { (0..<corpus.count).map { $0 % 2 } }
    }

    /// Does with a model whatever a program does with one: whatever the file held, none of it may trap.
    static func exercise(_ model: PipelineModel) {
        var predictions = Predictions(labelCount: model.labels.count)
        do throws(PredictionError) {
            try model.makePrediction().predict(texts, 0..<texts.count, into: &predictions)
        } catch {
            preconditionFailure("\(error)")
        }
        precondition(predictions.count == texts.count && predictions.decisions.count == predictions.probabilities.count)
        for article in 0..<texts.count { _ = predictions.labels(of: article) }
        if let thresholds = model.decisionRule.thresholds { precondition(thresholds.count == model.labels.count) }
        for feature in 0..<min(200, model.featureExtractor.featureCount) { _ = model.featureName(feature) }
        _ = model.explanation(of: articles[6])
        for label in 0..<model.labels.count { _ = model.header.training.labelCounts[label] }
        for entry in model.header.recipe.classifier.parameters { _ = "\(entry)" }
    }
}
