import ArgumentParser
import TextClassification

/// How to train on more text than memory holds.
struct StreamingTrainingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Train within so much memory, such as 300MB: read the seeds twice, and learn from a temporary file. Wants hashed features and "
                + "a classifier that learns row by row; without --recipe it takes hashed-words-online.", valueName: "size"))
    var maximumMemory: ByteSize?

    @Option(
        help: ArgumentHelp(
            "Where the temporary file goes; it takes up to the size of the text, and has no name. (default: TMPDIR, or /tmp)",
            valueName: "folder"),
        completion: .directory)
    var temporaryDirectory: String?
}

extension TrainingOptions {
    /// The recipe taken where none is named.
    private static let streamingRecipe = "hashed-words-online"

    /// Fits a pipeline to articles that are never all in memory.
    func fitStreaming(
        maximumMemory: Int, temporaryDirectory: String?
    ) throws -> (model: PipelineModel, articles: ArticleStream) {
        var recipe = recipe
        if recipe.recipe == nil, recipe.like == nil { recipe.recipe = Self.streamingRecipe }
        let (pipeline, task, _) = try recipe.pipeline()
        let articles = try ArticleStream(seeds, options: input, threadCount: threads.count)
        let log = TrainingLog()
        let context = TrainingContext(
            seed: seed, threadCount: threads.count, report: log.report, isCancelled: { Interrupts.isPending })
        var options = StreamingOptions(maximumMemory: maximumMemory, labels: articles.labels, task: task)
        if let temporaryDirectory { options.temporaryDirectory = temporaryDirectory }
        var model = try Interrupts.during(.cancellable) {
            try pipeline.fitted(streaming: articles, options: options, context: context)
        }
        Console.clearProgress()
        model.header.training.notes = log.notes
        return (model, articles)
    }
}
