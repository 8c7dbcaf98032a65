import ArgumentParser
import TextClassification

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model from labelled articles.",
        discussion: """
            Seeds are JSON Lines (id, title, text, labels, unjudged, date), CSV or TSV with a header, fastText lines, a folder of .txt \
            files with labels.csv, a folder with a folder a label, or a folder with articles.jsonl and sectors.json; gzip is read as it \
            is. An article without `labels` is not used; `"labels": []` says that no label applies; `unjudged` names labels that nobody \
            judged on it. Nothing is written before training is done, and the model is replaced in one step: when anything fails, the \
            old one is still there.

            EXAMPLES
              sectorkit train --seeds seeds --output models/sectors.sectorkit
              sectorkit train --seeds a.csv --label-field topics -o m.sectorkit
              sectorkit train --seeds a.jsonl b.gz --set wordNgrams=1-3 -o m.sectorkit
              sectorkit train --seeds more.jsonl --like m.sectorkit -o n.sectorkit
            """)

    @OptionGroup var training: TrainingOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the model.", valueName: "file"),
        completion: .file(extensions: ["sectorkit"]))
    var output: String

    @Flag(help: "Print what was trained as JSON.")
    var json = false

    func run() throws {
        try Interrupts.handled {
            // That the model cannot be written is told before the work, not after.
            try AtomicFile.check(output)
            let (model, articles) = try training.fit { pipeline, corpus, context, log in
                var model = try pipeline.fitted(to: corpus, context: context)
                model.header.training.notes = log.notes
                return model
            }
            try Interrupts.during(.finishing) {
                if Interrupts.isPending { throw TrainingError.cancelled }
                try model.write(to: output)
            }
            let summary = ModelSummary(model, path: output, byteCount: try ModelFile(path: output).byteCount)
            try StandardOutput().print(json ? JSONText.encoded(summary) : summary.trainingText)
            try articles.requireComplete()
        }
    }
}
