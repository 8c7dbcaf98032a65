import ArgumentParser
import CorpusFormats
import TextClassification

extension PredictionWriter.Format: ExpressibleByArgument {}

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Tag articles.",
        discussion: """
            Reads files or standard input: JSON Lines when the first character is `{`, otherwise one plain-text article; \
            --input-format lines makes every line an article. Results come in the order of the input, as soon as they are there.

            OUTPUT
              text    the labels with their probabilities, or none
              tsv     id, labels joined by `;`, one probability a label; with a header
              jsonl   the fields of the input (its text only with --keep-text) and
                      "prediction": {"labels": […], "probabilities": {label: p, …}}

            EXAMPLES
              cat article.txt | sectorkit predict
              sectorkit predict --format jsonl < articles.jsonl > tagged.jsonl
              sectorkit predict --input-format lines --format tsv headlines.txt
              sectorkit predict --threshold 0.5 --threshold cyber=0.3 articles.csv
            """)

    @Argument(help: "Files with articles; standard input without any, or for `-`.")
    var files: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var input: InputOptions
    @OptionGroup var decision: DecisionOptions
    @OptionGroup var run_: RunOptions

    @Option(help: "The output: text, tsv or jsonl.")
    var format = PredictionWriter.Format.text

    @Flag(help: "Show every label with its probability in text output; those given are marked with *.")
    var allScores = false

    @Flag(help: "Keep the text of the input in jsonl output.")
    var keepText = false

    func run() throws {
        let model = try self.model.load()
        var summary = PredictionStream.Summary()
        let stream = PredictionStream(
            model: model,
            writer: PredictionWriter(
                format: format, labels: model.labels, keepsText: keepText, showsAllScores: allScores,
                fieldNames: input.readingOptions.fieldNames),
            override: try decision.override(for: model), threadCount: run_.threadCount, isStrict: input.strict)
        var header: [UInt8] = []
        stream.writer.appendHeader(to: &header)
        if !header.isEmpty { try StandardOutput().write(header) }
        for file in files.isEmpty ? ["-"] : files {
            var options = input.readingOptions
            options.readsLabels = false
            let part = try stream.run(ArticleBlockReader(ArticleInput(argument: file), options: options))
            summary.articleCount += part.articleCount
            summary.problemCount += part.problemCount
            summary.unfamiliarCount += part.unfamiliarCount
            summary.repairCount += part.repairCount
        }
        try report(summary)
    }

    private func report(_ summary: PredictionStream.Summary) throws {
        if summary.repairCount > 0 {
            Console.print("warning: \(summary.repairCount) malformed UTF-8 sequence(s) were replaced by U+FFFD")
        }
        if summary.unfamiliarCount > 0 {
            Console.print(
                "warning: the model knows hardly any word of \(summary.unfamiliarCount) of \(summary.articleCount) article(s): another "
                    + "language, or an empty page?")
        }
        if summary.problemCount > 0 {
            throw Failure(
                "\(summary.problemCount) bad record(s) were left out, \(summary.articleCount) article(s) were tagged",
                code: Failure.Code.badData)
        }
    }
}
