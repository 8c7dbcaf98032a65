import ArgumentParser
import CorpusFormats
import TextClassification

extension Corpus.TaskChoice: ExpressibleByArgument {}

/// Which pipeline to fit.
struct RecipeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A recipe: its name or a JSON file; `sectorkit components` lists them. (default: that of a plugin, or the first one listed)",
            valueName: "name|file"),
        completion: .file())
    var recipe: String?

    @Option(
        help: ArgumentHelp("Start from the recipe, the task and the folds that a model was trained with.", valueName: "model"),
        completion: .file())
    var like: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set a hyper-parameter, as name=value or component.name=value; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "The labels and their keywords: a JSON file like seeds/sectors.json. (default recipe then: keywords)",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var keywords: String?

    @Option(
        help: "One label an article (single), any number (multi), or as the articles have them (auto). (default: auto)")
    var task: Corpus.TaskChoice?

    @Option(
        help: ArgumentHelp(
            "Folds of the cross-validation inside of training, for thresholds and calibration. (default: 5)", valueName: "n"))
    var innerFolds: Int?

    @OptionGroup(title: "AIM") var aim: AimOptions

    func validate() throws {
        if recipe != nil, like != nil { throw ValidationError("--recipe and --like exclude each other") }
        if let innerFolds, !(2...100 ~= innerFolds) { throw ValidationError("--inner-folds wants a number from 2 to 100") }
    }

    /// The pipeline, how to find the task of the labelled articles, and the labels where keywords define them.
    ///
    /// - Parameters:
    ///   - usual: the recipe where none is named; the first of the registry without.
    ///   - keepsKeywords: whether keywords are for somebody else than the recipe's components.
    func pipeline(
        usual: String? = nil, keepsKeywords: Bool = false
    ) throws -> (pipeline: Pipeline, task: Corpus.TaskChoice, definitions: LabelDefinitions?) {
        let registry = CommandEnvironment.current.registry
        let earlier = try like.map { try ModelFile(path: $0).header }
        let definitions = try keywords.map { try LabelDefinitionReader().read(path: $0) }
        let isForRecipe = definitions != nil && !keepsKeywords
        var recipe = try earlier?.recipe ?? base(registry, usual: isForRecipe ? Recipe.keywordsName : usual)
        if isForRecipe, let definitions { try recipe.apply(keywords: Self.text(definitions), registry: registry) }
        recipe = aim.applied(to: recipe)
        for setting in settings { try recipe.apply(setting: setting, registry: registry) }
        let earlierFolds = earlier?.training.foldCount ?? 0
        let pipeline = try Pipeline(recipe, registry: registry, foldCount: innerFolds ?? (earlierFolds > 1 ? earlierFolds : 5))
        return (pipeline, task ?? earlier.map { $0.task == .single ? .single : .multi } ?? .automatic, definitions)
    }

    /// The names and keywords as a hyper-parameter holds them: what the definitions say to people is no part of it.
    static func text(_ definitions: LabelDefinitions) throws -> String {
        struct Label: Encodable { let name: String; let keywords: [String]? }
        let labels = definitions.map { Label(name: $0.name, keywords: $0.keywords.isEmpty ? nil : $0.keywords) }
        return try JSONText.encoded(["labels": labels], isPretty: false)
    }

    private func base(_ registry: Registry, usual: String?) throws -> Recipe {
        guard let recipe = recipe ?? CommandEnvironment.current.pluginRecipe ?? usual else {
            guard let first = registry.recipes.first else {
                throw Failure("this program has no recipe: name a file with --recipe", code: Failure.Code.usage)
            }
            return first
        }
        return try self.recipe(named: recipe)
    }

    /// The recipe of a name or in a file.
    func recipe(named recipe: String) throws -> Recipe {
        try Self.recipe(recipe, in: CommandEnvironment.current.registry)
    }

    /// The recipe of a name in a registry, or in a file.
    static func recipe(_ recipe: String, in registry: Registry) throws -> Recipe {
        let isName = registry.recipes.contains { $0.name == recipe }
        guard !isName, recipe.hasSuffix(".json") || recipe.contains("/") || Files.exists(recipe) else {
            return try registry.recipe(named: recipe)
        }
        let written = try Files.decoded(RecipeFile.self, from: recipe).recipe
        do throws(ConfigurationError) {
            return try written.resolved(in: registry)
        } catch {
            throw ConfigurationError.malformedRecipe(recipe, reason: "\(error)")
        }
    }
}

/// A recipe written by a person: a key that nobody reads is a mistake and not, as in a model file, news from a later version.
private struct RecipeFile: Decodable {
    let recipe: Recipe

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Component: Decodable {
        init(from decoder: any Decoder) throws {
            try RecipeFile.requireKeys(["component", "parameters"], in: decoder)
        }
    }

    init(from decoder: any Decoder) throws {
        let single = ["featureExtractor", "classifier", "calibrator", "decisionRule"]
        let list = "featureTransformers"
        try RecipeFile.requireKeys(["name", "summary", list] + single, in: decoder)
        let container = try decoder.container(keyedBy: Key.self)
        for name in single { _ = try container.decodeIfPresent(Component.self, forKey: Key(stringValue: name)) }
        _ = try container.decodeIfPresent([Component].self, forKey: Key(stringValue: list))
        recipe = try Recipe(from: decoder)
    }

    fileprivate static func requireKeys(_ known: [String], in decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for key in container.allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "no key is called \"\(key.stringValue)\"; known are \(known.joined(separator: ", "))"))
        }
    }
}
