import ArgumentParser
import Evaluation
import TextClassification

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on labelled articles.",
        discussion: """
            EXAMPLES
              sectorkit evaluate --data test.jsonl
              sectorkit evaluate --model m.sectorkit --data test.csv --json
              sectorkit evaluate --data test.jsonl --threshold 0.5
            """)

    @Option(help: ArgumentHelp("Labelled articles the model was not trained on; may be repeated.", valueName: "file|folder"))
    var data: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var input: InputOptions
    @OptionGroup var decision: DecisionOptions
    @OptionGroup var run_: RunOptions

    @Flag(help: "Leave out labels of the data that the model does not know, instead of failing.")
    var ignoreUnknownLabels = false

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if data.isEmpty { throw ValidationError("evaluate wants labelled articles: --data FILE") }
    }

    func run() throws {
        let model = try self.model.load()
        let seeds = try SeedsInput(data, options: input)
        let corpus = try Corpus(
            seeds.articles, labels: model.labels, task: model.task == .single ? .single : .multi,
            ignoringUnknownLabels: ignoreUnknownLabels)
        var predictions = model.predictions(for: corpus.articles, threadCount: run_.threadCount)
        try decision.override(for: model)?.apply(to: &predictions)
        let report = EvaluationReport(
            targets: corpus.targets, probabilities: predictions.probabilities, decisions: predictions.decisions,
            labels: corpus.labels)
        try StandardOutput().print(json ? JSONText.encoded(report) : report.textTable)
        if !seeds.isComplete { throw Failure(nil, code: Failure.Code.badData) }
    }
}
