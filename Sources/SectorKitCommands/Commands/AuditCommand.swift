import ArgumentParser
import Evaluation
import ModelSelection
import TextClassification

struct AuditCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look for what is wrong with labelled articles.",
        discussion: """
            Told are: the same and nearly the same articles, and labels that contradict one another on them; labels that are likely to be \
            wrong, by models that did not see the article (confident learning, Northcutt et al. 2021); labels with too few articles; \
            bylines, agency tags and other words at the edge of articles that give a label away; and with --test, articles of the test that \
            stand, nearly so, among those for training. Nothing is changed: what to do is for a person to say.

            EXAMPLES
              sectorkit audit mine.jsonl
              sectorkit audit train.jsonl --test test.jsonl
              sectorkit audit mine.jsonl --recipe words-svm --json
              sectorkit audit huge.jsonl.gz --no-label-errors
            """)

    @Argument(help: "Labelled articles: files or folders, - for standard input.", completion: .file())
    var seeds: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Labelled articles for the test, to be compared with the others.", valueName: "file|folder"),
        completion: .file())
    var test: [String] = []

    @Flag(inversion: .prefixedNo, help: "Look for likely label errors, which takes a cross-validation.")
    var labelErrors = true

    @Option(help: ArgumentHelp("The number of folds of the cross-validation.", valueName: "n"))
    var folds = 5

    @Option(help: ArgumentHelp("How many findings of a kind to print; with --json all are.", valueName: "n"))
    var limit = 20

    @OptionGroup(title: "RECIPE") var recipe: RecipeOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var threads: ThreadOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if !(2...100 ~= folds) { throw ValidationError("--folds wants a number from 2 to 100") }
        if limit < 0 { throw ValidationError("--limit wants a number of at least 0") }
    }

    func run() throws {
        try Interrupts.handled {
            var (pipeline, task, definitions) = try recipe.pipeline()
            // Decisions are not looked at, and to learn their thresholds takes a cross-validation in every fold.
            if pipeline.recipe.calibrator.component == "link" {
                pipeline = try Pipeline(
                    pipeline.recipe.deciding(by: "fixed-threshold"), registry: CommandEnvironment.current.registry)
            }
            let training = try LabelledArticles(seeds, options: input)
            let tested = test.isEmpty ? nil : try LabelledArticles(test, options: input)
            let all = tested.map { training.joined(with: $0) } ?? training
            let corpus = try all.trainingCorpus(task: task, labels: definitions?.labels)
            let log = TrainingLog()
            let context = TrainingContext(
                seed: seed, threadCount: threads.count, foldAssigner: StandardFolds(threadCount: threads.count),
                report: log.report, isCancelled: { Interrupts.isPending })
            let probabilities = try labelErrors ? heldOut(pipeline, corpus, context) : nil
            let audit = Audit(
                of: corpus, probabilities: probabilities,
                isTest: tested.map { _ in
                    (0..<corpus.count).map { $0 >= training.labelledCount }
                }, threadCount: threads.count)
            Console.clearProgress()
            let summary = AuditSummary(audit, all, recipe: labelErrors ? pipeline.recipe.name : nil)
            try StandardOutput().print(json ? JSONText.encoded(summary) : summary.text(limit: limit))
            try all.requireComplete()
        }
    }

    /// The probabilities of every article by models that did not see it; `nil` where the articles cannot be divided.
    private func heldOut(_ pipeline: Pipeline, _ corpus: Corpus, _ context: TrainingContext) throws -> [Double]? {
        let assigner = StandardFolds(threadCount: threads.count)
        guard assigner.folds(of: corpus, foldCount: folds, seed: seed) != nil else {
            Console.warn("too few articles to hold some out: likely label errors are not looked for")
            return nil
        }
        return try Interrupts.during(.cancellable) {
            try CrossValidation(foldCount: folds, assigner: assigner).outcome(of: pipeline, on: corpus, context: context)
                .probabilities
        }
    }
}

extension Recipe {
    /// The same with another decision rule, at its defaults.
    fileprivate func deciding(by component: String) -> Recipe {
        var recipe = self
        recipe.decisionRule = ComponentConfiguration(component)
        return recipe
    }
}
