import TextClassification

extension Registry {
    /// Adds the plugin at a path: a dynamic library where its name ends in `.so`, otherwise a program that speaks the plugin protocol.
    ///
    /// A program is started at once, and adds one classifier of articles and a recipe with it, both under the name that it gives itself.
    /// - Returns: the names of the recipes that were added.
    /// - Throws: `PluginError`, or `ConfigurationError` where a name is taken already.
    @discardableResult
    public mutating func loadPlugin(_ path: String, limits: PluginLimits = PluginLimits()) throws -> [String] {
        try loadProgram(path, limits: limits)
    }

    private mutating func loadProgram(_ path: String, limits: PluginLimits) throws -> [String] {
        let program = try PluginProgram(path: path, limits: limits)
        let greeting = program.greeting
        let hyperparameters: [HyperparameterDescription]
        do throws(Greeting.Unusable) {
            hyperparameters = try greeting.hyperparameters()
        } catch {
            throw PluginError(plugin: path, reason: error.reason)
        }
        let summary = greeting.summary ?? "a plugin without a description of itself"
        let entry = ArticleClassifierEntry(
            identifier: greeting.name, summary: summary, hyperparameters: hyperparameters
        ) { values throws(ConfigurationError) in
            ProcessClassifier(
                program: program,
                configuration: ComponentConfiguration(
                    greeting.name, try hyperparameters.completed(values, component: greeting.name)))
        } read: { reader throws(ModelFileError) in
            try ProcessClassifierModel(reading: reader, program: program)
        }
        let record = PluginRecord(
            name: greeting.name, kind: .process, version: greeting.version, interfaceVersion: pluginProtocolVersion)
        return try add(record) { registry in
            registry.register(entry)
            registry.register(
                Recipe(
                    name: greeting.name, summary: "the plugin of this name, on articles as they are",
                    articleClassifier: ComponentConfiguration(greeting.name),
                    calibrator: ComponentConfiguration(greeting.output == .scores ? "temperature" : "link"),
                    decisionRule: ComponentConfiguration("cross-validated-thresholds")))
        }
    }
}
