/// The components that can be named in recipes and found in model files: a value, filled in one visible place and handed down.
public struct Registry: Sendable {
    /// A registered component of one stage; here its type is erased.
    public struct Entry<Estimator: Sendable, Model: Sendable>: Sendable {
        public let identifier: String
        public let summary: String
        /// Made when it is asked for: a program that reads a model does without.
        public var hyperparameters: [HyperparameterDescription] { describe() }
        private let describe: @Sendable () -> [HyperparameterDescription]
        /// Makes the component with the given hyper-parameters over its defaults.
        public let make: @Sendable ([String: HyperparameterValue]) throws(ConfigurationError) -> Estimator
        /// Reads a fitted component from a model file.
        public let read: @Sendable (ModelReader) throws(ModelFileError) -> Model
        /// The plugin that it comes from; `nil` for what is compiled in.
        public internal(set) var plugin: PluginRecord?

        public init(
            identifier: String, summary: String,
            hyperparameters: @autoclosure @escaping @Sendable () -> [HyperparameterDescription],
            make: @escaping @Sendable ([String: HyperparameterValue]) throws(ConfigurationError) -> Estimator,
            read: @escaping @Sendable (ModelReader) throws(ModelFileError) -> Model
        ) {
            self.identifier = identifier
            self.summary = summary
            describe = hyperparameters
            self.make = make
            self.read = read
        }
    }

    public typealias FeatureExtractorEntry = Entry<any FeatureExtractor, any FeatureExtractorModel>
    public typealias FeatureTransformerEntry = Entry<any FeatureTransformer, any FeatureTransformerModel>
    public typealias ClassifierEntry = Entry<any Classifier, any ClassifierModel>
    public typealias ArticleClassifierEntry = Entry<any ArticleClassifier, any ArticleClassifierModel>
    public typealias CalibratorEntry = Entry<any Calibrator, any CalibratorModel>
    public typealias DecisionRuleEntry = Entry<any DecisionRule, any DecisionRuleModel>

    public internal(set) var featureExtractors: [String: FeatureExtractorEntry] = [:]
    public internal(set) var featureTransformers: [String: FeatureTransformerEntry] = [:]
    public internal(set) var classifiers: [String: ClassifierEntry] = [:]
    public internal(set) var articleClassifiers: [String: ArticleClassifierEntry] = [:]
    public internal(set) var calibrators: [String: CalibratorEntry] = [:]
    public internal(set) var decisionRules: [String: DecisionRuleEntry] = [:]
    /// Makes the recipes, in the order of their registration.
    private var recipeSources: [@Sendable () -> [Recipe]] = []
    /// The recipes, the first of which is the default; of one name there is the last registered. Made when they are asked for: a program
    /// that reads a model does without. O(square of their number).
    public var recipes: [Recipe] {
        var recipes: [Recipe] = []
        for makeRecipes in recipeSources {
            for recipe in makeRecipes() {
                recipes.removeAll { $0.name == recipe.name }
                recipes.append(recipe)
            }
        }
        return recipes
    }

    public init() {}

    public mutating func register<Extractor: FeatureExtractor>(_: Extractor.Type) {
        featureExtractors[Extractor.identifier] = FeatureExtractorEntry(Extractor.self) {
            $0
        } read: {
            reader throws(ModelFileError) in
            try Extractor.Model(reading: reader)
        }
    }

    public mutating func register<Transformer: FeatureTransformer>(_: Transformer.Type) {
        featureTransformers[Transformer.identifier] = FeatureTransformerEntry(Transformer.self) {
            $0
        } read: {
            reader throws(ModelFileError) in
            try Transformer.Model(reading: reader)
        }
    }

    public mutating func register<Learner: Classifier>(_: Learner.Type) {
        classifiers[Learner.identifier] = ClassifierEntry(Learner.self) {
            $0
        } read: {
            reader throws(ModelFileError) in
            try Learner.Model(reading: reader)
        }
    }

    public mutating func register<Learner: ArticleClassifier & Component>(_: Learner.Type) where Learner.Model: ComponentModel {
        register(
            ArticleClassifierEntry(Learner.self) {
                $0
            } read: {
                reader throws(ModelFileError) in
                try Learner.Model(reading: reader)
            })
    }

    /// Adds a classifier of articles whose name and hyper-parameters are known only while the program runs.
    public mutating func register(_ entry: ArticleClassifierEntry) {
        articleClassifiers[entry.identifier] = entry
    }

    public mutating func register<Method: Calibrator>(_: Method.Type) {
        calibrators[Method.identifier] = CalibratorEntry(Method.self) {
            $0
        } read: {
            reader throws(ModelFileError) in
            try Method.Model(reading: reader)
        }
    }

    public mutating func register<Rule: DecisionRule>(_: Rule.Type) {
        decisionRules[Rule.identifier] = DecisionRuleEntry(Rule.self) {
            $0
        } read: {
            reader throws(ModelFileError) in
            try Rule.Model(reading: reader)
        }
    }

    /// Adds a recipe, or replaces the one of the same name.
    public mutating func register(_ recipe: Recipe) { register(recipes: [recipe]) }

    /// Adds recipes, or replaces those of the same names.
    public mutating func register(recipes: @autoclosure @escaping @Sendable () -> [Recipe]) { recipeSources.append(recipes) }

    /// The recipe of a name.
    public func recipe(named name: String) throws(ConfigurationError) -> Recipe {
        let recipes = recipes
        guard let recipe = recipes.first(where: { $0.name == name }) else {
            throw .unknownRecipe(name, known: recipes.map(\.name))
        }
        return recipe
    }
}

extension Registry.Entry {
    init<Part: Component>(
        _: Part.Type, erase: @escaping @Sendable (Part) -> Estimator,
        read: @escaping @Sendable (ModelReader) throws(ModelFileError) -> Model
    ) {
        self.init(
            identifier: Part.identifier, summary: Part.summary, hyperparameters: Part.Parameters.descriptions,
            make: { values throws(ConfigurationError) in
                let parameters = try Part.Parameters(values, component: Part.identifier)
                try parameters.checkTogether(component: Part.identifier)
                return erase(Part(parameters))
            },
            read: read)
    }
}

extension Dictionary {
    /// The entry of a component, or an error that lists those there are.
    func entry<Estimator, Model>(_ identifier: String, stage: String) throws(ConfigurationError)
        -> Registry.Entry<Estimator, Model>
    where Key == String, Value == Registry.Entry<Estimator, Model> {
        guard let entry = self[identifier] else {
            throw .unknownComponent(identifier, stage: stage, known: Array(keys))
        }
        return entry
    }
}
