/// A plugin as model files and listings name it.
public struct PluginRecord: Sendable, Equatable, Codable, CustomStringConvertible {
    /// How a plugin takes part.
    public enum Kind: String, Sendable, Codable {
        /// A program that speaks the plugin protocol.
        case process
        /// A dynamic library.
        case library
    }

    public var name: String
    public var kind: Kind
    /// The version that the plugin gives itself, if it does.
    public var version: String?
    /// The version of the protocol (of a program) or of the binary interface (of a library).
    public var interfaceVersion: Int
    /// The components that it adds.
    public var components: [String]

    public init(name: String, kind: Kind, version: String? = nil, interfaceVersion: Int, components: [String] = []) {
        self.name = name
        self.kind = kind
        self.version = version
        self.interfaceVersion = interfaceVersion
        self.components = components
    }

    public var description: String {
        let interface = kind == .process ? "a program, protocol \(interfaceVersion)" : "a library, interface \(interfaceVersion)"
        return "\"\(name)\"\(version.map { " " + $0 } ?? "") (\(interface))"
    }
}

extension Registry {
    /// Adds everything that a plugin has registered, and keeps with every component which plugin it comes from.
    ///
    /// - Returns: the names of the recipes that were added.
    /// - Throws: `ConfigurationError` where a component or a recipe has the name of one that is already there.
    @discardableResult
    public mutating func add(_ plugin: PluginRecord, _ added: Registry) throws(ConfigurationError) -> [String] {
        var plugin = plugin
        plugin.components = added.componentNames.sorted()
        let taken = Set(componentNames).intersection(added.componentNames)
            .union(Set(recipes.map(\.name)).intersection(added.recipes.map(\.name)))
        if let name = taken.min() {
            throw ConfigurationError.conflict("plugin \(plugin): there is something called \"\(name)\" already")
        }
        func merge<Estimator, Model>(
            _ own: inout [String: Entry<Estimator, Model>], _ others: [String: Entry<Estimator, Model>]
        ) {
            for (name, entry) in others {
                own[name] = entry
                own[name]?.plugin = plugin
            }
        }
        merge(&featureExtractors, added.featureExtractors)
        merge(&featureTransformers, added.featureTransformers)
        merge(&classifiers, added.classifiers)
        merge(&articleClassifiers, added.articleClassifiers)
        merge(&calibrators, added.calibrators)
        merge(&decisionRules, added.decisionRules)
        let recipes = added.recipes
        register(recipes: recipes)
        return recipes.map(\.name)
    }

    private var componentNames: [String] {
        Array(featureExtractors.keys) + featureTransformers.keys + classifiers.keys + articleClassifiers.keys + calibrators.keys
            + decisionRules.keys
    }

    /// The plugins that components come from, by their names.
    public var plugins: [PluginRecord] {
        let records =
            featureExtractors.values.map(\.plugin) + featureTransformers.values.map(\.plugin) + classifiers.values.map(\.plugin)
            + articleClassifiers.values.map(\.plugin) + calibrators.values.map(\.plugin) + decisionRules.values.map(\.plugin)
        var found: [String: PluginRecord] = [:]
        for case let record? in records { found[record.name] = record }
        return found.values.sorted { $0.name < $1.name }
    }

    /// The plugins that components of a recipe come from.
    public func plugins(of recipe: Recipe) -> [PluginRecord] {
        let records =
            [
                recipe.readsArticles
                    ? articleClassifiers[recipe.classifier.component]?.plugin : classifiers[recipe.classifier.component]?.plugin,
                featureExtractors[recipe.featureExtractor.component]?.plugin, calibrators[recipe.calibrator.component]?.plugin,
                decisionRules[recipe.decisionRule.component]?.plugin,
            ] + recipe.featureTransformers.map { featureTransformers[$0.component]?.plugin }
            + recipe.classifier.members.map { classifiers[$0.component]?.plugin }
        var found: [PluginRecord] = []
        for case let record? in records where !found.contains(record) { found.append(record) }
        return found
    }
}
