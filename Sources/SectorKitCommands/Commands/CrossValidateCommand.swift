import ArgumentParser
import Evaluation
import HTMLReports
import ModelSelection
import TextClassification

struct CrossValidateCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "crossvalidate",
        abstract: "Measure a recipe by cross-validation: every article is predicted by a model that was fitted without it.",
        discussion: """
            Folds are stratified by label (for several labels by iterative stratification, Sechidis et al. 2011); exact and near duplicates \
            stay in one fold, and with --group-by articles of the same outlet, author or whatever the field says. Vocabulary, weights, \
            calibration and thresholds are learnt anew in every fold.

            Intervals of 95 % have articles as units: other articles, the same training articles. With --repetitions the figures over all \
            splits get intervals that contain other training articles, too (Nadeau & Bengio 2003). --against compares with a second \
            recipe on the same splits. --learning-curve measures with parts of the articles, and says what more of them would bring. --report \
            writes a page of the predictions on articles held out, with the learning curve if there is one.

            EXAMPLES
              sectorkit crossvalidate --seeds seeds
              sectorkit crossvalidate --seeds a.jsonl --recipe words-svm --against words
              sectorkit crossvalidate --seeds a.jsonl --folds 10 --repetitions 5 --json
              sectorkit crossvalidate --seeds a.jsonl --group-by outlet
              sectorkit crossvalidate --seeds a.jsonl --split time --test-share 0.3
              sectorkit crossvalidate --seeds a.jsonl --learning-curve
              sectorkit crossvalidate --seeds a.jsonl --learning-curve --report page.html
            """)

    @OptionGroup(title: "SPLITS") var splits: SplitOptions

    @Option(
        help: ArgumentHelp(
            "A second recipe, its name or a JSON file, to be compared on the same splits; --set is for the first.",
            valueName: "name|file"),
        completion: .file())
    var against: String?

    @Flag(help: "Measure with growing parts of the articles, and say for each label what more would bring.")
    var learningCurve = false

    @OptionGroup var training: TrainingOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup var resampling: ResamplingOptions
    @OptionGroup var page: PageOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if learningCurve, splits.split != .folds || splits.repetitions > 1 || against != nil {
            throw ValidationError("--learning-curve takes folds, once, of one recipe")
        }
        if page.report != nil, splits.repetitions > 1 {
            throw ValidationError("--report shows every article once: it goes with one repetition")
        }
    }

    func run() throws {
        try Interrupts.handled {
            try page.check()
            var second: (pipeline: Pipeline, name: String)?
            if let against {
                var other = training.recipe
                (other.recipe, other.like, other.settings) = (against, nil, [])
                second = (try other.pipeline().pipeline, against)
            }
            let (output, articles) = try training.fit(groupField: splits.groupBy) { input in
                if learningCurve {
                    let curve = try LearningCurve(
                        of: input.pipeline, on: input.corpus, foldCount: splits.folds, assigner: input.assigner,
                        context: input.context)
                    if page.report != nil {
                        let plan = try plan(for: input)
                        _ = try measured(input, plan, against: nil, curve: LearningCurveFigures(curve))
                    }
                    return try json ? JSONText.encoded(curve) : curve.text
                }
                return try measured(input, try plan(for: input), against: second)
            }
            try StandardOutput().print(output)
            try articles.requireComplete()
        }
    }

    private func plan(for input: TrainingOptions.Fitting) throws -> SplitOptions.Plan {
        try splits.plan(input.corpus, dates: input.dates, assigner: input.assigner, seed: input.context.seed)
    }

    /// Column by column; `nil` for none.
    private func means(_ rows: [[Double]]) -> [Double]? {
        rows.first.map { first in first.indices.map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) } }
    }

    /// Measures on the splits, writes the page, and returns what is to be printed.
    private func measured(
        _ input: TrainingOptions.Fitting, _ plan: SplitOptions.Plan, against second: (pipeline: Pipeline, name: String)?,
        curve: LearningCurveFigures? = nil
    ) throws -> String {
        let (corpus, context) = (input.corpus, input.context)
        var mistakes = WorstMistakes(limit: page.reportMistakes)
        var thresholds: [[Double]] = []
        let outcomes = try SplitValidation(input.pipeline, on: corpus)
            .outcomes(of: plan.repetitions.flatMap { $0 }, context: context) { model, outcome in
                guard page.report != nil else { return }
                if let own = model.decisionRule.thresholds { thresholds.append(own) }
                mistakes.add(corpus.selecting(outcome.articles), outcome.metrics(corpus.targets), of: model)
            }
        // Of a repetition every article is one unit; over several it would be counted as many.
        let isRepeated = outcomes.count > 1 && !plan.isComplete
        let whole = Array(outcomes.prefix(isRepeated ? outcomes.count : plan.repetitions[0].count)).joined(of: corpus)
        let metrics = whole.metrics(corpus.targets)
        let bootstrap = resampling.bootstrap(threadCount: context.threadCount)
        var report = EvaluationReport(metrics, labels: corpus.labels, bootstrap: isRepeated ? nil : bootstrap)
        report.predictionSets = whole.predictionSets(metrics, labels: corpus.labels)
        if outcomes.count > 1, isRepeated || plan.repetitions.count > 1 {
            report.splits = SplitSummary(
                outcomes.map { outcome in
                    let metrics = outcome.metrics(corpus.targets)
                    return (metrics, outcome.predictionSets(metrics, labels: corpus.labels))
                }, testShare: plan.testShare)
        }
        if let second {
            let others = try SplitValidation(second.pipeline, on: corpus)
                .outcomes(of: plan.repetitions.flatMap { $0 }, context: context)
            let its = Array(others.prefix(isRepeated ? others.count : plan.repetitions[0].count)).joined(of: corpus)
            var comparison = ComparisonReport(
                input.pipeline.recipe.name, metrics, second.name, its.metrics(corpus.targets),
                bootstrap: bootstrap ?? Bootstrap(resampleCount: 1000, threadCount: context.threadCount))
            if outcomes.count > 1 {
                comparison.addSplits(
                    zip(outcomes, others).map { ($0.metrics(corpus.targets), $1.metrics(corpus.targets)) },
                    testShare: plan.testShare)
            }
            report.comparison = comparison
        }
        let heading = "\(plan.heading) of recipe \(input.pipeline.recipe.name)"
        try page.write {
            try EvaluationPage(
                title: "\(heading) on \(training.seeds.joined(separator: ", "))", report: report, metrics: metrics,
                labels: corpus.labels, thresholds: means(thresholds), mistakes: mistakes.described, mistakeCount: mistakes.count,
                learningCurve: curve
            ).content
        }
        return try json ? report.json() : "\(heading)\n" + report.textTable
    }
}
