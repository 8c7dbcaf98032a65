import LinearAlgebra
import Testing
import TextClassification
import TextFeatures

@testable import SemiSupervised

@Suite struct FoldingTests {
    /// What folding leaves out are three lengths of an article, for which means stand in: without any other article they are its own.
    @Test func `Folded weights give an article of mean lengths its very scores`() throws {
        var news = SampleNews(seed: 11)
        let archive = news.batch(120)
        var settings = ArchiveVectors.Parameters()
        settings.rank = 10
        let (vectors, vectorRows) = try ArchiveVectors(settings).fittedExtracting(archive, context: TrainingContext())
        let (extractor, terms) = try TFIDFVectorizer(settings.terms).fittedExtracting(archive, context: TrainingContext())
        let words = vectors.terms.rows(of: archive, threadCount: 1)
        var generator = RandomGenerator(seed: 12)
        func random(_ count: Int) -> [Double] { (0..<count * 2).map { _ in generator.nextNormal() } }
        var parts = LinearParts(intercepts: random(1))
        parts.terms = random(terms.columnCount)
        parts.vectors = random(vectors.rank)
        parts.words = random(words.columnCount)
        for article in [0, 7, 53] {
            let features = ArchiveFeatures(
                terms: terms.selectingRows([article]), words: words.selectingRows([article]),
                vectors: vectorRows.selectingRows([article]), parameters: SemiSupervisedParameters(), trainingCount: 1)
            let folding = Folding(
                parts, vectors: vectors, features: extractor, words: words.selectingRows([article]),
                countScale: features.counts.scale, threads: 1)
            let wordSum = words.row(article).reduce(0) { $0 + Double(words.values[$1]) }
            for output in 0..<2 {
                func product(_ rows: SparseMatrix, _ weights: [Double]) -> Double {
                    rows.row(article).reduce(0) {
                        $0 + Double(rows.values[$1]) * weights[Int(rows.columnIndices[$1]) * 2 + output]
                    }
                }
                let expected =
                    product(terms, parts.terms) + product(vectorRows, parts.vectors) + 10 / wordSum * product(words, parts.words)
                    + parts.intercepts[output]
                #expect(abs(product(terms, folding.weights) + folding.intercepts[output] - expected) < 1e-4)
            }
        }
    }

    @Test func `Parts add up and scale output by output`() {
        var first = LinearParts(intercepts: [1, 2])
        first.terms = [1, 2, 3, 4]
        var second = LinearParts(onVectors: [5, 6, 7, 8], outputCount: 2)
        second.terms = [1, 1, 1, 1]
        let sum = first.scaled(by: [2, 10]) + second
        #expect(sum.terms == [3, 21, 7, 41] && sum.vectors == [5, 6] && sum.words.isEmpty && sum.intercepts == [9, 28])
        #expect(PlattLine(slope: 3, intercept: 1)(first).intercepts == [4, 7])
    }
}
