import ArgumentParser
import TextClassification

struct ComponentsCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "components",
        abstract: "List the recipes, and every component with its hyper-parameters, defaults and allowed values.",
        usage: "sectorkit components [<names> ...] [<options>]",
        discussion: """
            A recipe names a component for each stage; `recipes` in the JSON shows how to write one into a file for --recipe.

            EXAMPLES
              sectorkit components
              sectorkit components words tfidf
              sectorkit components --json
            """)

    @Argument(help: "Only the recipes and components of these names.")
    var names: [String] = []

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Print as JSON.")
    var json = false

    private struct Listing: Encodable {
        struct Parameter: Encodable {
            let name: String
            let defaultValue: HyperparameterValue
            let allowed: String
            let help: String
        }
        struct Component: Encodable {
            let stage: String
            let name: String
            let summary: String
            /// Where it comes from, if it is not compiled in.
            let plugin: PluginRecord?
            let parameters: [Parameter]
        }
        var components: [Component] = []
        var recipes: [Recipe] = []

        mutating func add<Estimator, Model>(_ stage: String, _ entries: [String: Registry.Entry<Estimator, Model>]) {
            components += entries.values.sorted { $0.identifier < $1.identifier }.map { entry in
                Component(
                    stage: stage, name: entry.identifier, summary: entry.summary, plugin: entry.plugin,
                    parameters: entry.hyperparameters.map {
                        Parameter(
                            name: $0.name, defaultValue: $0.defaultValue, allowed: $0.domain.description, help: $0.help)
                    })
            }
        }
    }

    func run() throws {
        let registry = CommandEnvironment.current.registry
        var listing = Listing()
        listing.add("feature extractor", registry.featureExtractors)
        listing.add("feature transformer", registry.featureTransformers)
        listing.add("classifier", registry.classifiers)
        listing.add("article classifier", registry.articleClassifiers)
        listing.add("calibrator", registry.calibrators)
        listing.add("decision rule", registry.decisionRules)
        listing.recipes = registry.recipes
        let known = listing.recipes.map(\.name) + listing.components.map(\.name)
        for name in names where !known.contains(name) {
            throw ConfigurationError.unknownComponent(name, stage: "recipe or component", known: known)
        }
        if !names.isEmpty {
            listing.components.removeAll { !names.contains($0.name) }
            listing.recipes.removeAll { !names.contains($0.name) }
        }
        let text = Self.text(listing, defaultRecipe: registry.recipes.first?.name)
        try StandardOutput().print(json ? JSONText.encoded(listing) : text)
    }

    private static func text(_ listing: Listing, defaultRecipe: String?) -> String {
        var lines: [String] = []
        if !listing.recipes.isEmpty {
            lines.append("RECIPES (train takes \(defaultRecipe ?? "none") unless told otherwise)")
            for recipe in listing.recipes {
                let parts = recipe.components.map(\.component).joined(separator: " → ")
                lines += ["  \(recipe.name)", "      \(recipe.summary)", "      \(parts)"]
            }
            lines.append("")
        }
        var stage = ""
        for component in listing.components {
            if component.stage != stage {
                stage = component.stage
                lines.append("\(stage.uppercased())S")
            }
            lines += ["  \(component.name)", "      \(component.summary)"]
            if let plugin = component.plugin { lines.append("      from plugin \(plugin)") }
            for parameter in component.parameters {
                lines += [
                    "      --set \(parameter.name)=\(parameter.defaultValue)",
                    "          \(parameter.help) (\(parameter.allowed))",
                ]
            }
            lines.append("")
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}
