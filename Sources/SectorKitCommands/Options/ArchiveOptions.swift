import ArgumentParser
import CorpusFormats
import SemiSupervised
import TextClassification

/// The archive of unlabelled articles that training may learn from.
struct ArchiveOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Unlabelled articles to learn from as well: one or several, - for standard input. (default recipe then: few-labels)",
            valueName: "file|folder"),
        completion: .file())
    var archive: [String] = []

    @Option(
        name: .customLong("archive-set"),
        help: ArgumentHelp(
            "Set a hyper-parameter of training with an archive, such as window=30; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "Word vectors that `sectorkit vectors fit` made, instead of fitting them to the archive.", valueName: "file"),
        completion: .file(extensions: ["vectors"]))
    var vectors: String?

    func validate() throws {
        if archive.isEmpty, !settings.isEmpty { throw ValidationError("--archive-set wants an --archive") }
        guard vectors != nil else { return }
        if archive.isEmpty { throw ValidationError("--vectors wants an --archive: the articles to learn from") }
        let fixed = Set(ArchiveVectors.Parameters.schema.map(\.name))
        if let setting = settings.first(where: { fixed.contains(String($0.prefix { $0 != "=" })) }) {
            throw ValidationError("--archive-set \(setting) is for fitting vectors, and --vectors brings them fitted")
        }
    }

    var isUsed: Bool { !archive.isEmpty }

    /// The hyper-parameters, with the settings applied.
    func parameters() throws -> SemiSupervisedParameters {
        try SemiSupervisedParameters(settings: settings, component: "archive")
    }

    /// Reads the texts of all archive articles, block by block: labels and fields that are not needed take no memory.
    func articles(options: InputOptions, context: TrainingContext) throws -> ArticleBatch {
        var articles = ArticleBatch()
        try eachBlock(options, context) { articles.append($0.batch, at: 0..<$0.count) }
        return articles
    }

    /// Reads the archive once: keeps articles to learn from, at most as many as the parameters say, and gives the vectors, which are fitted to all,
    /// the labelled ones included where they are given, unless a file has them.
    func collected(
        _ corpus: Corpus?, _ parameters: SemiSupervisedParameters, options: InputOptions, temporaryDirectory: String,
        context: TrainingContext
    ) throws -> (sample: ArchiveSample, vectors: ArchiveVectorsModel) {
        var sample = ArchiveSample(limit: parameters.maximumArticles)
        if let vectors {
            let file = try ArchiveVectorsFile(path: vectors)
            try eachBlock(options, context) { sample.append($0.batch) }
            context.report(
                .note("word vectors of \(file.articleCount) articles, digest \(file.archiveDigest), fitted before (--vectors)"))
            return (sample, file.vectors)
        }
        var memory = ArchiveFitter.Memory()
        memory.directory = temporaryDirectory
        var fitter = ArchiveFitter(ArchiveVectors(parameters.vectors), memory: memory)
        if let corpus { try fitter.append(corpus.articles) }
        try eachBlock(options, context) { block in
            sample.append(block.batch)
            try fitter.append(block.batch)
        }
        return (sample, try fitter.fitted(context: context).model)
    }

    private func eachBlock(
        _ options: InputOptions, _ context: TrainingContext, _ body: (ArticleBlock) throws -> Void
    ) throws {
        context.report(.phase("reading the archive"))
        let problemCount = try ArchiveReading(paths: archive, options: options, context: context).eachBlock(body)
        if problemCount > 1 { Console.warn("\(counted(problemCount, "bad record")) of the archive left out") }
    }
}

/// Articles without labels that are read block by block and not kept.
struct ArchiveReading {
    let paths: [String]
    let options: InputOptions
    let context: TrainingContext

    /// Calls `body` with the articles. The first bad record is reported, or is an error where that is asked for.
    /// - Returns: how many records were bad.
    func eachBlock(_ body: (ArticleBlock) throws -> Void) throws -> Int {
        var problemCount = 0
        for path in paths {
            if path == "-" { Console.announceReading("articles of the archive") }
            let inside = path + "/articles.jsonl"
            let reader = try ArticleBlockReader(
                Files.exists(inside) ? .path(inside) : ArticleInput(argument: path),
                options: options.readingOptions(readsLabels: false))
            var block = ArticleBlock()
            while try reader.next(into: &block) {
                try context.checkCancellation()
                if let problem = block.problems.first {
                    if options.strict { throw Failure("\(problem)", code: Failure.Code.badData) }
                    if problemCount == 0 { Console.warn("\(problem)") }
                }
                problemCount += block.problems.count
                try body(block)
            }
        }
        return problemCount
    }
}
