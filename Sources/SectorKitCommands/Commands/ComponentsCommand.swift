import ArgumentParser
import TextClassification

struct ComponentsCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "components",
        abstract: "List the recipes, and every component with its hyper-parameters, defaults and allowed values.",
        usage: "sectorkit components [<names> ...] [<options>]",
        discussion: """
            A recipe names a component for each stage; `recipes` in the JSON shows how to write one into a file for --recipe. With names, each gets a \
            page of its own: what its hyper-parameters are, their defaults, what is allowed, and where tune looks.

            EXAMPLES
              sectorkit components
              sectorkit components words tfidf
              sectorkit components --json
            """)

    @Argument(help: "A page for each of these recipes and components.")
    var names: [String] = []

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
        let registry = CommandEnvironment.current.registry
        var listing = ComponentListing(registry)
        let known = listing.recipes.map(\.name) + listing.components.map(\.name)
        for name in names where !known.contains(name) {
            throw ConfigurationError.unknownComponent(name, stage: "recipe or component", known: known)
        }
        if !names.isEmpty {
            listing.components.removeAll { !names.contains($0.name) }
            listing.recipes.removeAll { !names.contains($0.name) }
        }
        let text = names.isEmpty ? listing.text(defaultRecipe: registry.recipes.first?.name) : listing.pages
        try StandardOutput().print(json ? JSONText.encoded(listing) : text)
    }
}
