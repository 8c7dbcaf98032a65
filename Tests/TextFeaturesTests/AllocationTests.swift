import CAllocationCounter
import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

/// Extraction allocates nothing once its memory has grown to the largest article.
///
/// The test program replaces `malloc` by one that counts the calls of each thread (`Tests/CAllocationCounter`), so that other tests
/// that run at the same time do not disturb. The same articles are extracted twice to warm up, and a third time counted. It holds in
/// debug builds, too, as long as the path has no loop over the elements of an array: the iterators of an unoptimised standard library
/// allocate.
@Suite struct AllocationTests {
    private func allocations(_ model: any FeatureExtractorModel, _ articles: ArticleBatch) -> Int64 {
        let extraction = model.makeExtraction()
        var rows = FeatureRows(featureCount: model.featureCount)
        var allocations: Int64 = 0
        for _ in 0..<3 {
            rows.removeAll()
            let before = sk_allocation_count()
            extraction.extract(articles, 0..<articles.count, into: &rows)
            allocations = sk_allocation_count() - before
        }
        return allocations
    }

    @Test func `The counter counts`() {
        guard sk_allocation_count() >= 0 else { return }
        let before = sk_allocation_count()
        let array = [Int](repeating: Int(before), count: 1000)
        #expect(sk_allocation_count() > before)
        #expect(array.count == 1000)
    }

    @Test(arguments: ExtractionTests.variants.indices) func `Extracting rows allocates nothing`(variant: Int) throws {
        let articles = ExtractionTests.articles(400, seed: 21)
        let parameters = try TFIDFParameters(ExtractionTests.variants[variant], component: "tfidf")
        let model = try TFIDFVectorizer(parameters).fitted(to: articles, context: TrainingContext())
        #expect(allocations(model, articles) == 0)
    }

    @Test func `Extracting hashed rows allocates nothing`() throws {
        let articles = ExtractionTests.articles(400, seed: 22)
        var parameters = HashingParameters()
        parameters.bits = 12
        parameters.text = try TFIDFParameters(ExtractionTests.variants[1], component: "hashing")
        let model = try HashingVectorizer(parameters).fitted(to: articles, context: TrainingContext())
        #expect(allocations(model, articles) == 0)
    }

    @Test func `Extracting with a model read from a file allocates nothing`() throws {
        let articles = ExtractionTests.articles(400, seed: 23)
        let model = try TFIDFVectorizer().fitted(to: articles, context: TrainingContext())
        let read = try TFIDFModel(reading: ModelFile(bytes: ExtractionTests.fileBytes(model)).reader)
        #expect(allocations(read, articles) == 0)
    }
}
