import ArgumentParser
import LinearAlgebra
import TextClassification

struct Vectorise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectorise",
        abstract: "Fit TF-IDF of words and pairs of words to lines of text, then transform the same lines.")

    @Argument(help: "A file with an article a line.") var lines: String
    @Option(help: "The most threads.") var threads = 1
    @Option(name: .customLong("set"), help: "A hyper-parameter as name=value.") var settings = ["minimumDocumentFrequency=2"]
    @Flag(help: "Only fit, which gives the rows too.") var fitOnly = false
    @Option(help: "Write the rows here as svmlight, with a last column of ones; needs --labels.") var svmlight: String?
    @Option(help: "A file with a label a line; classes are numbered from 1 in the order of their names.") var labels: String?

    func run() throws {
        guard let entry = SectorKitBenchmark.registry.featureExtractors["tfidf"] else { throw ValidationError("no tfidf") }
        try run(try entry.make(hyperparameters(settings)))
    }

    private func run(_ extractor: some FeatureExtractor) throws {
        let articles = try Files.articles(lines)
        let fit = try timed { try extractor.fittedExtracting(articles, context: TrainingContext(threadCount: threads)) }
        var transformSeconds = 0.0
        if !fitOnly {
            let transform = timed { fit.result.model.rows(of: articles, threadCount: threads) }
            precondition(transform.result.elementCount == fit.result.rows.elementCount, "two passes, two results")
            transformSeconds = transform.seconds
        }
        if let svmlight, let labels {
            try SVMLight.write(fit.result.rows, classes: try SVMLight.classes(labels), to: svmlight)
        }
        printJSON([
            "seconds": fit.seconds, "transformSeconds": transformSeconds, "articles": articles.count,
            "features": fit.result.model.featureCount, "elements": fit.result.rows.elementCount,
        ])
    }
}
