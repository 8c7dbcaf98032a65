import ArgumentParser
import CorpusFormats
import Evaluation
import TextClassification

/// What every command that trains wants to know.
struct TrainingOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Labelled articles: one or several, - for standard input.", valueName: "file|folder"),
        completion: .file())
    var seeds: [String] = []

    @OptionGroup(title: "RECIPE") var recipe: RecipeOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if seeds.isEmpty, recipe.keywords == nil {
            throw ValidationError("Missing expected argument '--seeds <file|folder> ...'")
        }
    }

    /// How duplicates are kept together and labels spread, here and inside of training.
    var foldAssigner: StandardFolds { StandardFolds(threadCount: threads.count) }

    /// The definitions of the labels, from --keywords or from a file like sectors.json among the seeds.
    func definitions() throws -> LabelDefinitions? {
        try separated().recipe.keywords.map { try LabelDefinitionReader().read(path: $0) }
    }

    /// The seeds, and the recipe with the keywords that stand among them.
    private func separated() -> (seeds: [String], recipe: RecipeOptions) {
        var (seeds, recipe) = (seeds, recipe)
        guard recipe.keywords == nil,
            let place = seeds.firstIndex(where: { path in
                path.hasSuffix(".json") && (try? LabelDefinitionReader().read(path: path)) != nil
            })
        else { return (seeds, recipe) }
        recipe.keywords = seeds.remove(at: place)
        return (seeds, recipe)
    }

    /// What there is to fit with.
    struct Fitting {
        let pipeline: Pipeline
        fileprivate(set) var corpus: Corpus
        /// The date of each article of the corpus.
        fileprivate(set) var dates: [String?]
        let context: TrainingContext
        /// Keeps duplicates together, and articles of the same group.
        let assigner: StandardFolds
        let log: TrainingLog

        /// The corpus, which is not kept here.
        fileprivate mutating func takeCorpus() -> Corpus {
            var taken = Corpus(
                identifiers: [], articles: ArticleBatch(), labels: corpus.labels,
                targets: Targets(task: corpus.targets.task, labelCount: corpus.labels.count))
            swap(&taken, &corpus)
            dates = []
            return taken
        }
    }

    /// Fits a pipeline to the articles, which are not kept beside the corpus, in a way that Ctrl-C can stop and that shows on a terminal how far it is.
    /// The corpus is given to `body`, and not kept either.
    ///
    /// - Parameters:
    ///   - usualRecipe: the recipe where none is named; the first of the registry without.
    ///   - keepsKeywords: whether keywords are for the archive, not for the recipe's components.
    func fit<Result>(
        usualRecipe: String? = nil, keepsKeywords: Bool = false,
        _ body: (_ pipeline: Pipeline, _ corpus: consuming Corpus, _ context: TrainingContext, _ log: TrainingLog) throws ->
            Result
    ) throws -> (result: Result, articles: LabelledArticles) {
        var (fitting, articles) = try fitting(usualRecipe: usualRecipe, keepsKeywords: keepsKeywords, groupField: nil)
        let result = try Interrupts.during(.cancellable) {
            try body(fitting.pipeline, fitting.takeCorpus(), fitting.context, fitting.log)
        }
        Console.clearProgress()
        return (result, articles)
    }

    /// The same with articles of the same value in a field kept together wherever they are divided.
    func fit<Result>(
        groupField: String?, _ body: (Fitting) throws -> Result
    ) throws -> (result: Result, articles: LabelledArticles) {
        let (fitting, articles) = try fitting(groupField: groupField)
        let result = try Interrupts.during(.cancellable) { try body(fitting) }
        Console.clearProgress()
        return (result, articles)
    }

    /// Reads the articles, and lets go of what is not in the corpus.
    private func fitting(
        usualRecipe: String? = nil, keepsKeywords: Bool = false, groupField: String?
    ) throws -> (fitting: Fitting, articles: LabelledArticles) {
        // What is wrong with the options is told before the data is read.
        let (seeds, recipe) = separated()
        let (pipeline, task, definitions) = try recipe.pipeline(usual: usualRecipe, keepsKeywords: keepsKeywords)
        var articles = try LabelledArticles(seeds, options: input, threads: threads.count, groupField: groupField)
        let corpus =
            try definitions.flatMap { seeds.isEmpty ? Corpus(withoutArticles: $0, task: task) : nil }
            ?? articles.trainingCorpus(task: task, labels: definitions?.labels)
        var assigner = foldAssigner
        if groupField != nil { assigner.groups = try articles.groups() }
        let dates = articles.labelledDates
        articles.removeArticles()
        let log = TrainingLog()
        let context = TrainingContext(
            seed: seed, threadCount: threads.count, foldAssigner: assigner, report: log.report,
            isCancelled: { Interrupts.isPending })
        let fitting = Fitting(
            pipeline: pipeline, corpus: consume corpus, dates: consume dates, context: context, assigner: assigner, log: log)
        return (consume fitting, articles)
    }
}

extension Corpus {
    /// A corpus of no article, for labels that keywords define.
    fileprivate init(withoutArticles definitions: LabelDefinitions, task: TaskChoice) {
        self.init(
            identifiers: [], articles: ArticleBatch(), labels: definitions.labels,
            targets: Targets(task: task == .single ? .single : .multi, labelCount: definitions.count))
    }
}
