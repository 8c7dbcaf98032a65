import CAllocationCounter
import Foundation
import StandardPlugins
import Testing
import TextClassification

@testable import CorpusFormats

/// Reading, tagging and writing a stream allocates nothing an article once its memory has grown.
///
/// The same stream is worked on three times with the same objects; a block that is longer than all before may still grow some buffer.
/// Unoptimised, some closures are allocated, the same number for every article whatever its length: there the test is that this
/// does not grow with the text. (The optimised program, run under `valgrind` on 10,000 articles more, allocates 13 times more.)
@Suite struct StreamAllocationTests {
    private static let articles = articles(wordCount: 40)

    private static func articles(wordCount: Int) -> [Article] { (0..<600).map { article($0, wordCount) } }

    private static func article(_ number: Int, _ wordCount: Int) -> Article {
        let label = ["trade", "cyber", "tech"][number % 3]
        let text = (0..<wordCount).map { "word\((number * 7 + $0 * $0) % 300)" }.joined(separator: " ")
        return Article(id: "\(number)", title: "On \(label)", text: "\(text) \(label).", labels: [label])
    }

    private func model() throws -> PipelineModel {
        let registry = Registry.standard()
        return try Pipeline(registry.recipe(named: "words"), registry: registry)
            .fitted(to: Corpus(Self.articles, task: .single), context: TrainingContext(threadCount: 1))
    }

    private func allocations(_ input: [UInt8], _ format: ArticleFormat, _ output: PredictionWriter.Format) throws -> Int64 {
        let model = try model()
        let writer = PredictionWriter(format: output, labels: model.labels)
        let prediction = model.makePrediction()
        var predictions = Predictions(labelCount: model.labels.count)
        var block = ArticleBlock()
        var text: [UInt8] = []
        var allocations: Int64 = 0
        var count = 0
        var options = ReadingOptions()
        options.format = format
        for _ in 0..<3 {
            let reader = try ArticleBlockReader(.bytes(input, name: "stream"), options: options)
            allocations = 0
            count = 0
            while try reader.read(into: &block) {
                let before = sk_allocation_count()
                reader.parser.parse(&block)
                try prediction.predict(block.batch, 0..<block.count, into: &predictions)
                text.removeAll(keepingCapacity: true)
                writer.append(block, predictions, to: &text)
                allocations += sk_allocation_count() - before
                count += block.count
            }
        }
        #expect(count == Self.articles.count && text.count >= 5 * block.count)
        return allocations
    }

    private func check(_ format: ArticleFormat, _ output: PredictionWriter.Format, _ line: (Article) -> String) throws {
        guard sk_allocation_count() >= 0 else { return }
        let found = try allocations(Array(Self.articles.map(line).joined().utf8), format, output)
        #if DEBUG
            let longer = try allocations(Array(Self.articles(wordCount: 160).map(line).joined().utf8), format, output)
            // A word that allocated would add 72,000. Longer articles come in more blocks, of which each has some closures of its own.
            #expect(abs(longer - found) < 2 * Self.articles.count, "\(found) allocations, \(longer) for longer articles")
            #expect(found < 15 * Self.articles.count)
        #else
            #expect(found < Self.articles.count / 20, "\(found) allocations for \(Self.articles.count) articles")
        #endif
    }

    @Test(arguments: PredictionWriter.Format.allCases)
    func `Lines are tagged without allocating`(output: PredictionWriter.Format) throws {
        try check(.lines, output) { $0.text + "\n" }
    }

    @Test(arguments: PredictionWriter.Format.allCases)
    func `Objects are tagged without allocating`(output: PredictionWriter.Format) throws {
        try check(.jsonl, output) {
            "{\"id\": \"\($0.id)\", \"title\": \"\($0.title)\", \"text\": \"\($0.text)\", \"rank\": 3}\n"
        }
    }
}
