import LinearAlgebra
import StandardPlugins
import Synchronization
import Testing
import TextClassification

@testable import SemiSupervised

@Suite struct TrainingTests {
    private let registry = Registry.standard()

    private func trainer(_ recipe: String = Recipe.fewLabelsName) throws -> SemiSupervisedTraining {
        var parameters = SemiSupervisedParameters()
        parameters.vectors.rank = 20
        parameters.freeComponents = 2
        return try SemiSupervisedTraining(try registry.recipe(named: recipe), parameters: parameters, registry: registry)
    }

    private func accuracy(_ model: PipelineModel, _ articles: [Article]) throws -> Double {
        let right = try articles.count { article in
            let predictions = try model.predicted(article)
            return predictions.labels(of: 0).map { model.labels[$0] } == article.labels
        }
        return Double(right) / Double(articles.count)
    }

    @Test func `Three labels and an archive are better than three labels`() throws {
        var news = SampleNews(seed: 1)
        let corpus = try Corpus(news.labelled(3))
        let archive = news.batch(400)
        let test = news.labelled(50)
        let (model, report) = try trainer().fitted(to: corpus, archive: archive, context: TrainingContext(threadCount: 2))
        let plain = try Pipeline(registry.recipe(named: "words"), registry: registry)
            .fitted(to: corpus, context: TrainingContext())
        #expect(try accuracy(model, test) > 0.95)
        #expect(try accuracy(model, test) > accuracy(plain, test))
        #expect(report.archiveArticleCount == 400)
        #expect(report.labels.map(\.name) == SampleNews.names)
        #expect(report.labels.allSatisfy { abs($0.archiveShare - 0.25) < 0.1 })
        let overall = try #require(report.overall)
        #expect(overall.with >= overall.without)
        #expect(report.decision.count == 1 && report.decision[0].contains("archive"))
        #expect(model.header.training.archive?.articleCount == 400)
        #expect(try #require(report.keptAgreement) > 0.9)
        // An ordinary model: it explains itself and reads back.
        #expect(model.explanation(of: test[0]) != nil)
        let read = try PipelineModel(ModelFile(bytes: model.fileBytes()), registry: registry)
        #expect(try read.predicted(test[0]) == model.predicted(test[0]))
    }

    /// What the rule learns from is what models say that were trained without the fold.
    @Test func `A rule learns from articles that all of the training did without`() throws {
        struct Folds: FoldAssigner {
            func folds(of corpus: Corpus, foldCount: Int, seed: UInt64) -> [Int]? { (0..<corpus.count).map { $0 / 4 % 3 } }
        }
        var news = SampleNews(seed: 4)
        let corpus = try Corpus(news.labelled(6))
        let archive = news.batch(150)
        let context = TrainingContext(foldAssigner: Folds())
        var recipe = try registry.recipe(named: Recipe.fewLabelsName)
        recipe.decisionRule = ComponentConfiguration("conformal-sets", ["coverage": .number(0.75)])
        var parameters = SemiSupervisedParameters()
        parameters.vectors.rank = 20
        let trainer = try SemiSupervisedTraining(recipe, parameters: parameters, registry: registry)
        var sample = ArchiveSample(limit: 1000)
        sample.append(archive)
        var fitter = ArchiveFitter(ArchiveVectors(parameters.vectors))
        try fitter.append(archive)
        let vectors = try fitter.fitted(context: context).model
        let model = try trainer.fittedDeciding(to: corpus, archive: sample, vectors: vectors, context: context).model
        var probabilities = [Double](repeating: 0, count: corpus.count * corpus.labels.count)
        for fold in 0..<3 {
            let inside = (0..<corpus.count).filter { $0 / 4 % 3 != fold }
            let outside = (0..<corpus.count).filter { $0 / 4 % 3 == fold }
            let without = try trainer.fitted(
                to: corpus.selecting(inside), archive: sample, vectors: vectors, context: context
            ).model
            let said = try without.predictions(for: corpus.selecting(outside).articles, threadCount: 1).probabilities
            for (row, article) in outside.enumerated() {
                for label in 0..<corpus.labels.count {
                    probabilities[article * corpus.labels.count + label] = said[row * corpus.labels.count + label]
                }
            }
        }
        let rule = try registry.decisionRules["conformal-sets"]?.make(["coverage": .number(0.75)])
        let expected = try #require(rule).fitted(toHeldOut: probabilities, targets: corpus.targets, context: context)
        #expect(model.decisionRule.predictionSets == (expected as any DecisionRuleModel).predictionSets)
        #expect(model.decisionRule.predictionSets?.possibleFrom.contains { $0 > 0 } == true)
        let read = try PipelineModel(ModelFile(bytes: model.fileBytes()), registry: registry)
        #expect(read.decisionRule.predictionSets == model.decisionRule.predictionSets)
    }

    @Test func `Threads do not change a byte`() throws {
        var news = SampleNews(seed: 2)
        let corpus = try Corpus(news.labelled(3))
        let archive = news.batch(300)
        let one = try trainer().fitted(to: corpus, archive: archive, context: TrainingContext(threadCount: 1))
        let three = try trainer().fitted(to: corpus, archive: archive, context: TrainingContext(threadCount: 3))
        #expect(try one.model.fileBytes() == three.model.fileBytes())
        #expect(one.report == three.report)
    }

    @Test(arguments: [Recipe.fewLabelsName, "sectors"]) func `Several labels an article`(recipe: String) throws {
        var news = SampleNews(seed: 3)
        func article(_ subjects: [Int], _ number: Int) -> Article {
            Article(id: "\(number)", text: news.text(subjects), labels: subjects.filter { $0 < 3 }.map { SampleNews.names[$0] })
        }
        // Trains carry no label: they are the rest.
        let kinds = [[0], [1], [2], [3], [0, 1], [1, 2]]
        let labelled = (0..<36).map { article(kinds[$0 % 6], $0) }
        let archive = ArticleBatch((0..<400).map { article(kinds[$0 % 6], $0) })
        let test = (0..<120).map { article(kinds[$0 % 6], $0) }
        let (model, report) = try trainer(recipe).fitted(
            to: try Corpus(labelled, labels: LabelSet(SampleNews.names.prefix(3))), archive: archive,
            context: TrainingContext(threadCount: 2))
        #expect(model.task == .multi)
        #expect(try accuracy(model, test) > 0.8)
        #expect(report.labels.count == 3)
        #expect(!report.decision.isEmpty)
    }

    @Test func `A fixed rule's thresholds are kept, or those that the archive promises most from are taken`() throws {
        var news = SampleNews(seed: 3)
        let kinds = [[0], [1], [2], [3], [0, 1], [1, 2]]
        func article(_ subjects: [Int], _ number: Int) -> Article {
            Article(id: "\(number)", text: news.text(subjects), labels: subjects.filter { $0 < 3 }.map { SampleNews.names[$0] })
        }
        let corpus = try Corpus((0..<36).map { article(kinds[$0 % 6], $0) }, labels: LabelSet(SampleNews.names.prefix(3)))
        let archive = ArticleBatch((0..<300).map { article(kinds[$0 % 6], $0) })
        func model(_ rule: [String: HyperparameterValue], _ thresholds: SemiSupervisedParameters.Thresholds) throws
            -> PipelineModel
        {
            var recipe = try registry.recipe(named: "sectors")
            recipe.decisionRule.parameters = rule
            var parameters = SemiSupervisedParameters()
            parameters.vectors.rank = 20
            parameters.thresholds = thresholds
            return try SemiSupervisedTraining(recipe, parameters: parameters, registry: registry)
                .fitted(to: corpus, archive: archive, context: TrainingContext()).model
        }
        #expect(try model([:], .rule).decisionRule.thresholds == [0.5, 0.5, 0.5])
        #expect(try model(["thresholds": .text("0.3,,0.6")], .rule).decisionRule.thresholds == [0.3, 0.5, 0.6])
        let promised = try #require(try model([:], .promised).decisionRule.thresholds)
        #expect(promised.allSatisfy { 0.2 < $0 && $0 < 0.5 })
        let predictions = try model([:], .promised).predictions(for: archive, threadCount: 1)
        for label in 0..<3 {
            // What the kept model promises is near to what the arms do, whose half the threshold is.
            let probabilities = (0..<archive.count).map { predictions.probabilities[3 * $0 + label] }
            let given = probabilities.filter { $0 >= promised[label] }
            let f1 = 2 * given.reduce(0, +) / (Double(given.count) + probabilities.reduce(0, +))
            #expect(abs(f1 / 2 - promised[label]) < 0.1)
        }
    }

    @Test func `An archive of another kind does no harm`() throws {
        var news = SampleNews(seed: 4)
        let corpus = try Corpus(news.labelled(12))
        var generator = RandomGenerator(seed: 5)
        // Words that say nothing of the subjects, each of them in many articles.
        let archive = ArticleBatch(
            (0..<400).map { _ in
                Article(text: (0..<12).map { _ in "word\(generator.nextInt(below: 40))" }.joined(separator: " "))
            })
        let test = news.labelled(50)
        let (model, _) = try trainer().fitted(to: corpus, archive: archive, context: TrainingContext(threadCount: 2))
        let plain = try Pipeline(registry.recipe(named: "words"), registry: registry)
            .fitted(to: corpus, context: TrainingContext())
        #expect(try accuracy(model, test) > accuracy(plain, test) - 0.05)
    }

    private static let definitions = try? LabelDefinitions(
        zip(SampleNews.names, [["oven", "recipe"], ["goal", "league"], ["rocket", "orbit"], ["locomotive", "station"]])
            .map { LabelDefinition(name: $0, keywords: $1) })

    @Test(arguments: [ClassificationTask.single, .multi]) func `Keywords alone are enough to begin with`(
        task: ClassificationTask
    ) throws {
        var news = SampleNews(seed: 8)
        let definitions = try #require(Self.definitions)
        let archive = news.batch(400)
        let test = news.labelled(40)
        let warnings = Mutex<[String]>([])
        let context = TrainingContext(
            threadCount: 2, report: { event in if case .warning(let text) = event { warnings.withLock { $0.append(text) } } })
        let empty = Corpus(
            identifiers: [], articles: ArticleBatch(), labels: definitions.labels, targets: Targets(task: task, labelCount: 4))
        let (model, report) = try trainer().fitted(to: empty, archive: archive, definitions: definitions, context: context)
        #expect(model.task == task && model.header.training.articleCount == 0)
        #expect(try accuracy(model, test) > 0.8)
        #expect(report.overall == nil && report.labels.allSatisfy { $0.f1 == nil })
        #expect(warnings.withLock { $0.contains { $0.contains("nothing can be verified") } })
        // A label that the archive has no word of cannot be learnt.
        let unknown = try LabelDefinitions([
            LabelDefinition(name: "football"), LabelDefinition(name: "qwertz", keywords: ["zxcvb"]),
        ])
        #expect(throws: TrainingError.self) {
            _ = try trainer().fitted(
                to: Corpus(
                    identifiers: [], articles: ArticleBatch(), labels: unknown.labels,
                    targets: Targets(task: task, labelCount: 2)),
                archive: archive, definitions: unknown, context: context)
        }
    }

    @Test func `Keywords beside few labels are evidence`() throws {
        var news = SampleNews(seed: 9)
        let corpus = try Corpus(news.labelled(2))
        let (archive, test) = (news.batch(300), news.labelled(40))
        let (model, report) = try trainer().fitted(
            to: corpus, archive: archive, definitions: Self.definitions, context: TrainingContext(threadCount: 2))
        #expect(try accuracy(model, test) > 0.8)
        #expect(report.overall != nil)
    }

    @Test func `A stopped training is an error, and so is a recipe that cannot be kept`() throws {
        var news = SampleNews(seed: 6)
        let corpus = try Corpus(news.labelled(2))
        let archive = news.batch(50)
        #expect(throws: TrainingError.cancelled) {
            _ = try trainer().fitted(to: corpus, archive: archive, context: TrainingContext(isCancelled: { true }))
        }
        var recipe = try registry.recipe(named: "words")
        recipe.classifier = ComponentConfiguration("no-such-classifier")
        #expect(throws: ConfigurationError.self) { try SemiSupervisedTraining(recipe, registry: registry) }
    }
}
