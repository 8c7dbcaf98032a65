import ArgumentParser
import TextClassification

struct CompressCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "compress",
        abstract: "Make a model smaller: weights in 8 bits, and no more features than a size allows.",
        discussion: """
            Articles are tagged from the compressed form directly. With --maximum-size the features that matter least are left out, as \
            far as needed. What that costs is measured with --data, on labelled articles that the model was not trained on; `train \
            --maximum-size` measures it by cross-validation.

            EXAMPLES
              sectorkit compress --model m.sectorkit -o small.sectorkit
              sectorkit compress --maximum-size 500kB --data test.csv -o s.sectorkit
            """)

    @OptionGroup(title: "MODEL") var model: ModelOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Option(help: ArgumentHelp("The size of the file that must not be exceeded, such as 500kB or 2MB.", valueName: "size"))
    var maximumSize: ByteSize?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Labelled articles to measure the loss with: one or several files.", valueName: "file|folder"),
        completion: .file())
    var data: [String] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the compressed model.", valueName: "file"),
        completion: .file(extensions: ["sectorkit"]))
    var output: String

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print what was done as JSON.")
    var json = false

    private struct Summary: Encodable {
        let path: String
        let bytes: Int
        let wholeBytes: Int
        let features: Int
        let wholeFeatures: Int
        var loss: CompressionLoss?
    }

    func run() throws {
        try Interrupts.handled {
            try AtomicFile.check(output)
            let file = try model.file()
            let whole = try PipelineModel(file, registry: CommandEnvironment.current.registry)
            let articles = try data.isEmpty ? nil : LabelledArticles(data, options: input)
            let corpus = try articles?.testCorpus(for: whole, ignoringUnknownLabels: false)
            let compressed = try whole.compressed(maximumSize: maximumSize?.bytes)
            try Interrupts.during(.finishing) {
                if Interrupts.isPending { throw TrainingError.cancelled }
                try compressed.write(to: output)
            }
            let loss = try corpus.map { corpus in
                let before = try whole.predictions(for: corpus.articles, threadCount: threads.count)
                let after = try compressed.predictions(for: corpus.articles, threadCount: threads.count)
                return CompressionLoss(
                    corpus.targets, whole: (before.probabilities, before.decisions),
                    compressed: (after.probabilities, after.decisions), threads: threads.count, source: "of --data")
            }
            let summary = Summary(
                path: output, bytes: try ModelFile(path: output).byteCount, wholeBytes: file.byteCount,
                features: compressed.featureExtractor.featureCount, wholeFeatures: whole.featureExtractor.featureCount, loss: loss
            )
            try StandardOutput().print(json ? JSONText.encoded(summary) : text(summary))
            try articles?.requireComplete()
        }
    }

    private func text(_ summary: Summary) -> String {
        """
        \(summary.path.withoutControlCharacters): \(summary.bytes) of \(summary.wholeBytes) bytes, \
        \(summary.features) of \(summary.wholeFeatures) features
        \(summary.loss?.text ?? "what that costs was not measured: name labelled articles with --data")

        """
    }
}
