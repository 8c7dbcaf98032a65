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
              sectorkit evaluate --data test.jsonl --threshold 0.5 --threshold trade=0.3
            """)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Labelled articles: one or several, - for standard input.", valueName: "file|folder"),
        completion: .file())
    var data: [String]

    @OptionGroup(title: "MODEL") var model: ModelOptions
    @OptionGroup(title: "DECISION") var decision: DecisionOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Leave out labels of the data that the model does not know, instead of failing.")
    var ignoreUnknownLabels = false

    @OptionGroup var resampling: ResamplingOptions

    @Option(
        help: ArgumentHelp(
            "Where to write a page to look at: figures, curves, confusions, mistakes with what misled the model, a threshold to try. It "
                + "holds texts of the articles.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(help: ArgumentHelp("How many mistakes the page shows.", valueName: "n"))
    var reportMistakes = 20

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if !(0...10_000 ~= reportMistakes) { throw ValidationError("--report-mistakes wants a number from 0 to 10000") }
    }

    func run() throws {
        if let path = self.report { try AtomicFile.check(path) }
        let model = try self.model.load()
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
        if let path = self.report {
            let page = EvaluationPage(
                report, of: model, named: "\(try self.model.path()) on \(self.data.joined(separator: ", "))", on: corpus,
                metrics: metrics, thresholds: override.map(\.thresholds) ?? model.decisionRule.thresholds,
                mistakeCount: reportMistakes)
            try AtomicFile.write(Array(try page.html.utf8), to: path)
        }
        try StandardOutput().print(json ? report.json() : report.textTable)
        try data.requireComplete()
    }
}
