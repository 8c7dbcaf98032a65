import ArgumentParser
import LinearAlgebra
import Synchronization
import TextClassification

struct PredictInMemory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict-in-memory", abstract: "Tag lines of text that are in memory; the median of some rounds.")

    @Argument(help: "A model file.") var model: String
    @Argument(help: "A file with an article a line.") var lines: String
    @Option(help: "How many threads.") var threads = 1
    @Option(name: .customLong("repeat"), help: "How many rounds.") var count = 3

    func run() throws {
        let model = try PipelineModel(path: model, registry: SectorKitBenchmark.registry)
        let articles = try Files.articles(lines)
        let times = try (0..<max(1, count)).map { _ in try timed { try tag(articles, with: model) }.seconds }.sorted()
        let seconds = times[times.count / 2]
        printJSON([
            "seconds": seconds, "articlesPerSecond": Double(articles.count) / seconds,
            "megabytesPerSecond": Double(articles.bytes.count) / seconds / 1e6,
        ])
    }

    /// Every thread takes the next 256 articles that nobody has taken.
    private func tag(_ articles: ArticleBatch, with model: PipelineModel) throws {
        let next = Atomic(0)
        _ = try parallelMap(count: threads, threads: threads) { _ throws in
            let prediction = model.makePrediction()
            var predictions = Predictions(labelCount: model.labels.count)
            while true {
                let start = next.add(256, ordering: .relaxed).oldValue
                guard start < articles.count else { return }
                try prediction.predict(articles, start..<min(articles.count, start + 256), into: &predictions)
            }
        }
    }
}
