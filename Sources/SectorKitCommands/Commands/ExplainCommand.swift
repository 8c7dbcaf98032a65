import ArgumentParser
import CorpusFormats
import SemiSupervised
import TextClassification

struct ExplainCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show why articles get their labels: the terms that speak for and against, and where they stand.",
        discussion: """
            A term's contribution is its weight times its value in the article; the contributions of all terms and the intercept add up \
            to the label's score (its logit). --similar names the articles of an archive that are nearest to each, by vectors of their \
            words (see `sectorkit vectors`): seeds and archive, where the file was fitted to both. Positions are UTF-8 offsets in the title or the text. Input is read as by \
            `sectorkit predict`.

            EXAMPLES
              sectorkit explain article.txt
              sectorkit explain --label trade --terms 5 < article.txt
              sectorkit explain --similar archive.vectors article.txt
              sectorkit explain --json articles.jsonl > explanations.jsonl
            """)

    @Argument(help: "Files or folders with articles; standard input without any, or for `-`.", completion: .file())
    var files: [String] = []

    @Option(help: ArgumentHelp("Explain this label; may be repeated. (default: all)", valueName: "name"))
    var label: [String] = []

    @Option(help: ArgumentHelp("How many terms to show for each label. (default: 10; all with --json)", valueName: "n"))
    var terms: Int?

    @Option(
        help: ArgumentHelp("Show similar articles, by a file that `sectorkit vectors fit` wrote.", valueName: "file"),
        completion: .file(extensions: ["vectors"]))
    var similar: String?

    @Option(help: ArgumentHelp("How many similar articles to show.", valueName: "n"))
    var similarCount = 5

    @OptionGroup(title: "MODEL") var model: ModelOptions
    @OptionGroup(title: "DECISION") var decision: DecisionOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Print as JSON: one object an article, on a line of its own.")
    var json = false

    func validate() throws {
        if let terms, terms < 1 { throw ValidationError("--terms wants a whole number of at least 1") }
        if similarCount < 1 { throw ValidationError("--similar-count wants a whole number of at least 1") }
    }

    func run() throws {
        let model = try self.model.load()
        for name in label { _ = try model.position(ofLabel: name) }
        let override = try decision.override(for: model)
        let vectors = try similar.map { path in
            let file = try ArchiveVectorsFile(path: path)
            guard file.hasArticles else {
                throw Failure("\(path) was made without its articles (--without-articles)", code: Failure.Code.usage)
            }
            return file
        }
        let inputs = (files.isEmpty ? ["-"] : files).map(ArticleInput.init(argument:))
        if inputs.contains(.standardInput) { Console.announceReading("articles") }
        var (problemCount, isFirst) = (0, true)
        for input in inputs {
            let reader = try ArticleBlockReader(input, options: self.input.readingOptions(readsLabels: false))
            let name = reader.format == .text ? (input == .standardInput ? "" : "\(input)") : nil
            var block = ArticleBlock()
            while try reader.next(into: &block) {
                for problem in block.problems {
                    if self.input.strict { throw Failure("\(problem)", code: Failure.Code.badData) }
                    Console.warn("\(problem)")
                }
                problemCount += block.problems.count
                for position in 0..<block.count {
                    let article = block.article(position)
                    var explained = try explanation(of: article, by: model, override)
                    explained.similar = vectors?.nearestArticles(to: article, count: similarCount)
                    if !json, !isFirst { try StandardOutput().print("") }
                    isFirst = false
                    try StandardOutput().print(
                        json ? JSONText.encoded(explained, isPretty: false) : explained.text(name: name, termCount: terms ?? 10))
                }
            }
        }
        if problemCount > 0 { throw Failure("\(counted(problemCount, "bad record")) left out", code: Failure.Code.badData) }
    }

    private func explanation(
        of article: Article, by model: PipelineModel, _ override: DecisionOverride?
    ) throws -> ExplainedArticle {
        guard let explanation = model.explanation(of: article) else {
            throw Failure(
                "\(model.header.recipe.classifier.component) gives no reasons: its scores are not sums over terms",
                code: Failure.Code.failed)
        }
        var predictions = try model.predicted(article)
        override?.apply(to: &predictions)
        return ExplainedArticle(
            article, labels: predictions.labels(of: 0).map { model.labels[$0] },
            explained: explanation.labels.filter { label.isEmpty || label.contains($0.name) },
            termCount: json ? terms ?? .max : .max)
    }
}
