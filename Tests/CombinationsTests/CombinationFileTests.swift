import Foundation
import LinearAlgebra
import StandardPlugins
import Testing
import TextClassification

@Suite struct CombinationFileTests {
    private let registry = Registry.standard()

    private func corpus() throws -> Corpus {
        let words = [["tariff", "port", "cargo"], ["malware", "phishing", "port"]]
        return try Corpus(
            (0..<40).map { number in
                let own = words[number % 2]
                return Article(
                    id: "\(number)", title: "", text: "\(own[number % 3]) \(own[number / 2 % 3]) day \(number)",
                    labels: [["trade", "cyber"][number % 2]])
            })
    }

    private func recipe(_ classifier: ComponentConfiguration) -> Recipe {
        Recipe(
            name: "mine", summary: "", featureExtractor: ComponentConfiguration("tfidf"), classifier: classifier,
            calibrator: ComponentConfiguration("link"), decisionRule: ComponentConfiguration("fixed-threshold"))
    }

    /// A classifier under a name of its own, as a plugin adds one.
    private struct Renamed: SampleWeighingClassifier {
        static let identifier = "of-a-plugin"
        static let summary = "a classifier of a plugin"
        let parameters: NoHyperparameters

        init(_ parameters: NoHyperparameters) { self.parameters = parameters }

        func fitted(
            _ rows: SparseMatrix, _ targets: Targets, sampleWeights: [Double]?, _ context: TrainingContext
        ) throws -> Model {
            Model(featureCount: rows.columnCount, labelCount: targets.labelCount)
        }

        struct Model: ClassifierModel, Codable {
            let featureCount: Int
            let labelCount: Int
            func decisionFunction(_ rows: borrowing SparseMatrix, into scores: inout [Double]) {
                scores = Array(repeating: 0, count: rows.rowCount * labelCount)
            }
        }
    }

    @Test(arguments: ["soft-voting", "stacking"]) func `Recipes and model files hold members with all they were made with`(
        name: String
    ) throws {
        let json = """
            {"featureExtractor": {"component": "tfidf"}, "classifier": {"component": "\(name)", "parameters": {"members": [
              {"component": "ridge"}, {"component": "linear-svm", "parameters": {"inverseRegularization": 3}}]}}}
            """
        let recipe = try JSONDecoder().decode(Recipe.self, from: Data(json.utf8))
        let pipeline = try Pipeline(recipe, registry: registry)
        guard case .components(let members) = pipeline.recipe.classifier.parameters["members"] else {
            Issue.record("the members are no components")
            return
        }
        #expect(members.map(\.component) == ["ridge", "linear-svm"])
        #expect(members[1].parameters["inverseRegularization"] == .number(3))
        #expect(members[1].parameters["loss"] == .text("squared-hinge"))
        let model = try pipeline.fitted(to: try corpus(), context: TrainingContext())
        let bytes = try model.fileBytes()
        let read = try PipelineModel(ModelFile(bytes: bytes), registry: registry)
        #expect(read.header.recipe == pipeline.recipe)
        let article = Article(id: "", title: "", text: "tariff cargo")
        #expect(try read.predicted(article) == model.predicted(article))
        #expect(try model.predicted(article).labels(of: 0).map { model.labels[$0] } == ["trade"])
        let explanation = read.explanation(of: article)
        #expect((explanation != nil) == (name == "stacking"))
        if let explanation, let trade = explanation.labels.first(where: { $0.name == "trade" }) {
            let sum = trade.terms.reduce(trade.intercept) { $0 + $1.contribution }
            // The scores of members are rounded to single precision, as all rows are.
            #expect(abs(sum - trade.score) < 1e-6)
            #expect(trade.terms.contains { $0.name == "tariff" && $0.contribution > 0 })
        }
        // More threads, the same bytes.
        let threads = try pipeline.fitted(to: try corpus(), context: TrainingContext(threadCount: 3))
        #expect(try threads.fileBytes() == bytes)
    }

    @Test func `Settings of a recipe reach the members by their text`() throws {
        var changed = recipe(ComponentConfiguration("soft-voting"))
        try changed.apply(setting: "members=ridge, logistic-regression(inverseRegularization=30)", registry: registry)
        try changed.apply(setting: "soft-voting.weights=2,1", registry: registry)
        #expect(
            changed.classifier.parameters["members"]?.description.contains("inverseRegularization=30") == true)
        #expect(throws: ConfigurationError.self) { try changed.apply(setting: "weights=2", registry: registry) }
    }

    @Test func `A member of a plugin is found again with the plugin only`() throws {
        var added = Registry()
        added.register(Renamed.self)
        var registry = self.registry
        _ = try registry.add(PluginRecord(name: "extra", kind: .library, interfaceVersion: 1), added)
        let members = HyperparameterValue.text("ridge, soft-voting(members=[of-a-plugin, ridge])")
        let pipeline = try Pipeline(recipe(ComponentConfiguration("stacking", ["members": members])), registry: registry)
        let model = try pipeline.fitted(to: try corpus(), context: TrainingContext())
        #expect(model.header.plugins?.map(\.name) == ["extra"])
        let file = try ModelFile(bytes: model.fileBytes())
        #expect(try PipelineModel(file, registry: registry).labels == model.labels)
        let error = #expect(throws: ModelFileError.self) { try PipelineModel(file, registry: self.registry) }
        #expect("\(try #require(error))".contains("was trained with the plugin \"extra\""))
    }

    @Test func `A classifier of articles is no member`() throws {
        var registry = self.registry
        registry.register(
            Registry.ArticleClassifierEntry(identifier: "reader", summary: "", hyperparameters: []) {
                _ throws(ConfigurationError) in
                throw ConfigurationError.conflict("not made")
            } read: { reader throws(ModelFileError) in
                throw reader.malformed("a", "b")
            })
        let error = #expect(throws: ConfigurationError.self) {
            try Pipeline(
                recipe(ComponentConfiguration("stacking", ["members": .text("reader, ridge")])), registry: registry)
        }
        #expect("\(try #require(error))".contains("reader reads articles itself"))
    }
}
