import ArgumentParser
import Evaluation
import TextClassification

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model from labelled articles.",
        discussion: """
            Seeds are JSON Lines (id, title, text, labels, unjudged, date), CSV or TSV with a header, fastText lines, a folder of .txt \
            files with labels.csv, a folder with a folder a label, or a folder with articles.jsonl and sectors.json; gzip is read as it \
            is. An article without `labels` is not used; `"labels": []` says that no label applies. Nothing is written before training \
            is done, and the file is replaced in one step.

            EXAMPLES
              sectorkit train --seeds seeds --output models/sectors.sectorkit
              sectorkit train --seeds train.csv --text-field body --label-field topics --output news.sectorkit
              sectorkit train --seeds a.jsonl --seeds b.jsonl.gz --recipe words-and-characters --set inverseRegularization=30 -o m.sectorkit
            """)

    @Option(help: ArgumentHelp("Labelled articles; may be repeated.", valueName: "file|folder"))
    var seeds: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the model.", valueName: "file"))
    var output: String

    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var input: InputOptions
    @OptionGroup var run_: RunOptions

    @Flag(help: "Print what was trained as JSON.")
    var json = false

    func validate() throws {
        if seeds.isEmpty { throw ValidationError("train wants labelled articles: --seeds FILE") }
    }

    func run() throws {
        let seeds = try SeedsInput(self.seeds, options: input)
        let corpus = try seeds.corpus(task: recipe.task)
        let pipeline = try recipe.pipeline()
        let log = TrainingLog()
        var model = try Interrupts.handled { isInterrupted in
            try pipeline.fitted(
                to: corpus,
                context: TrainingContext(
                    seed: run_.seed, threadCount: run_.threadCount,
                    foldAssigner: StandardFolds(threadCount: run_.threadCount), report: log.report, isCancelled: isInterrupted))
        }
        Console.clearProgress()
        model.header.training.notes = log.notes
        try model.write(to: output)
        let summary = ModelSummary(model, path: output, byteCount: try ModelFile(path: output).byteCount)
        try StandardOutput().print(json ? JSONText.encoded(summary) : summary.trainingText)
        if !seeds.isComplete { throw Failure(nil, code: Failure.Code.badData) }
    }
}
