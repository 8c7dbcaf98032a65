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
        let (front, body) = try fileParts()
        return front + body
    }

    private func fileParts() throws(ModelFileError) -> (front: [UInt8], body: [UInt8]) {
        var writer = ModelWriter()
        if let articleClassifier {
            try writer.scoped(Scope.classifier) { writer throws(ModelFileError) in try articleClassifier.write(to: &writer) }
        } else {
            try writeStages(to: &writer)
        }
        try writer.scoped(Scope.calibrator) { writer throws(ModelFileError) in try calibrator.write(to: &writer) }
        try writer.scoped(Scope.decisionRule) { writer throws(ModelFileError) in try decisionRule.write(to: &writer) }
        return try writer.fileParts(header: header)
    }

    private func writeStages(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.scoped(Scope.featureExtractor) { writer throws(ModelFileError) in try featureExtractor.write(to: &writer) }
        for (position, transformer) in featureTransformers.enumerated() {
            try writer.scoped(Scope.transformer(position)) { writer throws(ModelFileError) in
                try transformer.write(to: &writer)
            }
        }
        try writer.scoped(Scope.classifier) { writer throws(ModelFileError) in try classifier.write(to: &writer) }
    }

    /// Writes the model file whole or not at all.
    public func write(to path: String) throws(ModelFileError) {
        let (front, body) = try fileParts()
        try AtomicFile.write(front, body, to: path)
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
        let scoring = try Self.scoring(recipe, labelCount: header.labels.count, file, reader, registry)
        let labelCount = header.labels.count
        let calibrator = try Self.entry(registry.calibrators, recipe.calibrator, "calibrator", file)
            .read(reader.scoped(Scope.calibrator))
        let rule = try Self.entry(registry.decisionRules, recipe.decisionRule, "decision rule", file)
            .read(reader.scoped(Scope.decisionRule))
        guard calibrator.labelCount == labelCount, rule.labelCount == labelCount,
            rule.thresholds.map({ $0.count == labelCount }) ?? true
        else { throw Self.mismatch(file) }
        self.init(header: header, scoring: scoring, calibrator: calibrator, decisionRule: rule)
    }

    private static func mismatch(_ file: ModelFile) -> ModelFileError {
        .notAModel(path: file.path, reason: "its stages do not fit together")
    }

    /// The entry of a component of the file's recipe; an error that names the plugin it comes from where the registry lacks it.
    private static func entry<Estimator, Model>(
        _ entries: [String: Registry.Entry<Estimator, Model>], _ configuration: ComponentConfiguration, _ stage: String,
        _ file: ModelFile
    ) throws(ModelFileError) -> Registry.Entry<Estimator, Model> {
        do {
            return try entries.entry(configuration.component, stage: stage)
        } catch {
            if let plugin = file.header.plugins?.first(where: { $0.components.contains(configuration.component) }) {
                throw .missingPlugin(path: file.path, plugin: plugin)
            }
            throw .unknownComponent(path: file.path, reason: "\(error)")
        }
    }

    private static func scoring(
        _ recipe: Recipe, labelCount: Int, _ file: ModelFile, _ reader: ModelReader, _ registry: Registry
    ) throws(ModelFileError) -> Pipeline.FittedScoring {
        guard !recipe.readsArticles else {
            let classifier = try entry(registry.articleClassifiers, recipe.classifier, "article classifier", file)
                .read(reader.scoped(Scope.classifier))
            guard classifier.labelCount == labelCount else { throw mismatch(file) }
            return .articles(classifier)
        }
        let extractor = try entry(registry.featureExtractors, recipe.featureExtractor, "feature extractor", file)
            .read(reader.scoped(Scope.featureExtractor))
        var width = extractor.featureCount
        var transformers: [any FeatureTransformerModel] = []
        for (position, configuration) in recipe.featureTransformers.enumerated() {
            let transformer = try entry(registry.featureTransformers, configuration, "feature transformer", file)
                .read(reader.scoped(Scope.transformer(position)))
            guard transformer.inputCount == width else { throw mismatch(file) }
            width = transformer.featureCount
            transformers.append(transformer)
        }
        let classifier = try entry(registry.classifiers, recipe.classifier, "classifier", file)
            .read(reader.scoped(Scope.classifier))
        guard width > 0, classifier.featureCount == width, classifier.labelCount == labelCount else { throw mismatch(file) }
        return .stages(extractor, transformers, classifier)
    }
}
