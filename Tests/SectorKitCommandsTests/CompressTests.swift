import Foundation
import StandardPlugins
import Testing

@testable import TextClassification

/// Smaller models: what is kept, what predicts, what is refused.
@Suite struct CompressTests {
    private let registry = Registry.standard()

    private var articles: [Article] {
        let words = (0..<400).map { "word\($0)" + ($0 % 40 == 0 ? "thatismorethansixteenbytes" : "") }
        return (0..<120).map { number -> Article in
            let label = ["trade", "cyber", "tech"][number % 3]
            let text = (0..<30).map { words[(number * 7 + $0 * 13 + number % 3) % 400] }.joined(separator: " ")
            return Article(id: "\(number)", text: text + " \(label) news", labels: [label])
        }
    }

    private func corpus() throws -> Corpus { try Corpus(articles, task: .automatic) }

    private func model(_ settings: [String]) throws -> PipelineModel {
        var recipe = try registry.recipe(named: "words")
        for setting in settings { try recipe.apply(setting: setting, registry: registry) }
        return try Pipeline(recipe, registry: registry).fitted(to: corpus(), context: TrainingContext(threadCount: 1))
    }

    @Test(arguments: ["1-1", "1-2", "2-3"]) func `A compressed model reads, writes and predicts like the whole one`(
        lengths: String
    ) throws {
        let whole = try model(["wordNgrams=\(lengths)", "characterNgrams=3-4"])
        let size = try whole.fileBytes().count
        let articles = try corpus().articles
        let expected = try whole.predictions(for: articles, threadCount: 1)
        for limit in [size, size / 2, size / 4] {
            let small = try whole.compressed(maximumSize: limit)
            let bytes = try small.fileBytes()
            #expect(bytes.count <= limit)
            #expect(limit == size || Double(bytes.count) > 0.9 * Double(limit), "\(bytes.count) of \(limit)")
            let read = try PipelineModel(ModelFile(bytes: bytes), registry: registry)
            let found = try small.predictions(for: articles, threadCount: 1)
            #expect(try read.predictions(for: articles, threadCount: 2).probabilities == found.probabilities)
            let same = zip(found.decisions, expected.decisions).count { $0 == $1 }
            #expect(Double(same) > 0.95 * Double(expected.decisions.count), "\(same)")
            // What is kept keeps its name and, to 8 bits, its weight.
            var names: [String: Int] = [:]
            for feature in 0..<whole.featureExtractor.featureCount { names[whole.featureName(feature)] = feature }
            for feature in 0..<small.featureExtractor.featureCount {
                let old = try #require(names[small.featureName(feature)])
                for label in 0..<3 {
                    let weight = try #require(whole.classifier.featureWeight(old, label: label))
                    let largest = (0..<names.count).map { abs(whole.classifier.featureWeight($0, label: label) ?? 0) }.max() ?? 0
                    #expect(abs(try #require(small.classifier.featureWeight(feature, label: label)) - weight) <= largest / 253)
                }
            }
        }
    }

    @Test func `The selected vocabulary finds its terms and no others`() throws {
        let whole = try model(["wordNgrams=1-3"])
        let features = Array(stride(from: 0, to: whole.featureExtractor.featureCount, by: 7))
        let part = try #require(whole.featureExtractor.selecting(features))
        let articles = try corpus().articles
        let all = whole.featureExtractor.rows(of: articles, threadCount: 1)
        let some = part.rows(of: articles, threadCount: 1)
        for row in 0..<all.rowCount {
            let kept = all.row(row).map { Int(all.columnIndices[$0]) }.filter { $0 % 7 == 0 }.map { $0 / 7 }
            #expect(Set(some.row(row).map { Int(some.columnIndices[$0]) }) == Set(kept))
        }
    }

    @Test func `What cannot be made small says so`() throws {
        let whole = try model(["wordNgrams=1-1"])
        #expect(throws: CompressionError.self) { try whole.compressed(maximumSize: 500) }
        #expect("\(CompressionError.tooLarge(smallest: 3264, limit: 500))".contains("as small as 500 bytes"))
        var recipe = try registry.recipe(named: "hashed-words")
        try recipe.apply(setting: "bits=12", registry: registry)
        let hashed = try Pipeline(recipe, registry: registry).fitted(to: corpus(), context: TrainingContext(threadCount: 1))
        let smaller = try hashed.compressed()
        #expect(try smaller.fileBytes().count < hashed.fileBytes().count)
        #expect(throws: CompressionError.unsupported(component: "hashing")) { try hashed.compressed(maximumSize: 5000) }
    }

    @Test func `Train and compress keep within a size and say what it cost`() throws {
        let workspace = try Workspace()
        let lines = articles.map { "{\"id\": \"\($0.id)\", \"text\": \"\($0.text)\", \"labels\": [\"\($0.labels![0])\"]}\n" }
        try workspace.write("seeds.jsonl", lines.joined())
        let trained = try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", "m", "--maximum-size", "20kB"])
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.output.contains("5-fold cross-validation") && trained.output.contains("features kept"))
        #expect(try workspace.bytes("m").count <= 20_000)
        #expect(try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", "whole"]).status == 0)
        let compressed = try workspace.run(
            ["compress", "--model", "whole", "-o", "small", "--maximum-size", "15kB", "--data", "seeds.jsonl"])
        #expect(compressed.status == 0 && compressed.output.contains("micro-F1"), "\(compressed.errors)")
        #expect(try workspace.bytes("small").count <= 15_000)
        let unmeasured = try workspace.run(["compress", "--model", "whole", "-o", "small"])
        #expect(unmeasured.output.contains("--data"))
        let refused = try workspace.run(["compress", "--model", "whole", "-o", "tiny", "--maximum-size", "100B"])
        #expect(refused.status == 1 && refused.errors.contains("cannot be made as small as 100 bytes"))
        #expect(!workspace.names.contains("tiny"))
    }

    @Test func `Files hold weights of 16 bits, unless 32 are asked for`() throws {
        let workspace = try Workspace()
        let lines = articles.map { "{\"id\": \"\($0.id)\", \"text\": \"\($0.text)\", \"labels\": [\"\($0.labels![0])\"]}\n" }
        try workspace.write("seeds.jsonl", lines.joined())
        for (name, options) in [("usual", []), ("half", ["--weight-bits", "16"]), ("single", ["--weight-bits", "32"])] {
            let trained = try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", name] + options)
            #expect(trained.status == 0, "\(trained.errors)")
        }
        #expect(try workspace.bytes("usual") == workspace.bytes("half"))
        let whole = try PipelineModel(path: workspace.path("single"), registry: registry)
        let half = try PipelineModel(path: workspace.path("half"), registry: registry)
        let saved = whole.classifier.featureCount * whole.labels.count * 2
        #expect(try workspace.bytes("single").count - workspace.bytes("half").count > saved / 2)
        let batch = try corpus().articles
        let (exact, rounded) = try (whole.predictions(for: batch, threadCount: 1), half.predictions(for: batch, threadCount: 1))
        #expect(exact.decisions == rounded.decisions && exact.probabilities != rounded.probabilities)
        for (one, other) in zip(exact.probabilities, rounded.probabilities) { #expect(abs(one - other) < 1e-3) }
        let refused = try workspace.run(
            ["train", "--seeds", "seeds.jsonl", "-o", "no", "--weight-bits", "16", "--maximum-size", "1MB"])
        #expect(refused.status == 64 && refused.errors.contains("--maximum-size"))
        #expect(try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", "no", "--weight-bits", "12"]).status == 64)
    }
}
