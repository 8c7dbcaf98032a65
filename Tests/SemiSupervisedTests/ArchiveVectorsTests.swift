import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import SemiSupervised

@Suite struct ArchiveVectorsTests {
    /// What `scripts/fixtures/archive_vectors.py` recorded.
    struct Fixture: Decodable {
        let wordCount: Int
        let window: Int
        let smoothing: Double
        let rank: Int
        let articles: [[Int32]]
        let columns: [[Int]]
        let values: [[Double]]
        let cosines: [[Double]]

        static func read() throws -> Fixture {
            let path = try #require(Bundle.module.path(forResource: "Fixtures/vectors", ofType: "json"))
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            return try JSONDecoder().decode(Fixture.self, from: data)
        }
    }

    /// The rows as dense ones, through products with the identity.
    private func dense(_ rows: FloatRows) -> [[Double]] {
        let identity = DenseMatrix.identity(rows.columnCount).elements
        let product = FloatOperator(rows: rows).multiply(identity, k: rows.columnCount, threads: 1)
        return (0..<rows.rowCount).map { Array(product[$0 * rows.columnCount..<($0 + 1) * rows.columnCount]) }
    }

    @Test func `Cells are those of NumPy`() throws {
        let fixture = try Fixture.read()
        let counting = PositivePMI(window: fixture.window, smoothing: fixture.smoothing)
        for threads in [1, 3] {
            let rows = try counting.rows(
                of: WordSequences(fixture.articles, wordCount: fixture.wordCount), wordCount: fixture.wordCount,
                context: TrainingContext(threadCount: threads))
            let found = dense(rows)
            #expect(rows.elementCount == fixture.values.reduce(0) { $0 + $1.count })
            for (word, row) in found.enumerated() {
                var expected = [Double](repeating: 0, count: fixture.wordCount)
                for (column, value) in zip(fixture.columns[word], fixture.values[word]) { expected[column] = value }
                for (a, b) in zip(row, expected) { #expect(abs(a - b) < 2e-5) }
            }
        }
    }

    @Test func `Word vectors have the cosines of an exact decomposition`() throws {
        let fixture = try Fixture.read()
        var parameters = ArchiveVectors.Parameters()
        parameters.window = fixture.window
        parameters.smoothing = fixture.smoothing
        parameters.rank = fixture.rank
        parameters.powerIterations = 20
        let sequences = WordSequences(fixture.articles, wordCount: fixture.wordCount)
        let (vectors, rank) = try ArchiveVectors(parameters).wordVectors(
            of: sequences, wordCount: fixture.wordCount, context: TrainingContext())
        #expect(rank == fixture.rank)
        for u in 0..<fixture.wordCount {
            for v in 0..<fixture.wordCount {
                var cosine = 0.0
                for d in 0..<rank { cosine += Double(vectors[u * rank + d]) * Double(vectors[v * rank + d]) }
                #expect(abs(cosine - fixture.cosines[u][v]) < 1e-4)
            }
        }
        let again = try ArchiveVectors(parameters).wordVectors(
            of: sequences, wordCount: fixture.wordCount, context: TrainingContext(threadCount: 4))
        #expect(again.elements == vectors)
    }

    @Test func `A row is cut to its largest cells`() throws {
        let fixture = try Fixture.read()
        var counting = PositivePMI(window: fixture.window, smoothing: fixture.smoothing)
        counting.largestRowLength = 5
        let rows = try counting.rows(
            of: WordSequences(fixture.articles, wordCount: fixture.wordCount), wordCount: fixture.wordCount,
            context: TrainingContext())
        for (word, row) in dense(rows).enumerated() {
            let kept = row.filter { $0 != 0 }.sorted()
            #expect(kept.count == min(5, fixture.values[word].count))
            for (a, b) in zip(kept, fixture.values[word].sorted().suffix(5)) { #expect(abs(a - b) < 2e-5) }
        }
    }

    private static let batch = ArticleBatch(
        (0..<40).map { number in
            Article(
                text: number.isMultiple(of: 2)
                    ? "tariffs on steel imports raise duties at customs ports for exporters of steel"
                    : "hackers stole passwords from servers with malware that police found on stolen servers")
        })

    @Test func `Articles and words find their neighbours, and a model reads back`() throws {
        let (model, rows) = try ArchiveVectors().fittedExtracting(Self.batch, context: TrainingContext(threadCount: 2))
        let steel = try #require(model.position(ofWord: "Steel"))
        let near = model.nearestWords(to: model.vector(ofWord: steel), count: 3)
        #expect(near[0].position == steel)
        #expect(abs(near[0].similarity - 1) < 1e-5)
        #expect(
            ["tariffs", "imports", "duties", "customs", "ports", "exporters", "raise"].contains(
                model.terms.featureName(near[1].position)))
        let query = try #require(model.vector(of: Article(text: "malware on servers")))
        let articles = model.nearestArticles(to: query, among: rows, count: 4)
        #expect(articles.count == 4 && articles.allSatisfy { $0.position % 2 == 1 })
        #expect(model.vector(of: Article(text: "nothing known")) == nil)
        #expect(model.position(ofWord: "unknownword") == nil)
    }

    @Test func `An archive without repeated words is an error`() throws {
        let batch = ArticleBatch([Article(text: "one two"), Article(text: "three four")])
        #expect(throws: TrainingError.self) {
            _ = try ArchiveVectors().fitted(to: batch, context: TrainingContext())
        }
    }
}
