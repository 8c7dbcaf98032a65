import Foundation
import StandardPlugins
import Testing

@testable import TextClassification

@Suite struct RecipeTests {
    let registry = Registry.standard()

    @Test func `A setting goes to the component that has it`() throws {
        var recipe = try registry.recipe(named: "words")
        try recipe.apply(setting: "inverseRegularization=2.5", registry: registry)
        #expect(recipe.classifier.parameters["inverseRegularization"] == .number(2.5))
        try recipe.apply(setting: "tfidf.wordNgrams=1-3", registry: registry)
        #expect(recipe.featureExtractor.parameters["wordNgrams"] == .text("1-3"))
        try recipe.apply(setting: "characterNgrams=none", registry: registry)
        #expect(recipe.featureExtractor.parameters["characterNgrams"] == HyperparameterValue.none)
        // Everything is written out, defaults included.
        #expect(recipe.featureExtractor.parameters["sublinear"] == .boolean(true))
    }

    @Test(arguments: [
        "noEquals", "=1", "unknown=1", "tfidf.unknown=1", "nothing.wordNgrams=1-2", "wordNgrams=0-9", "maximumFeatures=-1",
        "logistic-regression.wordNgrams=1-2", ".wordNgrams=1-2", "wordNgrams.=1",
    ])
    func `A wrong setting is refused and changes nothing`(setting: String) throws {
        var recipe = try registry.recipe(named: "words")
        let before = recipe
        let error = #expect(throws: ConfigurationError.self) { try recipe.apply(setting: setting, registry: registry) }
        #expect(recipe == before)
        #expect(!"\(try #require(error))".isEmpty)
    }

    @Test func `An unknown setting lists those there are`() throws {
        var recipe = try registry.recipe(named: "words")
        let error = #expect(throws: ConfigurationError.self) { try recipe.apply(setting: "unknown=1", registry: registry) }
        let message = "\(try #require(error))"
        #expect(message.contains("unknown") && message.contains("tfidf.wordNgrams"))
        #expect(message.contains("logistic-regression.inverseRegularization"))
    }

    @Test func `A name that two components have wants the component`() throws {
        // The rule's shrinkage and the extractor's settings differ in name; a registry with a twin makes the clash.
        var registry = registry
        registry.register(TwinClassifier.self)
        var recipe = try registry.recipe(named: "words")
        recipe.classifier = ComponentConfiguration(TwinClassifier.identifier)
        let error = #expect(throws: ConfigurationError.self) { try recipe.apply(setting: "sublinear=false", registry: registry) }
        #expect(
            "\(try #require(error))" == "\"sublinear\" could be tfidf.sublinear or twin.sublinear: write the component before it")
        try recipe.apply(setting: "twin.sublinear=false", registry: registry)
        #expect(recipe.classifier.parameters["sublinear"] == .boolean(false))
        #expect(recipe.featureExtractor.parameters["sublinear"] == .boolean(true))
    }

    @Test func `Misses list the known names`() throws {
        let recipeError = #expect(throws: ConfigurationError.self) { try registry.recipe(named: "wrods") }
        #expect("\(try #require(recipeError))".contains("words"))
        for change: (inout Recipe) -> Void in [
            { $0.featureExtractor.component = "x" }, { $0.classifier.component = "x" }, { $0.calibrator.component = "x" },
            { $0.decisionRule.component = "x" }, { $0.featureTransformers = [ComponentConfiguration("x")] },
        ] {
            var recipe = try registry.recipe(named: "words")
            change(&recipe)
            #expect(throws: ConfigurationError.self) { try recipe.resolved(in: registry) }
            #expect(throws: ConfigurationError.self) { try Pipeline(recipe, registry: registry) }
        }
        var recipe = try registry.recipe(named: "words")
        recipe.classifier.component = "logistic"
        let error = #expect(throws: ConfigurationError.self) { try recipe.resolved(in: registry) }
        #expect("\(try #require(error))".hasPrefix("no classifier is called \"logistic\"; known are "))
        #expect("\(try #require(error))".contains("logistic-regression"))
    }

    @Test func `A recipe of JSON needs an extractor and a classifier`() throws {
        let json = #"{"featureExtractor": {"component": "tfidf"}, "classifier": {"component": "logistic-regression"}}"#
        let recipe = try JSONDecoder().decode(Recipe.self, from: Data(json.utf8))
        #expect(recipe.name == "custom" && recipe.calibrator.component == "link")
        _ = try recipe.resolved(in: registry)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Recipe.self, from: Data(#"{"classifier": {"component": "x"}}"#.utf8))
        }
    }

    @Test func `Standard recipes resolve, and survive JSON`() throws {
        #expect(!registry.recipes.isEmpty)
        for recipe in registry.recipes {
            let resolved = try recipe.resolved(in: registry)
            #expect(try resolved.resolved(in: registry) == resolved)
            #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(resolved)) == resolved)
        }
    }

    @Test func `A recipe of the same name takes the place of the other`() throws {
        var registry = registry
        let count = registry.recipes.count
        var recipe = try registry.recipe(named: "words")
        recipe.summary = "changed"
        registry.register(recipe)
        #expect(registry.recipes.count == count)
        #expect(try registry.recipe(named: "words").summary == "changed")
    }
}
