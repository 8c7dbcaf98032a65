import ArgumentParser
import TextClassification
import TopicModels

extension NMFParameters.Loss: ExpressibleByArgument {}
extension NMFParameters.Precision: ExpressibleByArgument {}
extension NMFParameters.Initialization: ExpressibleByArgument {}

/// Numbers of topics to try: `40`, or `10,20,40`.
struct TopicCounts: ExpressibleByArgument {
    let counts: [Int]

    init(_ counts: [Int]) { self.counts = counts }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.allSatisfy({ $0.map { 1...1000 ~= $0 } ?? false }) else { return nil }
        counts = Set(parts.compactMap { $0 }).sorted()
    }

    var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}

/// How topics are fitted.
struct TopicsFitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many topics; of several numbers one is recommended and kept.", valueName: "k|k,k,…"))
    var topics = TopicCounts([40])

    @Option(help: ArgumentHelp("Keep so many terms, those with the largest counts.", valueName: "n"))
    var terms = 50_000

    @Option(
        help: ArgumentHelp("Drop terms in fewer articles. (default: 5, less in small archives)", valueName: "n"))
    var minimumArticles: Int?

    @Option(
        help: ArgumentHelp(
            "The feature extractor that makes the terms, such as one of a plugin, with its settings: name(setting=value, …). (default: tfidf on words)",
            valueName: "extractor"))
    var features: String?

    @Option(help: "frobenius works on TF-IDF, kullback-leibler on counts and is slower.")
    var loss = NMFParameters.Loss.frobenius

    @Option(help: "The numbers that fitting computes with.")
    var precision = NMFParameters.Precision.double

    @Flag(help: "Give each label a topic of its own, from labelled articles among the input.")
    var guided = false

    @Option(
        help: ArgumentHelp(
            "Give each label of a sectors.json a topic of its own, from its keywords.", valueName: "file"), completion: .file())
    var keywords: String?

    @Option(help: ArgumentHelp("How firmly --guided topics are tied to their labels.", valueName: "weight"))
    var guidance = 0.6

    @Option(help: ArgumentHelp("Fit so often from random numbers to measure stability.", valueName: "n"))
    var restarts = 0

    @Option(
        help: ArgumentHelp("Measure coherence in these articles and not in those of the fit.", valueName: "file|folder"),
        completion: .file())
    var reference: String?

    @Flag(help: "Leave no common English words out.")
    var keepStopWords = false

    @Option(help: ArgumentHelp("Stop after so many iterations.", valueName: "n"))
    var maximumIterations = 200

    @Flag(help: "Read the files twice and keep only a sample in memory, for an archive larger than that.")
    var online = false

    @Option(help: ArgumentHelp("How many articles --online takes the vocabulary and the lists from.", valueName: "n"))
    var sample = 20_000

    func validate() throws {
        if terms < 2 { throw ValidationError("--terms wants at least 2") }
        if !(0...100 ~= guidance) { throw ValidationError("--guidance wants a number from 0 to 100") }
        if restarts < 0 || restarts > 100 { throw ValidationError("--restarts wants a number from 0 to 100") }
        if sample < 2 { throw ValidationError("--sample wants at least 2") }
        if maximumIterations < 1 { throw ValidationError("--maximum-iterations wants at least 1") }
        if let features {
            guard [ComponentConfiguration](hyperparameterValue: .text(features))?.count == 1 else {
                throw ValidationError("--features wants a feature extractor such as word-stems, or tfidf(wordNgrams=1-2)")
            }
            if keepStopWords || minimumArticles != nil {
                throw ValidationError(
                    "--keep-stop-words and --minimum-articles are settings of tfidf: write them into --features")
            }
        }
        if let minimumArticles, minimumArticles < 1 { throw ValidationError("--minimum-articles wants at least 1") }
        if online {
            if topics.counts.count > 1 { throw ValidationError("--online wants one number of topics") }
            if guided || keywords != nil || restarts > 0 || loss != .frobenius {
                throw ValidationError("--online cannot be combined with --guided, --keywords, --restarts or another --loss")
            }
        }
    }

    /// The terms of topics: words alone, counted for Kullback–Leibler, TF-IDF for Frobenius; or those of `--features`.
    func extractor(articleCount: Int) throws -> ComponentConfiguration {
        if let named = features.flatMap({ [ComponentConfiguration](hyperparameterValue: .text($0)) })?.first {
            let entries = CommandEnvironment.current.registry.featureExtractors
            guard let entry = entries[named.component] else {
                throw ConfigurationError.unknownComponent(
                    named.component, stage: "feature extractor", known: Array(entries.keys))
            }
            return try entry.make(named.parameters).configuration
        }
        let least = minimumArticles ?? min(5, max(1, articleCount / 100))
        var values: [String: HyperparameterValue] = [
            "wordNgrams": .text("1-1"), "minimumDocumentFrequency": .integer(least),
            "maximumDocumentFrequency": .number(articleCount < 10 ? 1 : 0.5), "maximumFeatures": .integer(terms),
            "minimumWordLength": .integer(2), "stopWords": .text(keepStopWords ? "none" : "english"),
        ]
        if loss == .kullbackLeibler {
            values["sublinear"] = .boolean(false)
            values["useIDF"] = .boolean(false)
            values["normalization"] = .text("none")
        }
        return ComponentConfiguration("tfidf", values)
    }

    func parameters(topics: Int, isGuided: Bool) -> NMFParameters {
        var parameters = NMFParameters()
        parameters.topics = topics
        parameters.loss = loss
        parameters.precision = precision
        parameters.maximumIterations = maximumIterations
        parameters.initialization = isGuided ? .guided : .nndsvda
        parameters.guidance = guidance
        return parameters
    }
}
