import ArgumentParser
import ModelSelection
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
              sectorkit train --seeds seeds --maximum-size 500kB -o small.sectorkit
            """)

    @OptionGroup var training: TrainingOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the model.", valueName: "file"),
        completion: .file(extensions: ["sectorkit"]))
    var output: String

    @Option(
        help: ArgumentHelp(
            """
            The size of the model file that must not be exceeded, such as 500kB or 2MB: weights in 8 bits, and without the features that \
            matter least. What that costs is measured by cross-validation.
            """, valueName: "size"))
    var maximumSize: ByteSize?

    @Flag(help: "Print what was trained as JSON.")
    var json = false

    func run() throws {
        try Interrupts.handled {
            // That the model cannot be written is told before the work, not after.
            try AtomicFile.check(output)
            var loss: CompressionLoss?
            let (model, articles) = try training.fit { pipeline, corpus, context, log in
                var model = try pipeline.fitted(to: corpus, context: context)
                model.header.training.notes = log.notes
                guard let limit = maximumSize?.bytes else { return model }
                let compressed = try model.compressed(maximumSize: limit)
                loss = try measuredLoss(pipeline, corpus, context, maximumSize: limit)
                return compressed
            }
            try Interrupts.during(.finishing) {
                if Interrupts.isPending { throw TrainingError.cancelled }
                try model.write(to: output)
            }
            var summary = ModelSummary(model, path: output, byteCount: try ModelFile(path: output).byteCount)
            summary.compressionLoss = loss
            try StandardOutput().print(json ? JSONText.encoded(summary) : summary.trainingText)
            try articles.requireComplete()
        }
    }

    /// What the limit costs, by cross-validation: both forms of each fold's model tag the articles it was not trained on.
    private func measuredLoss(
        _ pipeline: Pipeline, _ corpus: Corpus, _ context: TrainingContext, maximumSize: Int
    ) throws -> CompressionLoss {
        let validation = CrossValidation(foldCount: 5, assigner: training.foldAssigner)
        let whole = try validation.outcome(of: pipeline, on: corpus, context: context)
        let compressed = try validation.outcome(of: pipeline, on: corpus, context: context) {
            try $0.compressed(maximumSize: maximumSize)
        }
        return CompressionLoss(
            corpus.targets, whole: (whole.probabilities, whole.decisions),
            compressed: (compressed.probabilities, compressed.decisions), threads: training.threads.count,
            source: "\(whole.foldCount)-fold cross-validation")
    }
}
