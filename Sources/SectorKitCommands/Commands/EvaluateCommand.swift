import ArgumentParser
import Evaluation
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

    @Option(
        help: ArgumentHelp(
            "Resamples of the articles for 95 % intervals of the headline figures (bootstrap, BCa); 0 for none.", valueName: "n"))
    var bootstrap = 1000

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if !(0...1_000_000 ~= bootstrap) { throw ValidationError("--bootstrap wants a number from 0 to 1000000") }
    }

    func run() throws {
        let model = try self.model.load()
        let override = try decision.override(for: model)
        let data = try LabelledArticles(self.data, options: input)
        let corpus = try data.testCorpus(for: model, ignoringUnknownLabels: ignoreUnknownLabels)
        var predictions = try model.predictions(for: corpus.articles, threadCount: threads.count)
        override?.apply(to: &predictions)
        let report = EvaluationReport(
            targets: corpus.targets, probabilities: predictions.probabilities, decisions: predictions.decisions,
            labels: corpus.labels,
            bootstrap: bootstrap == 0 ? nil : Bootstrap(resampleCount: bootstrap, threadCount: threads.count))
        try StandardOutput().print(json ? report.json() : report.textTable)
        try data.requireComplete()
    }
}
