import ArgumentParser
import Evaluation
import HTMLReports
import TextClassification

struct EvaluateCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on labelled articles.",
        discussion: """
            The articles must be others than those the model was trained on, or the figures are worth nothing; `sectorkit crossvalidate` \
            measures with the training articles alone. A label that nobody judged on an article (`unjudged`) does not count there.

            EXAMPLES
              sectorkit evaluate --data test.jsonl
              sectorkit evaluate --model m.sectorkit --data test.csv --json
              sectorkit evaluate --data test.jsonl --report page.html
              sectorkit evaluate --data t.jsonl --report p.html --learning-curve c.json
              sectorkit evaluate --data test.jsonl --threshold 0.5 --threshold trade=0.3
              sectorkit evaluate --model a.sectorkit --against b.sectorkit --data t.jsonl
            """)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Labelled articles: one or several, - for standard input.", valueName: "file|folder"),
        completion: .file())
    var data: [String]

    @OptionGroup(title: "MODEL") var model: ModelOptions

    @Option(
        help: ArgumentHelp("A second model, to be compared on the same articles; its own rule decides.", valueName: "file"),
        completion: .file(extensions: ["sectorkit"]))
    var against: String?

    @OptionGroup(title: "DECISION") var decision: DecisionOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Leave out labels of the data that the model does not know, instead of failing.")
    var ignoreUnknownLabels = false

    @OptionGroup var resampling: ResamplingOptions

    @OptionGroup var page: PageOptions

    @Option(
        help: ArgumentHelp(
            "A learning curve for the page, as `crossvalidate --learning-curve --json` prints it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var learningCurve: String?

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if learningCurve != nil, page.report == nil {
            throw ValidationError("--learning-curve is for the page: say --report, too")
        }
    }

    func run() throws {
        try page.check()
        let model = try self.model.load()
        let curve = try learningCurve.map { try LearningCurveFigures(file: $0, labels: model.labels) }
        let override = try decision.override(for: model)
        let data = try LabelledArticles(self.data, options: input)
        let corpus = try data.testCorpus(for: model, ignoringUnknownLabels: ignoreUnknownLabels)
        var predictions = try model.predictions(for: corpus.articles, threadCount: threads.count)
        override?.apply(to: &predictions)
        let metrics = Metrics(
            targets: corpus.targets, probabilities: predictions.probabilities, decisions: predictions.decisions)
        var report = EvaluationReport(
            metrics, labels: corpus.labels,
            bootstrap: resampling.bootstrap(threadCount: threads.count))
        if let sets = model.decisionRule.predictionSets {
            report.predictionSets = PredictionSetReport(
                metrics,
                unsure: sets.unsure(probabilities: predictions.probabilities, decisions: predictions.decisions),
                coverage: sets.coverage, labels: corpus.labels)
        }
        if let against {
            report.comparison = try comparison(with: against, of: model, metrics, corpus)
        }
        try page.write {
            var mistakes = WorstMistakes(limit: page.reportMistakes)
            mistakes.add(corpus, metrics, of: model)
            return try EvaluationPage(
                title: "\(try self.model.path()) on \(self.data.joined(separator: ", "))", report: report, metrics: metrics,
                labels: corpus.labels, thresholds: override.map(\.thresholds) ?? model.decisionRule.thresholds,
                mistakes: mistakes.described, mistakeCount: mistakes.count, learningCurve: curve
            ).content
        }
        try StandardOutput().print(json ? report.json() : report.textTable)
        try data.requireComplete()
    }

    /// The comparison with another model, whose labels must be the same; they may stand in another order.
    private func comparison(
        with path: String, of model: PipelineModel, _ metrics: Metrics, _ corpus: Corpus
    ) throws -> ComparisonReport {
        let other = try PipelineModel(ModelFile(path: path), registry: CommandEnvironment.current.registry)
        guard Set(other.labels) == Set(model.labels), other.task == model.task else {
            throw Failure(
                "\(path) cannot be compared: it gives \(other.labels.joined(separator: ", ")) (\(other.task.rawValue)), the other model "
                    + "\(model.labels.joined(separator: ", ")) (\(model.task.rawValue))", code: Failure.Code.badData)
        }
        let predictions = try other.predictions(for: corpus.articles, threadCount: threads.count)
        let positions = model.labels.compactMap { other.labels.position(of: $0) }
        func reordered<Value>(_ values: [Value]) -> [Value] {
            (0..<corpus.count).flatMap { article in positions.map { values[article * positions.count + $0] } }
        }
        let its = Metrics(
            targets: corpus.targets, probabilities: reordered(predictions.probabilities),
            decisions: reordered(predictions.decisions))
        return ComparisonReport(
            try self.model.path(), metrics, path, its,
            bootstrap: resampling.bootstrap(threadCount: threads.count)
                ?? Bootstrap(resampleCount: 1000, threadCount: threads.count))
    }
}
