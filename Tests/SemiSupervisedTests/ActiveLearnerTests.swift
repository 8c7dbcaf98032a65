import Foundation
import LinearAlgebra
import Testing
import TextClassification
import TextFeatures

@testable import SemiSupervised

@Suite struct ActiveLearnerTests {
    /// Articles of four subjects in turn; the last ten are the first ten again.
    private static let archive: [String] = {
        var news = SampleNews(seed: 11)
        let texts = (0..<200).map { news.text([$0 % 4]) }
        return texts + texts.prefix(10)
    }()
    private static let labels = archive.indices.map { [($0 % 200) % 4] }

    private func learner(_ task: ClassificationTask, threads: Int = 2) throws -> ActiveLearner {
        let context = TrainingContext(threadCount: threads)
        let batch = ArticleBatch(Self.archive.map { Article(text: $0) })
        var parameters = ArchiveVectors.Parameters()
        parameters.rank = 16
        var terms = TFIDFParameters()
        terms.wordNgrams = LengthRange(1...1)
        return try ActiveLearner(
            articles: batch, vectors: try ArchiveVectors(parameters).fitted(to: batch, context: context), terms: terms,
            task: task,
            labelCount: 4, context: context)
    }

    private func answers(_ articles: some Sequence<Int>) -> [ActiveLearner.Answer] {
        articles.map { .init(article: $0, labels: Self.labels[$0]) }
    }

    @Test(arguments: [ClassificationTask.single, .multi]) func `A few answers about each subject are enough`(
        task: ClassificationTask
    ) throws {
        let learner = try learner(task)
        #expect(try !learner.knowledge(from: []).isTrained)
        #expect(try !learner.knowledge(from: answers([0])).isTrained)
        let knowledge = try learner.knowledge(from: answers(0..<24))
        #expect(knowledge.isTrained && knowledge.answerCount == 24)
        let right = Self.archive.indices.count { learner.labels(of: $0, by: knowledge) == Self.labels[$0] }
        #expect(right > Self.archive.count * 8 / 10, "\(right)")
        // Neither the order of the answers nor the number of threads matters.
        let again = try self.learner(task, threads: 1).knowledge(from: answers((0..<24).reversed()))
        #expect(again.probabilities == knowledge.probabilities)
    }

    @Test func `A label that nobody gave has no probability in a single-label task`() throws {
        let learner = try learner(.single)
        let knowledge = try learner.knowledge(from: answers([0, 1, 4, 5]))
        for article in 0..<learner.articleCount {
            #expect(knowledge.probabilities[article * 4 + 2] == 0 && knowledge.probabilities[article * 4 + 3] == 0)
        }
    }

    @Test func `Suggestions are new, different, and the same for any number of threads`() throws {
        let learner = try learner(.single)
        let answered = [0, 1, 2, 3]
        let knowledge = try learner.knowledge(from: answers(answered))
        let suggestions = try learner.suggestions(30, knowing: knowledge, answered: answered, pending: [4, 5])
        let articles = suggestions.map(\.article)
        #expect(articles.count == 30 && Set(articles).count == 30)
        #expect(Set(articles).isDisjoint(with: [0, 1, 2, 3, 4, 5]))
        // Copies of what was answered or is being asked.
        #expect(Set(articles).isDisjoint(with: [200, 201, 202, 203, 204, 205]))
        #expect(suggestions.allSatisfy { 0...1 ~= $0.uncertainty && 0...1 ~= $0.expectedGain })
        let other = try self.learner(.single, threads: 1)
        #expect(
            try other.suggestions(30, knowing: other.knowledge(from: answers(answered)), answered: answered, pending: [4, 5])
                == suggestions)
        // Of two copies one is enough.
        let all = try learner.suggestions(500, knowing: knowledge, answered: [], pending: []).map(\.article)
        for article in 0..<10 { #expect(!(all.contains(article) && all.contains(article + 200))) }
        let eligible = try learner.suggestions(500, knowing: knowledge, answered: [], pending: []) { $0 % 2 == 0 }
        #expect(!eligible.isEmpty && eligible.allSatisfy { $0.article % 2 == 0 })
        #expect(try learner.suggestions(5, knowing: knowledge, answered: Array(0..<210), pending: []).isEmpty)
    }

    /// 1 − (p₁ − p₂), and 1 − |2p − 1| of the most uncertain label.
    @Test func `Uncertainty is by the formulas`() throws {
        var probabilities = [Double](repeating: 0, count: 210 * 4)
        probabilities.replaceSubrange(0..<8, with: [0.5, 0.3, 0.2, 0, 0.9, 0.1, 0, 0])
        let knowledge = ActiveLearner.Knowledge(probabilities: probabilities, answerCount: 8)
        let single = try learner(.single)
        #expect(abs(single.uncertainty(of: 0, knowledge) - 0.8) < 1e-12)
        #expect(abs(single.uncertainty(of: 1, knowledge) - 0.2) < 1e-12)
        let multi = try learner(.multi)
        #expect(abs(multi.uncertainty(of: 0, knowledge) - 1) < 1e-12)
        #expect(abs(multi.uncertainty(of: 1, knowledge) - 0.2) < 1e-12)
        #expect(multi.uncertainty(of: 0, ActiveLearner.Knowledge(probabilities: [], answerCount: 0)) == 1)
    }

    @Test func `The first batch covers all subjects`() throws {
        let learner = try learner(.single)
        let nothing = try learner.knowledge(from: [])
        let subjects = try learner.suggestions(8, knowing: nothing, answered: [], pending: []).map { Self.labels[$0.article] }
        #expect(Set(subjects).count == 4)
    }

    private struct AgreementFixture: Decodable {
        struct Case: Decodable {
            let first: [[Int]]
            let second: [[Int]]
            let kappa: Double
        }
        let labelCount: Int
        let cases: [Case]
    }

    @Test func `Agreement is Cohen's kappa of scikit-learn`() throws {
        let path = try #require(Bundle.module.path(forResource: "Fixtures/agreement", ofType: "json"))
        let fixture = try JSONDecoder().decode(AgreementFixture.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        for recorded in fixture.cases {
            let kappa = LabellingProgress.agreement(recorded.first, recorded.second, labelCount: fixture.labelCount)
            #expect(abs(kappa - recorded.kappa) < 1e-12)
        }
        #expect(LabellingProgress.agreement([[], []], [[], []], labelCount: 2) == 1)
    }

    @Test func `Rounds that change nothing are settled`() throws {
        let learner = try learner(.single)
        let knowledge = try learner.knowledge(from: answers(0..<12))
        var progress = LabellingProgress(archiveCount: learner.archiveCount, seed: 0)
        progress.add(try learner.knowledge(from: []), of: learner)
        #expect(progress.changedShare == nil)
        for round in 0..<4 {
            #expect(!progress.isSettled)
            progress.add(knowledge, of: learner)
            #expect(progress.agreements == [Double](repeating: 1, count: round))
        }
        #expect(progress.isSettled && progress.changedShare == 0)
        progress.add(try learner.knowledge(from: answers([0, 1, 4, 5])), of: learner)
        #expect(!progress.isSettled && progress.changedShare ?? 0 > 0.2)
    }

    @Test(arguments: LabellingSimulation.Order.allCases) func `A simulation stops at its milestones`(
        order: LabellingSimulation.Order
    ) throws {
        let learner = try learner(.single)
        let simulation = LabellingSimulation(learner: learner, labels: Self.labels, batchSize: 4)
        func reached() throws -> [(Int, [Double])] {
            var reached: [(Int, [Double])] = []
            try simulation.run(order, pool: Array(0..<100), milestones: [6, 8, 23], seed: 5) { count, knowledge, _ in
                reached.append((count, knowledge.probabilities))
            }
            return reached
        }
        let first = try reached()
        #expect(first.map(\.0) == [6, 8, 23])
        #expect(try reached().map(\.1) == first.map(\.1))
        var last = 0
        try simulation.run(order, pool: Array(0..<10), milestones: [5, 50], seed: 5) { count, _, _ in last = count }
        #expect(last == 5)
    }
}
