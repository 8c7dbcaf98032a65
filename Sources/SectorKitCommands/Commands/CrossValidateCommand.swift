import ArgumentParser
import Evaluation
import ModelSelection
import TextClassification

struct CrossValidateCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "crossvalidate",
        abstract: "Measure a recipe by cross-validation: every article is predicted by a model that was fitted without it.",
        discussion: """
            Folds are stratified by label (for several labels by iterative stratification, Sechidis et al. 2011); exact and near duplicates \
            stay in one fold. Vocabulary, weights, calibration and thresholds are learnt anew in every fold.

            EXAMPLES
              sectorkit crossvalidate --seeds seeds
              sectorkit crossvalidate --seeds a.jsonl b.csv --recipe words-and-characters
              sectorkit crossvalidate --seeds a.jsonl --folds 10 --set wordNgrams=1-3 --json
            """)

    @Option(help: ArgumentHelp("The number of folds.", valueName: "n"))
    var folds = 5

    @OptionGroup var training: TrainingOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup var resampling: ResamplingOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if !(2...100 ~= folds) { throw ValidationError("--folds wants a number from 2 to 100") }
    }

    func run() throws {
        try Interrupts.handled {
            let (measured, articles) = try training.fit { pipeline, corpus, context, _ in
                let outcome = try CrossValidation(foldCount: folds, assigner: training.foldAssigner)
                    .outcome(of: pipeline, on: corpus, context: context)
                let metrics = Metrics(
                    targets: corpus.targets, probabilities: outcome.probabilities, decisions: outcome.decisions)
                var report = EvaluationReport(
                    metrics, labels: corpus.labels,
                    bootstrap: resampling.bootstrap(threadCount: context.threadCount))
                if let unsure = outcome.unsure, let coverage = outcome.coverage {
                    report.predictionSets = PredictionSetReport(
                        metrics, unsure: unsure, coverage: coverage, labels: corpus.labels)
                }
                return (report, "\(outcome.foldCount)-fold cross-validation of recipe \(pipeline.recipe.name)\n")
            }
            let (report, heading) = measured
            try StandardOutput().print(json ? report.json() : heading + report.textTable)
            try articles.requireComplete()
        }
    }
}
