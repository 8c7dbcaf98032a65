import ArgumentParser
import Evaluation
import ModelSelection
import TextClassification

struct CrossValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crossvalidate",
        abstract: "Measure a recipe by cross-validation: every article is predicted by a model that was fitted without it.",
        discussion: """
            Folds are stratified by label (for several labels by iterative stratification, Sechidis et al. 2011); exact and near duplicates \
            stay in one fold. Vocabulary, weights, calibration and thresholds are learnt anew in every fold.

            EXAMPLES
              sectorkit crossvalidate --seeds seeds
              sectorkit crossvalidate --seeds train.jsonl --folds 10 --set inverseRegularization=30 --json
            """)

    @Option(help: ArgumentHelp("Labelled articles; may be repeated.", valueName: "file|folder"))
    var seeds: [String] = []

    @Option(help: "The number of folds.")
    var folds = 5

    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var input: InputOptions
    @OptionGroup var run_: RunOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if seeds.isEmpty { throw ValidationError("crossvalidate wants labelled articles: --seeds FILE") }
        if !(2...100 ~= folds) { throw ValidationError("--folds wants a number from 2 to 100") }
    }

    func run() throws {
        let seeds = try SeedsInput(self.seeds, options: input)
        let corpus = try seeds.corpus(task: recipe.task)
        let pipeline = try recipe.pipeline()
        let assigner = StandardFolds(threadCount: run_.threadCount)
        let log = TrainingLog()
        let outcome = try Interrupts.handled { isInterrupted in
            try CrossValidation(foldCount: folds, assigner: assigner).outcome(
                of: pipeline, on: corpus,
                context: TrainingContext(
                    seed: run_.seed, threadCount: run_.threadCount, foldAssigner: assigner, report: log.report,
                    isCancelled: isInterrupted))
        }
        Console.clearProgress()
        let report = EvaluationReport(
            targets: corpus.targets, probabilities: outcome.probabilities, decisions: outcome.decisions, labels: corpus.labels)
        if json {
            try StandardOutput().print(JSONText.encoded(report))
        } else {
            try StandardOutput().print(
                "\(outcome.foldCount)-fold cross-validation of recipe \(pipeline.recipe.name)\n\(report.textTable)")
        }
        if !seeds.isComplete { throw Failure(nil, code: Failure.Code.badData) }
    }
}
