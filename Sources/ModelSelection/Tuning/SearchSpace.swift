import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The recipes that a search draws from: a few to begin with, and hyper-parameters that vary.
///
/// Of a component that says where a search should look, those hyper-parameters vary; of another, a plugin for one, all that are numbers, choices or
/// yes and no, over their whole domains. Calibrators and decision rules stay as they are unless they are named.
public struct SearchSpace: Sendable {
    /// A hyper-parameter that varies.
    public struct Dimension: Sendable, Equatable {
        public let component: String
        public let name: String
        /// Where values are drawn from.
        public let domain: HyperparameterDomain
    }

    /// The recipes to begin with, every hyper-parameter written out; the first one is what others are compared with.
    public let recipes: [Recipe]
    /// What varies in each of them.
    public let dimensions: [[Dimension]]
    private let registry: Registry

    /// - Parameters:
    ///   - settings: `name`, `component.name`, or either with `=low..high` or `=a|b|c`; with any, only these vary.
    /// - Throws: `ConfigurationError` for a recipe that cannot be made, and a setting that fits none or whose values are not allowed.
    public init(_ recipes: [Recipe], settings: [String] = [], registry: Registry) throws(ConfigurationError) {
        precondition(!recipes.isEmpty, "a search without a recipe")
        let wanted = try settings.map { setting throws(ConfigurationError) in try SearchSetting(setting) }
        var resolved: [Recipe] = []
        var dimensions: [[Dimension]] = []
        for recipe in recipes {
            let recipe = try recipe.resolved(in: registry)
            resolved.append(recipe)
            dimensions.append(try Self.dimensions(of: recipe, wanted, registry))
        }
        for (setting, text) in zip(wanted, settings)
        where !dimensions.joined().contains(where: { setting.fits($0.component, $0.name) }) {
            throw .conflict("no component of \(resolved.map(\.name).joined(separator: ", ")) has what \"\(text)\" names")
        }
        self.recipes = resolved
        self.dimensions = dimensions
        self.registry = registry
    }

    private static func dimensions(
        of recipe: Recipe, _ wanted: [SearchSetting], _ registry: Registry
    ) throws(ConfigurationError) -> [Dimension] {
        var dimensions: [Dimension] = []
        for (component, parameters, isVaried) in registry.stages(of: recipe) {
            let annotated = parameters.filter { $0.search != nil }
            for parameter in parameters {
                let usual = parameter.search ?? parameter.domain
                if let setting = wanted.first(where: { $0.fits(component, parameter.name) }) {
                    let domain = try setting.domain(of: parameter, component: component) ?? usual
                    dimensions.append(Dimension(component: component, name: parameter.name, domain: domain))
                } else if wanted.isEmpty, isVaried, annotated.isEmpty ? usual.canBeDrawn : parameter.search != nil {
                    dimensions.append(Dimension(component: component, name: parameter.name, domain: usual))
                }
            }
        }
        return dimensions
    }

    /// Draws a recipe: one of some to begin with, and a value for everything that varies in it; or, near another one, that with one or two
    /// of its values drawn anew.
    func drawn(_ random: inout RandomGenerator, from families: [Int], near other: Recipe? = nil) -> Recipe {
        let position = families[random.nextInt(below: families.count)]
        var recipe = recipes[position]
        var changed = dimensions[position]
        if let other, let own = recipes.firstIndex(where: { $0.name == other.name }), !dimensions[own].isEmpty {
            recipe = other
            let order = random.permutation(dimensions[own].count).prefix(1 + random.nextInt(below: 2))
            changed = order.map { dimensions[own][$0] }
        }
        for dimension in changed {
            recipe.set(dimension.component, dimension.name, dimension.domain.drawn(&random))
        }
        // Values are drawn from the domains; two that exclude each other fail as the trial that they are.
        return (try? recipe.resolved(in: registry)) ?? recipe
    }
}

extension Recipe {
    /// Sets a hyper-parameter of every stage that is this component.
    fileprivate mutating func set(_ component: String, _ name: String, _ value: HyperparameterValue) {
        if featureExtractor.component == component { featureExtractor.parameters[name] = value }
        for position in featureTransformers.indices where featureTransformers[position].component == component {
            featureTransformers[position].parameters[name] = value
        }
        if classifier.component == component { classifier.parameters[name] = value }
        if calibrator.component == component { calibrator.parameters[name] = value }
        if decisionRule.component == component { decisionRule.parameters[name] = value }
    }

    /// What differs from another recipe, as `component.name=value`; the recipe's own name first.
    public func differences(from other: Recipe) -> [String] {
        var differences: [String] = []
        let others =
            [other.featureExtractor] + other.featureTransformers + [other.classifier, other.calibrator, other.decisionRule]
        for part in [featureExtractor] + featureTransformers + [classifier, calibrator, decisionRule] {
            let before = others.first { $0.component == part.component }?.parameters ?? [:]
            for (name, value) in part.parameters.sorted(by: { $0.key < $1.key }) where before[name] != value {
                differences.append("\(part.component).\(name)=\(value)")
            }
        }
        return differences
    }
}

extension Registry {
    /// The components of a recipe with what they have to set, and whether a search varies it unasked.
    fileprivate func stages(
        of recipe: Recipe
    ) -> [(component: String, parameters: [HyperparameterDescription], isVaried: Bool)] {
        var stages: [(String, [HyperparameterDescription], Bool)] = []
        func add(_ component: String, _ parameters: [HyperparameterDescription]?, _ isVaried: Bool) {
            if let parameters { stages.append((component, parameters, isVaried)) }
        }
        if recipe.readsArticles {
            add(recipe.classifier.component, articleClassifiers[recipe.classifier.component]?.hyperparameters, true)
        } else {
            add(recipe.featureExtractor.component, featureExtractors[recipe.featureExtractor.component]?.hyperparameters, true)
            for transformer in recipe.featureTransformers {
                add(transformer.component, featureTransformers[transformer.component]?.hyperparameters, true)
            }
            add(recipe.classifier.component, classifiers[recipe.classifier.component]?.hyperparameters, true)
        }
        add(recipe.calibrator.component, calibrators[recipe.calibrator.component]?.hyperparameters, false)
        add(recipe.decisionRule.component, decisionRules[recipe.decisionRule.component]?.hyperparameters, false)
        return stages
    }
}
