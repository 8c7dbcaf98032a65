/// A component's name with values for its hyper-parameters.
public struct ComponentConfiguration: Sendable, Equatable, Codable {
    public var component: String
    public var parameters: [String: HyperparameterValue]

    public init(_ component: String, _ parameters: [String: HyperparameterValue] = [:]) {
        self.component = component
        self.parameters = parameters
    }

    private enum CodingKeys: String, CodingKey { case component, parameters }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        component = try container.decode(String.self, forKey: .component)
        parameters = try container.decodeIfPresent([String: HyperparameterValue].self, forKey: .parameters) ?? [:]
    }
}

/// What a pipeline is made of: one component a stage, in the order in which text passes through them.
public struct Recipe: Sendable, Equatable, Codable {
    public var name: String
    /// One line on what the recipe is good for.
    public var summary: String
    public var featureExtractor: ComponentConfiguration
    public var featureTransformers: [ComponentConfiguration]
    public var classifier: ComponentConfiguration
    public var calibrator: ComponentConfiguration
    public var decisionRule: ComponentConfiguration

    public init(
        name: String, summary: String, featureExtractor: ComponentConfiguration,
        featureTransformers: [ComponentConfiguration] = [], classifier: ComponentConfiguration,
        calibrator: ComponentConfiguration, decisionRule: ComponentConfiguration
    ) {
        self.name = name
        self.summary = summary
        self.featureExtractor = featureExtractor
        self.featureTransformers = featureTransformers
        self.classifier = classifier
        self.calibrator = calibrator
        self.decisionRule = decisionRule
    }

    private enum CodingKeys: String, CodingKey {
        case name, summary, featureExtractor, featureTransformers, classifier, calibrator, decisionRule
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name) ?? "custom"
        summary = try container.decodeIfPresent(String.self, forKey: .summary) ?? ""
        featureExtractor = try container.decode(ComponentConfiguration.self, forKey: .featureExtractor)
        featureTransformers =
            try container.decodeIfPresent([ComponentConfiguration].self, forKey: .featureTransformers) ?? []
        classifier = try container.decode(ComponentConfiguration.self, forKey: .classifier)
        calibrator = try container.decodeIfPresent(ComponentConfiguration.self, forKey: .calibrator) ?? .init("link")
        decisionRule =
            try container.decodeIfPresent(ComponentConfiguration.self, forKey: .decisionRule)
            ?? .init("cross-validated-thresholds")
    }
}

extension Recipe {
    /// Applies a setting `name=value` or `component.name=value` to the component that has a hyper-parameter of that name.
    /// - Throws: `ConfigurationError` when no component has it, when two have it and none was named, and for values out of range.
    public mutating func apply(setting: String, registry: Registry) throws(ConfigurationError) {
        let parts = try Setting(setting)
        let (key, value) = (parts.name, parts.value)
        var component: Substring?
        var name = key
        if let dot = key.firstIndex(of: ".") {
            component = key[..<dot]
            name = key[key.index(after: dot)...]
        }
        let stages = try self.stages(in: registry)
        let matching = stages.filter { stage in
            (component == nil || component.map(String.init) == stage.configuration.component)
                && stage.hyperparameters.contains { $0.name == name }
        }
        guard let stage = matching.first else {
            let candidates = stages.filter { component == nil || component.map(String.init) == $0.configuration.component }
            guard !candidates.isEmpty else {
                throw .unknownComponent(
                    component.map(String.init) ?? "", stage: "component of recipe \(self.name)",
                    known: stages.map(\.configuration.component))
            }
            throw .unknownHyperparameter(
                String(name), component: component.map(String.init) ?? "recipe \(self.name)",
                known: candidates.flatMap { stage in stage.hyperparameters.map { "\(stage.configuration.component).\($0.name)" } }
            )
        }
        guard matching.count == 1 else {
            throw .ambiguousSetting(String(name), candidates: matching.map { "\($0.configuration.component).\(name)" })
        }
        var changed = self
        changed[keyPath: stage.path].parameters[String(name)] = .text(value)
        self = try changed.resolved(in: registry)
    }

    /// The recipe with every hyper-parameter written out, defaults included, and checked.
    public func resolved(in registry: Registry) throws(ConfigurationError) -> Recipe {
        var recipe = self
        if readsArticles {
            guard featureTransformers.isEmpty else {
                throw .conflict("recipe \(name): without a feature extractor there are no features to transform")
            }
            recipe.classifier = try registry.articleClassifiers.entry(classifier.component, stage: "article classifier")
                .make(classifier.parameters).configuration
        } else {
            recipe.featureExtractor = try registry.featureExtractors
                .entry(featureExtractor.component, stage: "feature extractor").make(featureExtractor.parameters).configuration
            recipe.featureTransformers = []
            for transformer in featureTransformers {
                recipe.featureTransformers.append(
                    try registry.featureTransformers.entry(transformer.component, stage: "feature transformer")
                        .make(transformer.parameters).configuration)
            }
            recipe.classifier = try registry.classifier(classifier).configuration
        }
        recipe.calibrator = try registry.calibrators.entry(calibrator.component, stage: "calibrator")
            .make(calibrator.parameters).configuration
        recipe.decisionRule = try registry.decisionRules.entry(decisionRule.component, stage: "decision rule")
            .make(decisionRule.parameters).configuration
        return recipe
    }

    /// The recipe that is taken where keywords are given and no recipe is named; a registry has to hold it.
    public static let keywordsName = "keywords"

    /// Gives definitions of labels to every component that has a hyper-parameter `keywords`.
    /// - Throws: `ConfigurationError` where none has.
    public mutating func apply(keywords: String, registry: Registry) throws(ConfigurationError) {
        let stages = try self.stages(in: registry).filter { $0.hyperparameters.contains { $0.name == "keywords" } }
        guard !stages.isEmpty else {
            throw .conflict("no component of the recipe \(name) takes keywords: take --recipe \(Self.keywordsName)")
        }
        for stage in stages { self[keyPath: stage.path].parameters["keywords"] = .text(keywords) }
        self = try resolved(in: registry)
    }

    private struct Stage {
        let path: WritableKeyPath<Recipe, ComponentConfiguration>
        let configuration: ComponentConfiguration
        let hyperparameters: [HyperparameterDescription]
    }

    private func stages(in registry: Registry) throws(ConfigurationError) -> [Stage] {
        var stages: [Stage] = []
        if readsArticles {
            stages.append(
                Stage(
                    path: \.classifier, configuration: classifier,
                    hyperparameters: try registry.articleClassifiers
                        .entry(classifier.component, stage: "article classifier").hyperparameters))
        } else {
            stages.append(
                Stage(
                    path: \.featureExtractor, configuration: featureExtractor,
                    hyperparameters: try registry.featureExtractors
                        .entry(featureExtractor.component, stage: "feature extractor").hyperparameters))
            stages.append(
                Stage(
                    path: \.classifier, configuration: classifier,
                    hyperparameters: try registry.classifiers
                        .entry(classifier.component, stage: "classifier").hyperparameters))
        }
        stages += [
            Stage(
                path: \.calibrator, configuration: calibrator,
                hyperparameters: try registry.calibrators.entry(calibrator.component, stage: "calibrator").hyperparameters),
            Stage(
                path: \.decisionRule, configuration: decisionRule,
                hyperparameters: try registry.decisionRules
                    .entry(decisionRule.component, stage: "decision rule").hyperparameters),
        ]
        for (position, transformer) in featureTransformers.enumerated() {
            stages.append(
                Stage(
                    path: \.featureTransformers[position], configuration: transformer,
                    hyperparameters: try registry.featureTransformers
                        .entry(transformer.component, stage: "feature transformer").hyperparameters))
        }
        return stages
    }
}
