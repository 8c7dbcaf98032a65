extension PipelineModel {
    private enum Scope {
        static let featureExtractor = "features"
        static func transformer(_ position: Int) -> String { "transformer-\(position)" }
        static let classifier = "classifier"
        static let calibrator = "calibrator"
        static let decisionRule = "decision"
    }

    /// The bytes of the model file; equal models give equal bytes.
    public func fileBytes() throws(ModelFileError) -> [UInt8] {
        var writer = ModelWriter()
        try writer.scoped(Scope.featureExtractor) { writer throws(ModelFileError) in try featureExtractor.write(to: &writer) }
        for (position, transformer) in featureTransformers.enumerated() {
            try writer.scoped(Scope.transformer(position)) { writer throws(ModelFileError) in
                try transformer.write(to: &writer)
            }
        }
        try writer.scoped(Scope.classifier) { writer throws(ModelFileError) in try classifier.write(to: &writer) }
        try writer.scoped(Scope.calibrator) { writer throws(ModelFileError) in try calibrator.write(to: &writer) }
        try writer.scoped(Scope.decisionRule) { writer throws(ModelFileError) in try decisionRule.write(to: &writer) }
        return try writer.fileBytes(header: header)
    }

    /// Writes the model file whole or not at all.
    public func write(to path: String) throws(ModelFileError) {
        try AtomicFile.write(try fileBytes(), to: path)
    }

    /// Opens a model file.
    /// - Throws: `ModelFileError` for a damaged file, and for a component that `registry` does not hold.
    public init(path: String, registry: Registry) throws(ModelFileError) {
        try self.init(ModelFile(path: path), registry: registry)
    }

    /// The model of an open file.
    public init(_ file: ModelFile, registry: Registry) throws(ModelFileError) {
        let header = file.header
        let reader = file.reader
        let recipe = header.recipe
        func entry<Estimator, Model>(
            _ entries: [String: Registry.Entry<Estimator, Model>], _ configuration: ComponentConfiguration, _ stage: String
        ) throws(ModelFileError) -> Registry.Entry<Estimator, Model> {
            do {
                return try entries.entry(configuration.component, stage: stage)
            } catch {
                throw .unknownComponent(path: file.path, reason: "\(error)")
            }
        }
        let extractor = try entry(registry.featureExtractors, recipe.featureExtractor, "feature extractor")
            .read(reader.scoped(Scope.featureExtractor))
        var width = extractor.featureCount
        var transformers: [any FeatureTransformerModel] = []
        for (position, configuration) in recipe.featureTransformers.enumerated() {
            let transformer = try entry(registry.featureTransformers, configuration, "feature transformer")
                .read(reader.scoped(Scope.transformer(position)))
            guard transformer.inputCount == width else {
                throw .notAModel(path: file.path, reason: "its stages do not fit together")
            }
            width = transformer.featureCount
            transformers.append(transformer)
        }
        let classifier = try entry(registry.classifiers, recipe.classifier, "classifier")
            .read(reader.scoped(Scope.classifier))
        let labelCount = header.labels.count
        guard width > 0, classifier.featureCount == width, classifier.labelCount == labelCount else {
            throw .notAModel(path: file.path, reason: "its stages do not fit together")
        }
        let calibrator = try entry(registry.calibrators, recipe.calibrator, "calibrator")
            .read(reader.scoped(Scope.calibrator))
        let rule = try entry(registry.decisionRules, recipe.decisionRule, "decision rule")
            .read(reader.scoped(Scope.decisionRule))
        guard calibrator.labelCount == labelCount, rule.labelCount == labelCount,
            rule.thresholds.map({ $0.count == labelCount }) ?? true
        else { throw .notAModel(path: file.path, reason: "its stages do not fit together") }
        self.init(
            header: header, featureExtractor: extractor, featureTransformers: transformers, classifier: classifier,
            calibrator: calibrator, decisionRule: rule)
    }
}
