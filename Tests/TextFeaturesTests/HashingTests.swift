import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

@Suite struct HashingTests {
    private func model(bits: Int, _ articles: ArticleBatch, _ variant: [String: HyperparameterValue] = [:]) throws -> HashingModel
    {
        var parameters = HashingParameters()
        parameters.bits = bits
        parameters.text = try TFIDFParameters(variant, component: "hashing")
        return try HashingVectorizer(parameters).fitted(to: articles, context: TrainingContext())
    }

    @Test(arguments: [0, 1, 2, 4]) func `Without collisions the values are those of the vocabulary`(number: Int) throws {
        let articles = ExtractionTests.articles(8, seed: 11)
        let variant = ExtractionTests.variants[number]
        let exact = try TFIDFVectorizer(TFIDFParameters(variant, component: "tfidf"))
            .fittedExtracting(articles, context: TrainingContext())
        let hashed = try model(bits: 20, articles, variant)
        let rows = hashed.rows(of: articles, threadCount: 1)
        #expect(rows.rowOffsets == exact.rows.rowOffsets)
        // The terms come in the same order, and so do the values.
        #expect(rows.values == exact.rows.values)
        for (feature, other) in zip(rows.columnIndices, exact.rows.columnIndices) {
            // A mark at the beginning of a name is one character with the quotation mark before it.
            var name = Array(exact.model.featureName(Int(other)).unicodeScalars)
            if name.first == "\"" { name = Array(name.dropFirst().dropLast()) }
            #expect(Array(hashed.featureName(Int(feature)).unicodeScalars) == name + [" ", "…"])
        }
    }

    @Test func `The space is bounded, and every feature has a name`() throws {
        let articles = ExtractionTests.articles(300, seed: 12)
        let model = try model(bits: 8, articles, ["characterNgrams": .text("3-5")])
        #expect(model.featureCount == 512)
        let rows = model.rows(of: articles, threadCount: 2)
        #expect(rows.columnIndices.allSatisfy { 0..<512 ~= $0 })
        #expect(rows.values.allSatisfy { $0.isFinite })
        // By scalars: some letters are one character with the space behind them.
        for feature in Set(rows.columnIndices) {
            #expect(model.featureName(Int(feature)).unicodeScalars.suffix(2).elementsEqual(" …".unicodeScalars))
        }
        #expect((0..<model.featureCount).allSatisfy { !model.featureName($0).isEmpty })
    }

    @Test func `Features that no training article reaches are not looked at`() throws {
        let model = try model(bits: 20, ArticleBatch([Article(text: "a b")]))
        let rows = model.rows(of: ArticleBatch([Article(text: "a x y z")]), threadCount: 1)
        #expect(rows.elementCount == 1)
        #expect(model.featureName(Int(rows.columnIndices[0])) == "a …")
        #expect(model.featureName(0).hasPrefix("#"))
    }

    @Test func `A term too long for a name has none`() throws {
        let model = try model(bits: 20, ArticleBatch([Article(text: String(repeating: "x", count: 2000))]))
        let rows = model.rows(of: ArticleBatch([Article(text: String(repeating: "x", count: 2000))]), threadCount: 1)
        #expect(model.featureName(Int(rows.columnIndices[0])) == "#\(rows.columnIndices[0])")
    }

    @Test func `A model read back extracts the same rows`() throws {
        let articles = ExtractionTests.articles(80, seed: 13)
        let model = try model(bits: 12, articles, ExtractionTests.variants[1])
        let bytes = try ExtractionTests.fileBytes(model)
        let read = try HashingModel(reading: ModelFile(bytes: bytes).reader)
        #expect(read.rows(of: articles, threadCount: 3) == model.rows(of: articles, threadCount: 1))
        #expect(try ExtractionTests.fileBytes(read) == bytes)
        #expect((0..<read.featureCount).map(read.featureName) == (0..<model.featureCount).map(model.featureName))
    }

    @Test func `Occurrences are those of the features of the row`() throws {
        let article = Article(title: "Export controls", text: "The e-commerce of chips")
        let model = try model(bits: 20, ArticleBatch([article]), ["compounds": .text("both")])
        let rows = model.rows(of: ArticleBatch([article]), threadCount: 1)
        #expect(Set(model.occurrences(in: article).map(\.feature)) == Set(rows.columnIndices.map { Int($0) }))
    }
}
