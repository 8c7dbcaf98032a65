import Foundation
import LinearAlgebra
import Testing

@testable import TopicModels

/// Coherence recorded from gensim by `scripts/fixtures/coherence.py`.
private struct Recorded: Decodable {
    let window: Int
    let documents: [[Int32]]
    let topics: [[Int]]
    let cV: [Double]
    let windowNPMI: [Double]
    let npmi: [Double]
    let uMass: [Double]

    init() throws {
        let url = Bundle.module.resourceURL!.appending(path: "Fixtures/coherence.json")
        self = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: url))
    }
}

@Suite struct QualityTests {
    private func rows(_ documents: [[Int32]], columnCount: Int) -> SparseMatrix {
        var rows = SparseMatrix(columnCount: columnCount)
        for document in documents {
            for term in Set(document).sorted() { rows.append(column: term, value: 1) }
            rows.endRow()
        }
        return rows
    }

    @Test func coherenceAgreesWithGensim() throws {
        let recorded = try Recorded()
        let terms = recorded.topics.flatMap { $0 }
        let articles = ReferenceCounts(articles: rows(recorded.documents, columnCount: 48), terms: terms)
        let windows = ReferenceCounts(sequences: recorded.documents, terms: terms, windowLength: recorded.window)
        for (position, topic) in recorded.topics.enumerated() {
            #expect(abs(try #require(Coherence.cV(topic, windows)) - recorded.cV[position]) < 1e-9)
            #expect(abs(try #require(Coherence.npmi(topic, articles)) - recorded.npmi[position]) < 1e-12)
            #expect(abs(try #require(Coherence.uMass(topic, articles)) - recorded.uMass[position]) < 1e-12)
            // gensim adds 1e-12 before the logarithm, so a pair that never meets is a little above -1.
            #expect(abs(try #require(Coherence.npmi(topic, windows)) - recorded.windowNPMI[position]) < 0.01)
        }
    }

    @Test func coherenceIsNeverNaN() {
        let documents: [[Int32]] = [[0, 1], [0, 1, 2], [0, 1, 3], []]
        let articles = ReferenceCounts(articles: rows(documents, columnCount: 6), terms: [0, 1, 2, 3, 4])
        #expect(Coherence.npmi([2, 3], articles) == -1)
        #expect(Coherence.npmi([0], articles) == nil && Coherence.npmi([], articles) == nil)
        // 4 occurs nowhere, 5 was not counted.
        #expect(Coherence.npmi([0, 4, 5], articles) == nil && Coherence.uMass([4, 0], articles) == nil)
        #expect(Coherence.cV([4, 5], articles) == nil)
        let everywhere = ReferenceCounts(articles: rows([[0, 1], [0, 1]], columnCount: 2), terms: [0, 1])
        #expect(Coherence.npmi([0, 1], everywhere) == 1 && abs((Coherence.cV([0, 1], everywhere) ?? 0) - 1) < 1e-12)
        let nothing = ReferenceCounts(sequences: [], terms: [0, 1], windowLength: 5)
        for measure in [Coherence.npmi, Coherence.uMass, Coherence.cV] { #expect(measure([0, 1], nothing) == nil) }
        for topic in [[0, 2], [2, 3], [0, 1], [0, 1, 2, 3]] {
            for measure in [Coherence.npmi, Coherence.uMass, Coherence.cV] {
                #expect(measure(topic, articles).map(\.isFinite) == true)
            }
        }
    }

    @Test func windowsSlide() {
        let counts = ReferenceCounts(sequences: [[0, -1, 1, 0], [1]], terms: [0, 1], windowLength: 2)
        // Windows: 0·, ·1, 1 0, and the second article.
        #expect(counts.contextCount == 4 && counts.count(of: 0) == 2 && counts.count(of: 1) == 3)
        #expect(counts.count(of: 0, and: 1) == 1)
    }

    @Test func diversityAndAgreement() {
        #expect(TopicComparison.diversity([[1, 2], [2, 3]]) == 0.75 && TopicComparison.diversity([]) == 1)
        #expect(TopicComparison.agreement([[1, 2], [3, 4]], [[4, 3], [2, 1]]) == 1)
        #expect(TopicComparison.agreement([[1, 2], [3, 4]], [[1, 2]]) == 0.5)
        #expect(abs(TopicComparison.agreement([[1, 2]], [[2, 3]]) - 1 / 3) < 1e-12)
        #expect(TopicComparison.stability([[[1]], [[1]], [[2]]]) == 1.0 / 3)
    }

    /// The best assignment of all permutations.
    @Test func assignmentsAreOptimal() {
        var random = RandomGenerator(seed: 4)
        for _ in 0..<50 {
            let gains = (0..<5).map { _ in (0..<5).map { _ in Double(random.nextInt(below: 20)) } }
            let found = TopicComparison.assignment(maximizing: gains)
            #expect(Set(found).count == 5)
            var best = 0.0
            func search(_ row: Int, _ used: Set<Int>, _ sum: Double) {
                if row == 5 { best = max(best, sum) }
                for column in 0..<5 where row < 5 && !used.contains(column) {
                    search(row + 1, used.union([column]), sum + gains[row][column])
                }
            }
            search(0, [], 0)
            #expect(found.enumerated().reduce(0) { $0 + gains[$1.offset][$1.element] } == best)
        }
    }

    @Test func recommendsWithReasons() throws {
        func quality(_ count: Int, _ npmi: Double?, _ diversity: Double, _ stability: Double?) -> TopicCountQuality {
            TopicCountQuality(
                topicCount: count, npmi: npmi, uMass: nil, cV: nil, diversity: diversity, stability: stability,
                reconstructionError: 0.5)
        }
        let clear = [quality(10, 0.1, 0.9, nil), quality(20, 0.3, 0.9, nil), quality(40, 0.2, 0.5, nil)]
        let choice = try #require(TopicCountQuality.recommendation(among: clear))
        #expect(choice.topicCount == 20)
        #expect(choice.reasons[0] == "coherence times diversity is 0.585, the largest")
        #expect(choice.reasons[2] == "40 topics are less coherent (NPMI 0.2) and less diverse (0.5)")
        let tied = [quality(10, 0.3, 0.9, 0.4), quality(20, 0.3, 0.9, 0.6)]
        #expect(TopicCountQuality.recommendation(among: tied)?.topicCount == 20)
        #expect(TopicCountQuality.recommendation(among: [quality(5, nil, 1, nil)])?.topicCount == 5)
        #expect(TopicCountQuality.recommendation(among: []) == nil)
    }
}
