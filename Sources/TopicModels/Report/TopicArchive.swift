import TextClassification

/// Topics with all that is needed to show them and to assign them to new articles: one file.
public struct TopicArchive: Sendable {
    public let header: ModelHeader
    public let featureExtractor: any FeatureExtractorModel
    public let model: NMFModel
    public let report: TopicReport

    private enum Scope {
        static let features = "features"
        static let topics = "topics"
        static let report = "report"
    }

    /// The component that stands where a classifier would: a file of topics is no classifier, and what reads classifiers says so.
    static let classifier = "no-classifier-but-topics"

    /// Puts an archive together.
    public init(
        featureExtractor: any FeatureExtractorModel, configuration: ComponentConfiguration, plugins: [PluginRecord] = [],
        model: NMFModel, report: TopicReport, training: ModelHeader.TrainingRecord
    ) {
        // A header wants labels with counts: here they are the topics.
        var training = training
        training.labelCounts = Array(repeating: 0, count: report.topics.count)
        header = ModelHeader(
            task: .multi, labels: report.topics.map { "topic \($0.number)" },
            recipe: Recipe(
                name: "topics", summary: "topics", featureExtractor: configuration,
                classifier: ComponentConfiguration(Self.classifier),
                calibrator: ComponentConfiguration(Self.classifier), decisionRule: ComponentConfiguration(Self.classifier)),
            plugins: plugins, training: training)
        self.featureExtractor = featureExtractor
        self.model = model
        self.report = report
    }

    /// The bytes of the file; equal archives give equal bytes.
    public func fileBytes() throws(ModelFileError) -> [UInt8] {
        try writer().fileBytes(header: header)
    }

    /// Writes the file whole or not at all.
    public func write(to path: String) throws(ModelFileError) {
        try writer().write(header: header, to: path)
    }

    private func writer() throws(ModelFileError) -> ModelWriter {
        var writer = ModelWriter()
        try writer.scoped(Scope.features) { writer throws(ModelFileError) in try featureExtractor.write(to: &writer) }
        try writer.scoped(Scope.topics) { writer throws(ModelFileError) in try model.write(to: &writer) }
        try writer.add(Scope.report, json: report)
        return writer
    }

    /// Opens a file of topics.
    /// - Throws: `ModelFileError` for a damaged file and for one that holds something else.
    public init(path: String, registry: Registry) throws(ModelFileError) {
        let file = try ModelFile(path: path)
        header = file.header
        guard header.recipe.classifier.component == Self.classifier else {
            throw .unknownComponent(path: path, reason: "it is a classifier and not topics; make them with sectorkit topics fit")
        }
        let name = header.recipe.featureExtractor.component
        guard let entry = registry.featureExtractors[name] else {
            if let plugin = header.plugins?.first(where: { $0.components.contains(name) }) {
                throw .missingPlugin(path: path, plugin: plugin)
            }
            throw .unknownComponent(path: path, reason: "no feature extractor is called \"\(name)\"")
        }
        featureExtractor = try entry.read(file.reader.scoped(Scope.features))
        model = try NMFModel(reading: file.reader.scoped(Scope.topics))
        report = try file.reader.value(Scope.report, of: TopicReport.self)
        guard model.inputCount == featureExtractor.featureCount, report.topics.count == model.topicCount,
            report.topics.allSatisfy({ $0.prevalenceByPeriod.count == report.periods.count }),
            report.periodArticleCounts.count == report.periods.count
        else { throw .notAModel(path: path, reason: "its parts do not fit together") }
    }

    /// What a topic is called in one line: its guide, or its number, and its likeliest terms.
    public func name(ofTopic topic: Int, termCount: Int = 3) -> String {
        let described = report.topics[topic]
        let terms = described.topTerms(termCount, lambda: 0.6).map(\.term).joined(separator: " ")
        return "topic \(described.number)" + (described.guide.map { " \($0)" } ?? "") + (terms.isEmpty ? "" : " (\(terms))")
    }
}
