import ArgumentParser
import FoundationEssentials
import TextClassification

extension Corpus.TaskChoice: ExpressibleByArgument {}

/// Which pipeline to fit.
struct RecipeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A built-in recipe (see `sectorkit components`) or a JSON file.", valueName: "name|file"))
    var recipe: String?

    @Option(help: ArgumentHelp("Start from the recipe a model was trained with.", valueName: "model"))
    var like: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set a hyper-parameter, as name=value or component.name=value; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(help: "One label an article (single), any number (multi), or as the articles have them (auto).")
    var task: Corpus.TaskChoice = .automatic

    @Option(help: "Folds of the cross-validation inside of training, for thresholds and calibration.")
    var innerFolds = 5

    func validate() throws {
        if recipe != nil, like != nil { throw ValidationError("--recipe and --like exclude each other") }
        if !(2...100 ~= innerFolds) { throw ValidationError("--inner-folds wants a number from 2 to 100") }
    }

    func pipeline() throws -> Pipeline {
        let registry = CommandEnvironment.current.registry
        var recipe = try self.base(registry)
        for setting in settings { try recipe.apply(setting: setting, registry: registry) }
        return try Pipeline(recipe, registry: registry, foldCount: innerFolds)
    }

    private func base(_ registry: Registry) throws -> Recipe {
        if let like { return try ModelFile(path: like).header.recipe }
        guard let recipe else {
            guard let first = registry.recipes.first else {
                throw Failure("this program has no recipe", code: Failure.Code.failed)
            }
            return first
        }
        guard recipe.hasSuffix(".json") || recipe.contains("/") else { return try registry.recipe(named: recipe) }
        do {
            return try JSONDecoder().decode(Recipe.self, from: try Files.contents(recipe))
        } catch let error as DecodingError {
            throw ConfigurationError.malformedRecipe(recipe, reason: "\(error)")
        }
    }
}
