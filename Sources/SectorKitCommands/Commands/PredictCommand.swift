import ArgumentParser
import CorpusFormats
import TextClassification

extension PredictionWriter.Format: NamedChoice {}

struct PredictCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        // A root of its own otherwise, for which the parser would first look for a request of a completion script.
        _superCommandName: "sectorkit",
        abstract: "Tag articles.",
        discussion: """
            Reads files, folders or standard input. Standard input is JSON Lines when its first character is `{`, otherwise one \
            plain-text article; --input-format lines makes every line an article. Results come in the order of the input, as soon as \
            they are there. A bad record or a missing file is reported, and the rest goes on; the exit code tells.

            OUTPUT
              text    the labels with their probabilities, or none
              labels  the labels alone, joined by `;`, one line an article (empty for none)
              tsv     id, labels joined by `;`, one probability a label; with a header
              jsonl   the fields of the input (its text only with --keep-text) and
                      "prediction": {"labels": […], "probabilities": {label: p, …}}

            A model trained with --coverage also tells what it cannot rule out: labels that are unsure, given (0.61?) or not \
            ((tech 0.38?) in text), and the articles that a person should look at ([review]); in tsv the columns unsure and review, in \
            jsonl "unsure": […] and "review": true.

            EXAMPLES
              cat article.txt | sectorkit predict
              sectorkit predict --all-scores *.txt
              sectorkit predict --format jsonl < articles.jsonl > tagged.jsonl
              zcat archive.jsonl.gz | sectorkit predict --format tsv > tags.tsv
              sectorkit predict --input-format lines --format tsv headlines.txt
              sectorkit predict --input-format lines --format labels < headlines.txt
              sectorkit predict --threshold 0.5 --threshold cyber=0.3 articles.csv
            """)

    @Argument(help: "Files or folders with articles; standard input without any, or for `-`.", completion: .file())
    var files: [String] = []

    @Option(help: "The output.")
    var format = PredictionWriter.Format.text

    @Flag(help: "Show every label with its probability in text output; those given are marked with *.")
    var allScores = false

    @Flag(help: "Keep the text of the input in jsonl output.")
    var keepText = false

    @OptionGroup(title: "MODEL") var model: ModelOptions
    @OptionGroup(title: "DECISION") var decision: DecisionOptions
    @OptionGroup(title: "INPUT") var input: InputOptions
    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if allScores, format != .text { throw ValidationError("--all-scores is for --format text; the others show every label") }
        if keepText, format != .jsonl { throw ValidationError("--keep-text is for --format jsonl") }
    }

    func run() throws {
        let (model, check) = try self.model.loadUnchecked()
        let options = input.readingOptions(readsLabels: false)
        let stream = PredictionStream(
            model: model, check: check,
            writer: PredictionWriter(
                format: format, labels: model.labels, keepsText: keepText, showsAllScores: allScores,
                sets: model.decisionRule.predictionSets, fieldNames: options.fieldNames),
            override: try decision.override(for: model), options: options, threadCount: threads.count, isStrict: input.strict)
        let inputs = (files.isEmpty ? ["-"] : files).map(ArticleInput.init(argument:))
        if inputs.contains(.standardInput) { Console.announceReading("articles") }
        let summary = try stream.run(inputs)
        // Where there was no article.
        try check?.require()
        if let sets = model.decisionRule.predictionSets, summary.articleCount > 1 {
            Console.print(
                "note: a person should look at \(summary.reviewCount) of \(summary.articleCount) articles, marked as review: answers "
                    + "that a coverage of \((100 * sets.coverage).fixed(0)) % does not rule out are unsure")
        }
        try report(summary)
    }

    private func report(_ summary: PredictionStream.Summary) throws(Failure) {
        if summary.repairCount > 0 {
            Console.warn(
                "\(summary.firstRepair.map { "\($0): " } ?? "")\(counted(summary.repairCount, "malformed UTF-8 sequence")) replaced "
                    + "by U+FFFD, the first one here: is the encoding another (--encoding)?")
        }
        if summary.unfamiliarCount > 0 {
            Console.warn(
                "the model knows hardly any word of \(summary.unfamiliarCount) of \(counted(summary.articleCount, "article")): "
                    + "another language, or an empty page?")
        }
        if summary.problemCount > 0 {
            throw Failure(
                "\(counted(summary.problemCount, "bad record")) left out, \(counted(summary.articleCount, "article")) tagged",
                code: summary.inputFailure?.code ?? Failure.Code.badData)
        }
        // It has been told where it happened.
        if let failure = summary.inputFailure { throw Failure(nil, code: failure.code) }
    }
}
