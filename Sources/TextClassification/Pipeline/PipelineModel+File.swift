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
        try writer().fileBytes(header: header)
    }

    private func writer() throws(ModelFileError) -> ModelWriter {
        var writer = ModelWriter()
        if let articleClassifier {
            try writer.scoped(Scope.classifier) { writer throws(ModelFileError) in try articleClassifier.write(to: &writer) }
        } else {
            try writeStages(to: &writer)
        }
        try writer.scoped(Scope.calibrator) { writer throws(ModelFileError) in try calibrator.write(to: &writer) }
        try writer.scoped(Scope.decisionRule) { writer throws(ModelFileError) in try decisionRule.write(to: &writer) }
        return writer
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
        try writer().write(header: header, to: path)
    }

    /// Opens a model file.
    /// - Throws: `ModelFileError` for a damaged file, and for a component that `registry` does not hold.
    public init(path: String, registry: Registry) throws(ModelFileError) {
        try self.init(ModelFile(path: path), registry: registry)
    }

    /// The model of an open file.
    public init(_ file: ModelFile, registry: Registry) throws(ModelFileError) {
        let header = file.header
        let reader = file.reader(registry)
        let recipe = header.recipe
        let scoring = try Self.scoring(recipe, labelCount: header.labels.count, file, reader, registry)
        let labelCount = header.labels.count
        let calibrator = try file.entry(recipe.calibrator.component, of: registry.calibrators, stage: "calibrator")
            .read(reader.scoped(Scope.calibrator))
        let rule = try file.entry(recipe.decisionRule.component, of: registry.decisionRules, stage: "decision rule")
            .read(reader.scoped(Scope.decisionRule))
        guard calibrator.labelCount == labelCount, rule.labelCount == labelCount,
            rule.thresholds.map({ $0.count == labelCount }) ?? true
        else { throw Self.mismatch(file) }
        self.init(header: header, scoring: scoring, calibrator: calibrator, decisionRule: rule)
    }

    private static func mismatch(_ file: ModelFile) -> ModelFileError {
        .notAModel(path: file.path, reason: "its stages do not fit together")
    }

    private static func scoring(
        _ recipe: Recipe, labelCount: Int, _ file: ModelFile, _ reader: ModelReader, _ registry: Registry
    ) throws(ModelFileError) -> Pipeline.FittedScoring {
        guard !recipe.readsArticles else {
            let classifier = try file.entry(
                recipe.classifier.component, of: registry.articleClassifiers, stage: "article classifier"
            )
            .read(reader.scoped(Scope.classifier))
            guard classifier.labelCount == labelCount else { throw mismatch(file) }
            return .articles(classifier)
        }
        let extractor = try file.entry(
            recipe.featureExtractor.component, of: registry.featureExtractors, stage: "feature extractor"
        )
        .read(reader.scoped(Scope.featureExtractor))
        var width = extractor.featureCount
        var transformers: [any FeatureTransformerModel] = []
        for (position, configuration) in recipe.featureTransformers.enumerated() {
            let transformer = try file.entry(
                configuration.component, of: registry.featureTransformers, stage: "feature transformer"
            )
            .read(reader.scoped(Scope.transformer(position)))
            guard transformer.inputCount == width else { throw mismatch(file) }
            width = transformer.featureCount
            transformers.append(transformer)
        }
        let classifier = try file.entry(recipe.classifier.component, of: registry.classifiers, stage: "classifier")
            .read(reader.scoped(Scope.classifier))
        guard width > 0, classifier.featureCount == width, classifier.labelCount == labelCount else { throw mismatch(file) }
        return .stages(extractor, transformers, classifier)
    }
}
