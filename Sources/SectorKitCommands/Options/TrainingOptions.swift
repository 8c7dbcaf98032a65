import ArgumentParser
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

    /// Fits a pipeline to the articles, which are not kept beside the corpus, in a way that Ctrl-C can stop and that shows on a terminal how far it is.
    ///
    /// - Parameter usualRecipe: the recipe where none is named; the first of the registry without.
    func fit<Result>(
        usualRecipe: String? = nil,
        _ body: (_ pipeline: Pipeline, _ corpus: Corpus, _ context: TrainingContext, _ log: TrainingLog) throws -> Result
    ) throws -> (result: Result, articles: LabelledArticles) {
        // What is wrong with the options is told before the data is read.
        let (pipeline, task, definitions) = try recipe.pipeline(usual: usualRecipe)
        var articles = try LabelledArticles(seeds, options: input, threads: threads.count)
        let corpus =
            try definitions.flatMap { seeds.isEmpty ? Corpus(withoutArticles: $0, task: task) : nil }
            ?? articles.trainingCorpus(task: task, labels: definitions?.labels)
        articles.removeArticles()
        let log = TrainingLog()
        let context = TrainingContext(
            seed: seed, threadCount: threads.count, foldAssigner: foldAssigner, report: log.report,
            isCancelled: { Interrupts.isPending })
        let result = try Interrupts.during(.cancellable) { try body(pipeline, corpus, context, log) }
        Console.clearProgress()
        return (result, articles)
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
