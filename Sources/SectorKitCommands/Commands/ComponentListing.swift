import TextClassification

/// Recipes and components, as `components --json` prints them and texts are made of them.
struct ComponentListing: Encodable {
    struct Parameter: Encodable {
        let name: String
        let defaultValue: HyperparameterValue
        /// The domain for people.
        let allowed: String
        /// The domain for programs.
        let domain: Domain
        /// Where `tune` looks unless told otherwise.
        let search: Domain?
        let searchText: String?
        let help: String

        init(_ description: HyperparameterDescription) {
            name = description.name
            defaultValue = description.defaultValue
            allowed = description.domain.description
            domain = Domain(description.domain)
            search = description.search.map(Domain.init)
            searchText = description.search?.description
            help = description.help
        }

        private enum CodingKeys: String, CodingKey { case name, defaultValue, allowed, domain, search, help }
    }

    /// A domain in parts: what does not apply is left out.
    struct Domain: Encodable {
        var kind: String
        var minimum: Double?
        var maximum: Double?
        var isLogarithmic: Bool?
        var choices: [String]?
        var mayBeNone: Bool?

        init(_ domain: HyperparameterDomain) {
            switch domain {
            case .integer(let range):
                self.init(kind: "integer", minimum: Double(range.lowerBound), maximum: Double(range.upperBound))
            case .number(let range, let scale):
                self.init(
                    kind: "number", minimum: range.lowerBound, maximum: range.upperBound, isLogarithmic: scale == .logarithmic)
            case .boolean: self.init(kind: "boolean")
            case .choice(let names): self.init(kind: "choice", choices: names)
            case .lengths(let limits):
                self.init(kind: "lengths", minimum: Double(limits.lowerBound), maximum: Double(limits.upperBound))
            case .text: self.init(kind: "text")
            case .classifiers(let counts):
                self.init(kind: "classifiers", minimum: Double(counts.lowerBound), maximum: Double(counts.upperBound))
            case .numbers(let range): self.init(kind: "numbers", minimum: range.lowerBound, maximum: range.upperBound)
            case .optional(let inner):
                self.init(inner)
                mayBeNone = true
            }
        }

        private init(
            kind: String, minimum: Double? = nil, maximum: Double? = nil, isLogarithmic: Bool? = nil, choices: [String]? = nil
        ) {
            self.kind = kind
            self.minimum = minimum
            self.maximum = maximum
            self.isLogarithmic = isLogarithmic
            self.choices = choices
        }
    }

    struct Component: Encodable {
        let stage: String
        let name: String
        let summary: String
        /// Where it comes from, if it is not compiled in.
        let plugin: PluginRecord?
        let parameters: [Parameter]
        /// The recipes that it is part of.
        let recipes: [String]
    }

    var components: [Component] = []
    var recipes: [Recipe] = []

    init(_ registry: Registry) {
        recipes = registry.recipes
        add("feature extractor", registry.featureExtractors)
        add("feature transformer", registry.featureTransformers)
        add("classifier", registry.classifiers)
        add("article classifier", registry.articleClassifiers)
        add("calibrator", registry.calibrators)
        add("decision rule", registry.decisionRules)
    }

    private mutating func add<Estimator, Model>(_ stage: String, _ entries: [String: Registry.Entry<Estimator, Model>]) {
        components += entries.values.sorted { $0.identifier < $1.identifier }.map { entry in
            Component(
                stage: stage, name: entry.identifier, summary: entry.summary, plugin: entry.plugin,
                parameters: entry.hyperparameters.map(Parameter.init),
                recipes: recipes.filter { recipe in recipe.components.contains { $0.component == entry.identifier } }.map(\.name))
        }
    }
}

extension ComponentListing {
    /// All recipes and components, shortly.
    func text(defaultRecipe: String?) -> String {
        var lines: [String] = []
        if !recipes.isEmpty {
            lines.append("RECIPES (train takes \(defaultRecipe ?? "none") unless told otherwise)")
            for recipe in recipes {
                let parts = recipe.components.map(\.component).joined(separator: " → ")
                lines += ["  \(recipe.name)", "      \(recipe.summary)", "      \(parts)"]
            }
            lines.append("")
        }
        var stage = ""
        for component in components {
            if component.stage != stage {
                stage = component.stage
                lines.append("\(stage.uppercased())S")
            }
            lines += ["  \(component.name)", "      \(component.summary)"]
            if let plugin = component.plugin { lines.append("      from plugin \(plugin)") }
            for parameter in component.parameters {
                lines += [
                    "      --set \("\(parameter.name)=\(parameter.defaultValue)".quoted)",
                    "          \(parameter.help) (\(parameter.allowed))",
                ]
            }
            lines.append("")
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// A page for every recipe and component, in the manner of manual pages.
    var pages: String {
        (recipes.map(Self.page) + components.map(Self.page)).joined(separator: "\n\n\n")
    }

    private static func page(_ recipe: Recipe) -> String {
        var lines = ["NAME", "    \(recipe.name) - \(recipe.summary)", "", "KIND", "    recipe", "", "STAGES"]
        for part in recipe.components {
            let settings = part.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            lines.append("    " + (part.component + "  " + settings).trimmed)
        }
        lines += ["", "EXAMPLE", "    sectorkit train --seeds mine.jsonl --recipe \(recipe.name) -o mine.sectorkit"]
        return lines.joined(separator: "\n")
    }

    private static func page(_ component: Component) -> String {
        var lines = ["NAME", "    \(component.name) - \(component.summary)", "", "KIND", "    \(component.stage)"]
        if let plugin = component.plugin { lines.append("    from plugin \(plugin)") }
        if !component.parameters.isEmpty { lines += ["", "HYPER-PARAMETERS"] }
        for (number, parameter) in component.parameters.enumerated() {
            if number > 0 { lines.append("") }
            lines += [
                "    \(parameter.name)", "        \(parameter.help)",
                "        default: \(parameter.defaultValue.description.isEmpty ? "(empty)" : parameter.defaultValue.description)",
                "        allowed: \(parameter.allowed)",
            ]
            if let search = parameter.searchText { lines.append("        tune looks at: \(search)") }
        }
        if !component.recipes.isEmpty {
            lines += ["", "RECIPES WITH IT", "    \(component.recipes.joined(separator: ", "))"]
        }
        if let first = component.parameters.first {
            let recipe =
                (component.plugin == nil ? "" : "--plugin PATH ") + (component.recipes.first.map { "--recipe \($0) " } ?? "")
            lines += [
                "", "EXAMPLE",
                "    sectorkit train --seeds mine.jsonl \(recipe)--set \("\(component.name).\(first.name)=\(first.defaultValue)".quoted) -o mine.sectorkit",
            ]
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// In quotation marks where a shell would take it apart.
    fileprivate var quoted: String {
        let isPlain = utf8.allSatisfy { byte in
            byte >= 0x80 || "-_.,:/=+%@".utf8.contains(byte) || Character(Unicode.Scalar(byte)).isLetter
                || Character(Unicode.Scalar(byte)).isNumber
        }
        return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
    }

    /// Without spaces at its end.
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
