import CPluginHandshake
import TextClassification

extension Registry {
    /// Adds the plugin at a path: a dynamic library where its name ends in `.so`, otherwise a program that speaks the plugin protocol.
    ///
    /// A program is started at once, and adds one classifier of articles and a recipe with it, both under the name that it gives itself.
    /// - Returns: the names of the recipes that were added.
    /// - Throws: `PluginError`, or `ConfigurationError` where a name is taken already.
    @discardableResult
    public mutating func loadPlugin(_ path: String, limits: PluginLimits = PluginLimits()) throws -> [String] {
        try path.hasSuffix(".so") ? loadLibrary(path) : loadProgram(path, limits: limits)
    }

    private mutating func loadLibrary(_ path: String) throws -> [String] {
        let receiver = try PluginLibrary(path: path).register()
        let record = PluginRecord(
            name: receiver.name, kind: .library, version: receiver.version, interfaceVersion: Int(sectorkit_host_abi()))
        return try add(record, receiver.registry)
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
        var added = Registry()
        added.register(entry)
        added.register(
            Recipe(
                name: greeting.name, summary: "the plugin of this name, on articles as they are",
                articleClassifier: ComponentConfiguration(greeting.name),
                calibrator: ComponentConfiguration(greeting.output == .scores ? "temperature" : "link"),
                decisionRule: ComponentConfiguration("cross-validated-thresholds")))
        return try add(record, added)
    }
}
