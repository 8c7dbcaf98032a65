import ArgumentParser
import CorpusFormats
import HTMLReports
import LinearAlgebra
import TextClassification
import TopicModels

struct TopicsFitCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit topics to an archive.",
        discussion: """
            Reads what the other commands read; labels are used with --guided alone. Of several numbers of topics the one is kept that has \
            the best coherence times diversity, and every number is shown with its measures.

            EXAMPLES
              sectorkit topics fit archive.jsonl --topics 40 -o a.topics --html a.html
              sectorkit topics fit archive.jsonl --topics 10,20,40 -o a.topics
              sectorkit topics fit seeds --guided --topics 12 -o s.topics
              sectorkit topics fit huge.jsonl.gz --online -o h.topics
              sectorkit topics fit a.jsonl --plugin libStems.so --features word-stems
            """)

    @Argument(help: "Files or folders with articles; standard input without any, or for `-`.", completion: .file())
    var files: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the topics.", valueName: "file"), completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("Where to write a page to look at.", valueName: "file"), completion: .file(extensions: ["html"]))
    var html: String?

    @Flag(help: "Print the topics as JSON.")
    var json = false

    @OptionGroup(title: "TOPICS") var options: TopicsFitOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if options.online, files.isEmpty || files.contains("-") {
            throw ValidationError("--online reads its input twice: name files")
        }
    }

    func run() throws {
        try Interrupts.handled {
            if let output { try AtomicFile.check(output) }
            if let html { try PageProgram.check(html) }
            let log = TrainingLog()
            let context = TrainingContext(
                seed: seed, threadCount: threads.count, report: log.report, isCancelled: { Interrupts.isPending })
            let (archive, problemCount) = try Interrupts.during(.cancellable) {
                try options.online
                    ? OnlineTopicsFit(paths: files, input: input, options: options, context: context).run()
                    : TopicsFit(paths: files.isEmpty ? ["-"] : files, input: input, options: options, context: context).run()
            }
            Console.clearProgress()
            try Interrupts.during(.finishing) {
                if Interrupts.isPending { throw TrainingError.cancelled }
                if let output { try archive.write(to: output) }
                if let html { try PageProgram.write(TopicPage(archive.report).content, to: html) }
            }
            let text = TopicText(archive.report)
            try StandardOutput().print(json ? JSONText.encoded(archive.report) : text.comparison + text.topics(termCount: 8))
            if problemCount > 0 {
                throw Failure(
                    "\(counted(problemCount, "bad record")) left out; the others were used", code: Failure.Code.badData)
            }
        }
    }
}

/// A fit of topics to articles that are all in memory.
struct TopicsFit {
    let paths: [String]
    let input: InputOptions
    let options: TopicsFitOptions
    let context: TrainingContext

    func run() throws -> (archive: TopicArchive, problemCount: Int) {
        let (articles, problemCount) = try TopicInput.read(paths, input, readsLabels: options.guided)
        guard !articles.isEmpty else { throw TrainingError.emptyCorpus }
        let configuration = try options.extractor(articleCount: articles.count)
        context.report(.phase("terms"))
        let (extractor, rows) = try TopicInput.features(of: ArticleBatch(articles), configuration, context)
        let guides = try guides(articles, extractor)
        let sequences = TopicInput.sequences(articles, extractor, threads: context.threadCount)
        let reference = try options.reference.map { try TopicInput.reference($0, input, extractor, threads: context.threadCount) }
        var fits: [MeasuredTopics] = []
        for count in options.topics.counts {
            try context.checkCancellation()
            fits.append(try fit(count, rows, guides, sequences, reference))
        }
        let qualities = fits.map(\.quality)
        let choice = TopicCountQuality.recommendation(among: qualities)
        let chosen = fits.first { $0.model.topicCount == choice?.topicCount } ?? fits[0]
        let report = TopicReport(
            chosen, articles: DescribedArticles(articles), termName: extractor.featureName, guides: guides.map(\.name),
            compared: qualities, reasons: fits.count > 1 ? choice?.reasons ?? [] : [])
        return (
            TopicArchive(
                featureExtractor: extractor, configuration: configuration, plugins: TopicInput.plugins(of: configuration),
                model: chosen.model, report: report,
                training: .init(articleCount: articles.count, labelCounts: [], seed: context.seed, dataDigest: "")), problemCount
        )
    }

    private func fit(
        _ count: Int, _ rows: SparseMatrix, _ guides: [TopicGuide], _ sequences: [[Int32]],
        _ reference: TopicReference?
    ) throws -> MeasuredTopics {
        context.report(.phase("\(count) topics"))
        let estimator = NMF(options.parameters(topics: count, isGuided: !guides.isEmpty))
        let (model, factorization) = try estimator.fitted(to: rows, guides: guides, context: context)
        var restarts: [[[Int]]] = []
        if options.restarts > 0 {
            restarts.append(model.topTerms(count: 10))
            var parameters = estimator.parameters
            parameters.initialization = .random
            for restart in 0..<options.restarts {
                context.report(.phase("\(count) topics, restart \(restart + 1)"))
                var own = context
                own.seed = context.seed &+ UInt64(restart) &+ 1
                own.report = { _ in }
                restarts.append(
                    try NMF(parameters).fitted(to: rows, guides: [], context: own).model.topTerms(count: 10))
            }
        }
        return MeasuredTopics(
            model, rows: rows, divergence: factorization.divergence, iterations: factorization.iterations,
            converged: factorization.converged, sequences: sequences, restarts: restarts, reference: reference,
            threadCount: context.threadCount)
    }

    /// A guide for every label, from the labelled articles and from keywords.
    private func guides(_ articles: [Article], _ extractor: any FeatureExtractorModel) throws -> [TopicGuide] {
        var guides: [TopicGuide] = []
        func place(of name: String) -> Int {
            if let place = guides.firstIndex(where: { $0.name == name }) { return place }
            guides.append(TopicGuide(name: name))
            return guides.count - 1
        }
        if let keywords = options.keywords {
            for label in try LabelDefinitionReader().read(path: keywords) {
                let place = place(of: label.name)
                for keyword in label.keywords {
                    let terms = extractor.occurrences(in: Article(text: keyword)).map(\.feature)
                    guides[place].terms += terms.filter { !guides[place].terms.contains($0) }
                }
            }
        }
        if options.guided {
            for name in Set(articles.flatMap { $0.labels ?? [] }).sorted() { _ = place(of: name) }
            for (position, article) in articles.enumerated() {
                guard let labels = article.labels else { continue }
                for label in Set(labels).sorted() { guides[place(of: label)].articles.append(position) }
                let open = Set(labels).union(article.unjudged)
                for place in guides.indices where !open.contains(guides[place].name) { guides[place].excluded.append(position) }
            }
            if guides.allSatisfy(\.articles.isEmpty) {
                throw Failure("--guided wants labelled articles, and none has a label", code: Failure.Code.badData)
            }
        }
        return guides
    }
}

/// Articles as topics need them.
enum TopicInput {
    /// All articles of the inputs. Bad records are reported.
    static func read(
        _ paths: [String], _ input: InputOptions, readsLabels: Bool
    ) throws -> (articles: [Article], problemCount: Int) {
        var articles: [Article] = []
        var problemCount = 0
        for path in paths {
            if path == "-" { Console.announceReading("articles") }
            let inside = path + "/articles.jsonl"
            // Dates are read with labels; a folder of texts that has none of them is read without.
            let isFolderOfTexts = !readsLabels && Files.isFolder(path) && !Files.exists(inside)
            let reader = ArticleReader(
                options: input.readingOptions(readsLabels: !isFolderOfTexts),
                policy: input.strict ? .strict : .skip(maximumProblems: 20))
            let read = try reader.read(Files.exists(inside) ? .path(inside) : ArticleInput(argument: path))
            for problem in read.problems { Console.warn("\(problem)") }
            problemCount += read.problemCount
            articles += read.articles
        }
        return (articles, problemCount)
    }

    /// The fitted extractor of a configuration, with the rows.
    static func features(
        of articles: ArticleBatch, _ configuration: ComponentConfiguration, _ context: TrainingContext
    ) throws -> (model: any FeatureExtractorModel, rows: SparseMatrix) {
        func open<Extractor: FeatureExtractor>(_ extractor: Extractor) throws -> (any FeatureExtractorModel, SparseMatrix) {
            try extractor.fittedExtracting(articles, context: context)
        }
        guard let entry = CommandEnvironment.current.registry.featureExtractors[configuration.component] else {
            throw Failure("this program has no feature extractor \(configuration.component)", code: Failure.Code.usage)
        }
        return try open(entry.make(configuration.parameters))
    }

    /// The plugin that an extractor comes from.
    static func plugins(of configuration: ComponentConfiguration) -> [PluginRecord] {
        [CommandEnvironment.current.registry.featureExtractors[configuration.component]?.plugin].compactMap(\.self)
    }

    /// The articles that coherence is measured in. Bad records are reported, and left out.
    static func reference(
        _ path: String, _ input: InputOptions, _ extractor: any FeatureExtractorModel, threads: Int
    ) throws -> TopicReference {
        let (articles, _) = try read([path], input, readsLabels: false)
        guard !articles.isEmpty else {
            throw Failure("\(path) has no article to measure coherence in", code: Failure.Code.badData)
        }
        return TopicReference(
            rows: extractor.rows(of: ArticleBatch(articles), threadCount: threads),
            sequences: sequences(articles, extractor, threads: threads))
    }

    /// For each article its terms in their order.
    static func sequences(_ articles: [Article], _ extractor: any FeatureExtractorModel, threads: Int) -> [[Int32]] {
        let chunk = 64
        return parallelMap(count: (articles.count + chunk - 1) / chunk, threads: threads) { index in
            articles[index * chunk..<min(articles.count, (index + 1) * chunk)].map { article in
                extractor.occurrences(in: article).map { Int32($0.feature) }
            }
        }.flatMap { $0 }
    }
}
