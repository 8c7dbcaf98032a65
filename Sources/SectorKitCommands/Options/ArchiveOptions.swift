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

    func validate() throws {
        if archive.isEmpty, !settings.isEmpty { throw ValidationError("--archive-set wants an --archive") }
    }

    var isUsed: Bool { !archive.isEmpty }

    /// The hyper-parameters, with the settings applied.
    func parameters() throws -> SemiSupervisedParameters {
        var values: [String: HyperparameterValue] = [:]
        for setting in settings {
            guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
                throw ConfigurationError.malformedSetting(setting)
            }
            values[String(setting[..<equals])] = .text(String(setting[setting.index(after: equals)...]))
        }
        return try SemiSupervisedParameters(values, component: "archive")
    }

    /// Reads the texts of all archive articles, block by block: labels and fields that are not needed take no memory.
    func articles(options: InputOptions, context: TrainingContext) throws -> ArticleBatch {
        context.report(.phase("reading the archive"))
        var articles = ArticleBatch()
        var problemCount = 0
        for path in archive {
            if path == "-" { Console.announceReading("articles of the archive") }
            let reader = try ArticleBlockReader(ArticleInput(argument: path), options: options.readingOptions(readsLabels: false))
            var block = ArticleBlock()
            while try reader.next(into: &block) {
                try context.checkCancellation()
                if let problem = block.problems.first {
                    if options.strict { throw Failure("\(problem)", code: Failure.Code.badData) }
                    if problemCount == 0 { Console.warn("\(problem)") }
                }
                problemCount += block.problems.count
                articles.append(block.batch, at: 0..<block.count)
            }
        }
        if problemCount > 1 { Console.warn("\(counted(problemCount, "bad record")) of the archive left out") }
        return articles
    }
}
