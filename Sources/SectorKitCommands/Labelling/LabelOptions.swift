import ArgumentParser
import CorpusFormats
import SemiSupervised
import TextClassification

/// What labelling works on: the archive, articles that are labelled already, and the labels.
struct LabellingOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The articles to label: one or several files or folders.", valueName: "file|folder"),
        completion: .file())
    var archive: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Articles that are labelled already; a folder's sectors.json gives the labels.", valueName: "file|folder"),
        completion: .file())
    var seeds: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The labels. (default: those of the seeds, or of the journal)", valueName: "name"))
    var label: [String] = []

    @Option(help: "One label an article (single), or any number (multi). (default: as the seeds have them, else multi)")
    var task: Corpus.TaskChoice?

    @Option(help: ArgumentHelp("After how many answers the classifier learns and chooses anew.", valueName: "n"))
    var batch = 5

    @Option(
        name: .customLong("archive-set"),
        help: ArgumentHelp(
            "Set a hyper-parameter of the word vectors, such as window=30; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "Word vectors that `sectorkit vectors fit` made, instead of fitting them to the archive.", valueName: "file"),
        completion: .file(extensions: ["vectors"]))
    var vectors: String?

    func validate() throws {
        if vectors != nil, !settings.isEmpty {
            throw ValidationError("--archive-set is for fitting vectors, and --vectors brings them fitted")
        }
        if archive.isEmpty { throw ValidationError("--archive wants the articles to label") }
        if archive.contains("-") { throw ValidationError("--archive wants a file: standard input is for answers") }
        if !(1...1000 ~= batch) { throw ValidationError("--batch wants a number from 1 to 1000") }
        if Set(label).count < label.count || label.contains("") { throw ValidationError("--label wants different names") }
    }

    /// Reads articles; those of an archive whose labels are of no use come without.
    func read(_ paths: [String], _ input: InputOptions, readsLabels: Bool) throws -> [Article] {
        let reader = ArticleReader(
            options: input.readingOptions(readsLabels: readsLabels), policy: input.strict ? .strict : .skip(maximumProblems: 5))
        return try paths.flatMap { path in
            let read = try reader.read(.path(try LabelledArticles.seedFolder(path).articles))
            for problem in read.problems { Console.warn("\(problem)") }
            if read.problemCount > read.problems.count {
                Console.warn("\(path): \(counted(read.problemCount - read.problems.count, "more bad record"))")
            }
            return read.articles
        }
    }

    /// The classifier, with the word vectors of the archive.
    func learner(
        _ articles: [Article], others: [Article], task: ClassificationTask, labelCount: Int, context: TrainingContext
    ) throws -> ActiveLearner {
        var options = ArchiveOptions()
        options.archive = archive
        options.settings = settings
        let batch = ArticleBatch(articles)
        let fitted =
            try vectors.map { try ArchiveVectorsFile(path: $0).vectors }
            ?? ArchiveVectors(try options.parameters().vectors).fitted(to: batch, context: context)
        defer { Console.clearProgress() }
        return try ActiveLearner(
            articles: batch, others: ArticleBatch(others), vectors: fitted, task: task, labelCount: labelCount, context: context)
    }
}
