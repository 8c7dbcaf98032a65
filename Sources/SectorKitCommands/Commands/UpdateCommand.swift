import ArgumentParser
import Evaluation
import TextClassification

struct UpdateCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Go on training a model with new labelled articles.",
        usage: "sectorkit update <model> <articles> ... [<options>]",
        discussion: """
            For models whose classifier learns article by article, such as online-logistic-regression (train --recipe updatable-words). The \
            model goes on where training ended; the old articles are not needed. Its labels, its vocabulary, the weights of its words, \
            calibration and thresholds stay as they are. Words that a vocabulary lacks cannot be learnt; hashed features with keepsUnseen \
            can take any word.

            Each article is predicted before it is learnt: that is an honest figure on new articles (progressive validation), beside that of \
            the model as it was. The model is replaced in one step when all is learnt; when anything fails, and on Ctrl-C, the old one is \
            still there.

            EXAMPLES
              sectorkit train --seeds a.jsonl --recipe updatable-words -o m.sectorkit
              sectorkit update m.sectorkit new.jsonl
              sectorkit update m.sectorkit monday.csv tuesday.csv -o next.sectorkit --json
              sectorkit update m.sectorkit new.jsonl --passes 1
            """)

    @Argument(
        help: "The model, which is replaced unless --output names another file.", completion: .file(extensions: ["sectorkit"]))
    var model: String

    @Argument(
        help: ArgumentHelp("Labelled articles: one or several, - for standard input.", valueName: "articles"), completion: .file()
    )
    var data: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the updated model, instead of replacing it.", valueName: "file"),
        completion: .file(extensions: ["sectorkit"]))
    var output: String?

    @Option(
        help: ArgumentHelp("How often the new articles are visited. (default: as often as those of the training)", valueName: "n")
    )
    var passes: Int?

    @Flag(help: "Learn articles again that the model has learnt already.")
    var again = false

    @OptionGroup(title: "INPUT") var input: InputOptions

    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var threads: ThreadOptions
    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Print what was done as JSON.")
    var json = false

    func validate() throws {
        if let passes, !(1...1000 ~= passes) { throw ValidationError("--passes wants a number from 1 to 1000") }
        if data.isEmpty { throw ValidationError("name the new articles behind the model") }
    }

    func run() throws {
        try Interrupts.handled {
            let output = output ?? model
            try AtomicFile.check(output)
            let lock = try output == model ? FileLock(path: model) : nil
            let old = try PipelineModel(path: model, registry: CommandEnvironment.current.registry)
            if let obstacle = old.updateObstacle {
                throw UpdateError.impossible(component: old.header.recipe.classifier.component, obstacle)
            }
            var articles = try LabelledArticles(data, options: input, threads: threads.count)
            let corpus = try corpus(of: articles, for: old)
            articles.removeArticles()
            let log = TrainingLog()
            var (updated, summary) = try Interrupts.during(.cancellable) { try update(old, with: corpus, log: log) }
            Console.clearProgress()
            updated.note(summary.figures)
            try Interrupts.during(.finishing) {
                if Interrupts.isPending { throw TrainingError.cancelled }
                try updated.write(to: output)
            }
            withExtendedLifetime(lock) {}
            summary.path = output
            summary.bytes = try ModelFile(path: output).byteCount
            try StandardOutput().print(json ? JSONText.encoded(summary) : summary.text)
            try articles.requireComplete()
        }
    }

    /// The articles to learn, each once.
    private func corpus(of articles: LabelledArticles, for old: PipelineModel) throws -> Corpus {
        let corpus = try articles.testCorpus(
            for: old, ignoringUnknownLabels: false, advice: "an update cannot add labels: train again with all articles")
        if !again, old.hasLearnt(corpus) {
            throw Failure(
                "\(model) has learnt exactly these articles already; --again learns them once more", code: Failure.Code.badData)
        }
        var seen: Set<[UInt8]> = []
        let kept = (0..<corpus.count).filter { seen.insert(corpus.content(of: $0)).inserted }
        guard kept.count < corpus.count else { return corpus }
        Console.warn(
            "\(counted(corpus.count - kept.count, "article")) with the identifier and the text of an earlier one left out: each is learnt "
                + "once")
        return corpus.selecting(kept)
    }

    private func update(
        _ old: PipelineModel, with corpus: Corpus, log: TrainingLog
    ) throws -> (model: PipelineModel, summary: UpdateSummary) {
        let context = TrainingContext(
            seed: seed, threadCount: threads.count, report: log.report, isCancelled: { Interrupts.isPending })
        let (model, before) = try old.updated(with: corpus, passCount: passes, context: context)
        let unchanged = try old.predictions(for: corpus.articles, threadCount: threads.count)
        return (
            model,
            UpdateSummary(
                model, corpus: corpus, asItWas: unchanged, beforeLearning: before, threadCount: threads.count)
        )
    }
}

extension PipelineModel {
    /// Notes the figures of the last update.
    fileprivate mutating func note(_ figures: [UpdateSummary.Figure]) {
        guard let last = header.training.updates?.indices.last else { return }
        for figure in figures { header.training.updates?[last].metrics[figure.figure.rawValue] = figure.beforeLearning.estimate }
    }
}

extension Corpus {
    /// The bytes that tell an article from others.
    fileprivate func content(of article: Int) -> [UInt8] {
        Array(identifiers[article].utf8) + [0xFF] + articles.bytes[articles.titles[article]] + [0xFF]
            + articles.bytes[articles.bodies[article]]
    }
}
