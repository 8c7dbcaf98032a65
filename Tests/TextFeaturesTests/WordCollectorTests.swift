import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

@Suite struct WordCollectorTests {
    /// Articles with titles, repeated and long words, an empty one, and characters of several scripts.
    private static func articles(_ count: Int, seed: UInt64) -> ArticleBatch {
        var generator = RandomGenerator(seed: seed)
        let words =
            (0..<300).map { "w\($0)" } + [
                "a-word-that-is-longer-than-sixteen-bytes", "été", "貿易", "Donaudampfschifffahrtsgesellschaft", "the",
            ]
        return ArticleBatch(
            (0..<count).map { number in
                func text(_ length: Int) -> String {
                    (0..<length).map { _ in words[generator.nextInt(below: 1 + generator.nextInt(below: words.count))] }
                        .joined(separator: " ")
                }
                return Article(title: number % 3 == 0 ? "" : text(4), text: number % 17 == 0 ? "" : text(number % 90))
            })
    }

    private static func parameters(maximum: Int?) -> TFIDFParameters {
        var parameters = TFIDFParameters()
        parameters.wordNgrams = LengthRange(1...1)
        parameters.minimumDocumentFrequency = 3
        parameters.maximumFeatures = maximum
        parameters.stopWords = .english
        parameters.titleWeight = 2
        return parameters
    }

    private static func header(articleCount: Int) -> ModelHeader {
        ModelHeader(
            task: .multi, labels: ["x"],
            recipe: Recipe(
                name: "n", summary: "s", featureExtractor: ComponentConfiguration("f"), classifier: ComponentConfiguration("c"),
                calibrator: ComponentConfiguration("c"), decisionRule: ComponentConfiguration("d")),
            training: .init(articleCount: articleCount, labelCounts: [0], seed: 0, dataDigest: ""))
    }

    private static func bytes(_ model: TFIDFModel) throws -> [UInt8] {
        var writer = ModelWriter()
        try model.write(to: &writer)
        return try writer.fileBytes(header: header(articleCount: 0))
    }

    @Test(arguments: [nil, 120]) func `What is collected piece by piece is what the vectoriser fits at once`(maximum: Int?) throws
    {
        let all = Self.articles(400, seed: 5)
        let parameters = Self.parameters(maximum: maximum)
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(all, context: TrainingContext(threadCount: 2))
        var collector = WordCollector(parameters)
        var sequence: [UInt32] = []
        for start in stride(from: 0, to: all.count, by: 37) {
            var piece = ArticleBatch()
            piece.append(all, at: start..<min(all.count, start + 37))
            collector.append(piece, to: &sequence)
        }
        let (collected, features) = collector.fitted()
        #expect(collected.featureCount == model.featureCount)
        #expect(collector.articleCount == 400)
        for feature in 0..<model.featureCount { #expect(collected.featureName(feature) == model.featureName(feature)) }
        var found = SparseMatrix(columnCount: collected.featureCount)
        var collectedRows = CollectedRows(collected, features: features)
        for article in sequence.split(separator: WordCollector.articleEnd, maxSplits: 399, omittingEmptySubsequences: false) {
            collectedRows.append(Array(article).span, to: &found)
        }
        #expect(found.rowCount == rows.rowCount)
        for row in 0..<rows.rowCount {
            let expected = Dictionary(
                uniqueKeysWithValues: rows.row(row).map { (rows.columnIndices[$0], rows.values[$0]) })
            let values = Dictionary(
                uniqueKeysWithValues: found.row(row).map { (found.columnIndices[$0], found.values[$0]) })
            #expect(values.keys.sorted() == expected.keys.sorted())
            for (column, value) in values { #expect(abs(value - expected[column, default: 0]) < 1e-12) }
        }
    }

    @Test func `A collector that was written goes on as if nothing had been`() throws {
        let (first, second) = (Self.articles(100, seed: 1), Self.articles(150, seed: 2))
        let parameters = Self.parameters(maximum: nil)
        var collector = WordCollector(parameters)
        var sequence: [UInt32] = []
        collector.append(first, to: &sequence)
        var read = try Self.reread(collector, articleCount: 100)
        var continued: [UInt32] = []
        var expected: [UInt32] = []
        read.append(second, to: &continued)
        collector.append(second, to: &expected)
        #expect(continued == expected)
        #expect(try Self.bytes(read.fitted().model) == Self.bytes(collector.fitted().model))
    }

    private static func reread(_ collector: WordCollector, articleCount: Int) throws -> WordCollector {
        var writer = ModelWriter()
        collector.write(to: &writer)
        return try WordCollector(
            reading: ModelFile(bytes: writer.fileBytes(header: header(articleCount: articleCount))).reader,
            parameters: collector.parameters,
            articleCount: articleCount)
    }

    @Test func `Counts that cannot be are refused`() throws {
        var collector = WordCollector(Self.parameters(maximum: nil))
        var sequence: [UInt32] = []
        collector.append(Self.articles(50, seed: 3), to: &sequence)
        #expect(throws: ModelFileError.self) { _ = try Self.reread(collector, articleCount: 5) }
    }
}
