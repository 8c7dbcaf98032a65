import Testing
import TextClassification
import TextFeatures

@Suite struct FavouredTermsTests {
    /// Terms of the first articles stay, those of the others only where they are common; how the articles are divided among threads
    /// does not matter.
    @Test(arguments: [1, 3]) func `Terms of favoured articles are kept`(threads: Int) throws {
        var parameters = TFIDFParameters()
        parameters.wordNgrams = LengthRange(1...2)
        parameters.minimumDocumentFrequency = 3
        let texts = ["rare pair", "lone"] + [String](repeating: "common word", count: 3) + ["seldom seen"]
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(
            ArticleBatch(texts.map { Article(text: $0) }), favouring: 2, context: TrainingContext(threadCount: threads))
        let names = (0..<model.featureCount).map(model.featureName)
        #expect(Set(names) == ["rare", "pair", "rare pair", "lone", "common", "word", "common word"])
        #expect(rows.rowCount == texts.count)
        #expect(rows.row(0).count == 3 && rows.row(5).isEmpty)
    }
}
