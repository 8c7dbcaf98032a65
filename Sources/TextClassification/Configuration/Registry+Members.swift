// Components that are made of others: how these are made, and how their models are written and read.

extension ComponentConfiguration {
    /// The components among the hyper-parameters, and those among theirs.
    var members: [ComponentConfiguration] {
        parameters.sorted { $0.key < $1.key }.flatMap { _, value -> [ComponentConfiguration] in
            guard case .components(let components) = value else { return [] }
            return components.flatMap { [$0] + $0.members }
        }
    }
}

extension Registry {
    /// Makes a classifier, and writes out every hyper-parameter of the components among its own.
    /// - Throws: `ConfigurationError`, also for components that hold each other more than `ComponentConfiguration.maximumDepth` deep.
    public func classifier(_ configuration: ComponentConfiguration) throws(ConfigurationError) -> any Classifier {
        try classifier(configuration, depth: 0)
    }

    private func classifier(
        _ configuration: ComponentConfiguration, depth: Int
    ) throws(ConfigurationError) -> any Classifier {
        let name = configuration.component
        if depth > 0, classifiers[name] == nil, articleClassifiers[name] != nil {
            throw .conflict(
                "\(name) reads articles itself, and a combination hands rows of features to its members: it cannot be one of them"
            )
        }
        let entry = try classifiers.entry(name, stage: "classifier")
        let made = try entry.make(configuration.parameters)
        var parameters = made.configuration.parameters
        var holdsComponents = false
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            guard case .components(let components) = value else { continue }
            guard depth < ComponentConfiguration.maximumDepth else {
                throw .conflict(
                    "\(configuration.component) lies more than \(ComponentConfiguration.maximumDepth) components deep in others")
            }
            holdsComponents = true
            var resolved: [ComponentConfiguration] = []
            for component in components { resolved.append(try classifier(component, depth: depth + 1).configuration) }
            parameters[name] = .components(resolved)
        }
        return holdsComponents ? try entry.make(parameters) : made
    }
}

/// What stands beside the sections of a fitted component that another one holds.
private struct HeldComponent: Codable {
    let component: String
}

extension ModelWriter {
    /// Adds a fitted classifier that the component being written holds.
    public mutating func add(
        _ name: String, classifier: any ClassifierModel, component: String
    ) throws(ModelFileError) {
        try scoped(name) { writer throws(ModelFileError) in
            try writer.add("component", json: HeldComponent(component: component))
            try writer.scoped("model") { writer throws(ModelFileError) in try classifier.write(to: &writer) }
        }
    }
}

extension ModelReader {
    /// Reads a fitted classifier that the component being read holds, and the name of its component.
    /// - Throws: `ModelFileError`, also for a component that the registry lacks; it names the plugin then.
    public func classifier(_ name: String) throws(ModelFileError) -> (component: String, model: any ClassifierModel) {
        guard depth < ComponentConfiguration.maximumDepth else {
            throw malformed(name, "lies more than \(ComponentConfiguration.maximumDepth) components deep")
        }
        let held = scoped(name)
        let component = try held.value("component", of: HeldComponent.self).component
        let entry = try file.entry(component, of: registry.classifiers, stage: "classifier")
        let inner = held.scoped("model")
        return (
            component, try entry.read(ModelReader(file: inner.file, prefix: inner.prefix, registry: registry, depth: depth + 1))
        )
    }
}
