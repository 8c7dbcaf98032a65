import ArgumentParser
import Calibration
import ModelSelection
import SemiSupervised
import TextClassification

struct TrainCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model from labelled articles.",
        discussion: """
            Seeds are JSON Lines (id, title, text, labels, unjudged, date), CSV or TSV with a header, fastText lines, a folder of .txt \
            files with labels.csv, a folder with a folder a label, or a folder with articles.jsonl and sectors.json; gzip is read as it \
            is. An article without `labels` is not used; `"labels": []` says that no label applies; `unjudged` names labels that nobody \
            judged on it. Nothing is written before training is done, and the model is replaced in one step: when anything fails, the \
            old one is still there.

            With --archive, unlabelled articles of the same kind are learnt from as well: vectors of their words, and labels that fit them. \
            Training with and without them competes on held-out labels; what wins is put into an ordinary model, and the report says what \
            the archive brought. The archive is read as a stream: word vectors are fitted to all of it, or come with --vectors from a file that \
            `sectorkit vectors fit` made for many models; of more than 100,000 articles every second, fourth, … is learnt from beside them \
            (--archive-set maximumArticles=). A recipe with topics fits them to the labelled articles and the archive. Words of the archive that occur in few \
            articles stay out of the model, others are in it to be read. Names and keywords of \
            the labels (--keywords, or a sectors.json among the seeds) are further evidence, or the only one: then nothing can be \
            verified, and a warning says so.

            EXAMPLES
              sectorkit train --seeds seeds --output models/sectors.sectorkit
              sectorkit train --seeds a.csv --label-field topics -o m.sectorkit
              sectorkit train --seeds a.jsonl b.gz --set wordNgrams=1-3 -o m.sectorkit
              sectorkit train --seeds few.jsonl --archive archive.jsonl.gz -o m.sectorkit
              sectorkit train --seeds sectors.json --archive a.jsonl -o m.sectorkit
              sectorkit train --seeds s.jsonl --archive a.gz --vectors a.vectors -o m
              sectorkit train --seeds s.jsonl --archive a.gz --recipe topics-logistic -o t
              sectorkit train --seeds more.jsonl --like m.sectorkit -o n.sectorkit
              sectorkit train --seeds seeds --maximum-size 500kB -o small.sectorkit
              sectorkit train --seeds seeds --aim precision=0.9 -o careful.sectorkit
              sectorkit train --seeds seeds --coverage 0.9 -o honest.sectorkit
              sectorkit train --seeds huge.jsonl.gz --maximum-memory 300MB -o h.sectorkit
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

    @Option(
        help: ArgumentHelp("How many bits a weight has in the file, without a limit on its size. (default: 16)", valueName: "n"))
    var weightBits: WeightBits?

    @Flag(help: "Leave out what `update` would go on from: a smaller file, where the classifier could.")
    var noState = false

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup(title: "ARCHIVE") var archive: ArchiveOptions

    @Flag(help: "Print what was trained as JSON.")
    var json = false

    @OptionGroup(title: "MORE TEXT THAN MEMORY") var streaming: StreamingTrainingOptions

    func run() throws {
        try Interrupts.handled {
            // That the model cannot be written is told before the work, not after.
            try AtomicFile.check(output)
            var trained = try fit()
            if noState { trained.model = trained.model.withoutUpdateState() }
            if weightBits != .single { trained.model = trained.model.withHalfPrecision() }
            try Interrupts.during(.finishing) {
                if Interrupts.isPending { throw TrainingError.cancelled }
                try trained.model.write(to: output)
            }
            var summary = ModelSummary(trained.model, path: output, byteCount: try ModelFile(path: output).byteCount)
            summary.compressionLoss = trained.loss
            summary.archive = trained.report
            try StandardOutput().print(json ? JSONText.encoded(summary) : summary.trainingText)
            try trained.requireComplete()
        }
    }

    /// What the limit costs, by cross-validation: both forms of each fold's model tag the articles it was not trained on.
    private func measuredLoss(
        _ pipeline: Pipeline, _ corpus: Corpus, _ context: TrainingContext, maximumSize: Int
    ) throws -> CompressionLoss {
        let validation = CrossValidation(foldCount: 5, assigner: training.foldAssigner)
        let outcomes = try validation.outcomes(
            of: pipeline, on: corpus, context: context,
            variants: [{ $0 }, { try $0.compressed(maximumSize: maximumSize) }])
        let (whole, compressed) = (outcomes[0], outcomes[1])
        return CompressionLoss(
            corpus.targets, whole: (whole.probabilities, whole.decisions),
            compressed: (compressed.probabilities, compressed.decisions), threads: training.threads.count,
            source: "\(whole.foldCount)-fold cross-validation")
    }

    /// What training gave.
    private struct Trained {
        var model: PipelineModel
        var report: ArchiveReport?
        var loss: CompressionLoss?
        /// Fails where bad records were left out.
        var requireComplete: () throws -> Void = {}
    }

    private func fit() throws -> Trained {
        if let maximumMemory = streaming.maximumMemory {
            let (model, articles) = try training.fitStreaming(
                maximumMemory: maximumMemory.bytes, temporaryDirectory: streaming.temporaryDirectory)
            // Without the articles in memory there is no cross-validation.
            return try Trained(
                model: maximumSize.map { try model.compressed(maximumSize: $0.bytes) } ?? model,
                requireComplete: articles.requireComplete)
        }
        let parameters = try archive.parameters()
        let definitions = archive.isUsed ? try training.definitions() : nil
        var (trained, articles) = try training.fit(
            usualRecipe: archive.isUsed ? Recipe.fewLabelsName : nil, keepsKeywords: archive.isUsed
        ) { (pipeline: Pipeline, corpus: consuming Corpus, context: TrainingContext, log: TrainingLog) in
            // With an archive each fold would take as long as all of this.
            let measured = maximumSize != nil && !archive.isUsed ? copy corpus : nil
            var trained = try fit(pipeline, corpus, parameters, definitions, context)
            trained.model.header.training.notes = log.notes + trained.model.header.training.notes
            if let limit = maximumSize?.bytes {
                trained.model = try trained.model.compressed(maximumSize: limit)
                if let measured { trained.loss = try measuredLoss(pipeline, measured, context, maximumSize: limit) }
            }
            return trained
        }
        trained.requireComplete = articles.requireComplete
        return trained
    }

    /// Fits in memory, with the archive where there is one. The corpus is given away.
    private func fit(
        _ pipeline: Pipeline, _ corpus: consuming Corpus, _ parameters: SemiSupervisedParameters,
        _ definitions: LabelDefinitions?, _ context: TrainingContext
    ) throws -> Trained {
        guard archive.isUsed else { return Trained(model: try pipeline.fitted(to: corpus, context: context)) }
        // Topics and the like are what such a recipe learns from an archive.
        if !pipeline.recipe.featureTransformers.isEmpty {
            if !archive.settings.isEmpty || archive.vectors != nil {
                throw Failure(
                    "--archive-set and --vectors are for recipes without transformers: \(pipeline.recipe.name) fits its own to the archive (--set)",
                    code: Failure.Code.usage)
            }
            return Trained(
                model: try pipeline.fitted(
                    to: corpus, archive: try archive.articles(options: training.input, context: context), context: context))
        }
        let trainer = try SemiSupervisedTraining(
            pipeline.recipe, parameters: parameters, registry: CommandEnvironment.current.registry)
        // Without an aim the archive itself says which thresholds promise the largest F1. With one, articles are held out that nothing has
        // seen: not the vectors either.
        let isDeciding = training.recipe.aim.aim != nil || pipeline.recipe.decisionRule.component == ConformalSets.identifier
        if isDeciding, archive.vectors != nil {
            context.report(
                .note(
                    "--aim and --coverage hold for articles that the vectors do not know: fit them to the archive, not to the seeds"
                ))
        }
        let (sample, vectors) = try archive.collected(
            isDeciding ? nil : corpus, parameters, options: training.input,
            temporaryDirectory: streaming.temporaryDirectory ?? TemporaryFile.systemDirectory, context: context)
        if isDeciding {
            let (model, report) = try trainer.fittedDeciding(
                to: corpus, archive: sample, vectors: vectors, definitions: definitions, context: context)
            return Trained(model: model, report: report)
        }
        let (model, report) = try trainer.fitted(
            to: corpus, archive: sample, vectors: vectors, definitions: definitions, context: context)
        return Trained(model: model, report: report)
    }

    func validate() throws {
        if weightBits != nil, maximumSize != nil {
            throw ValidationError("--weight-bits does not go with --maximum-size, which keeps weights in 8 bits")
        }
        if streaming.temporaryDirectory != nil, streaming.maximumMemory == nil, !archive.isUsed {
            throw ValidationError("--temporary-directory is for --maximum-memory and --archive only")
        }
        if archive.isUsed, streaming.maximumMemory != nil {
            throw ValidationError("--maximum-memory reads seeds in pieces, which --archive cannot: give one of them")
        }
    }
}

/// How exact the weights of a model file are.
enum WeightBits: String, CaseIterable, ExpressibleByArgument {
    case half = "16"
    case single = "32"
}
