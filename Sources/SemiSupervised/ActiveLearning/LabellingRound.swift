import LinearAlgebra
import TextClassification

/// One round of learning from answers and choosing what to ask next.
///
/// A batch of suggestions is answered while the next one is being chosen from the answers before it: nobody waits, and what is shown depends
/// on the answers alone, never on how fast they come.
public struct LabellingRound: Sendable {
    public var knowledge: ActiveLearner.Knowledge
    /// What to ask.
    public var suggestions: [ActiveLearner.Suggestion]

    /// - Parameters:
    ///   - count: how many articles to suggest.
    ///   - answers: all so far.
    ///   - refused: articles that somebody was unsure about.
    ///   - pending: the batch that is being answered meanwhile.
    public init(
        _ count: Int, answers: [ActiveLearner.Answer], refused: [Int], pending: [Int], learner: ActiveLearner,
        options: ActiveLearner.SelectionOptions = .init(), isEligible: (Int) -> Bool = { _ in true }
    ) throws {
        knowledge = try learner.knowledge(from: answers)
        suggestions = try learner.suggestions(
            count, knowing: knowledge, answered: answers.map(\.article) + refused, pending: pending, options: options,
            isEligible: isEligible)
    }
}

/// Labelling replayed on articles whose labels are known: what the order of the questions is worth.
public struct LabellingSimulation: Sendable {
    /// In which order articles are asked.
    public enum Order: String, Sendable, CaseIterable, Codable {
        /// As `ActiveLearner` suggests.
        case active
        case random
    }

    private let learner: ActiveLearner
    private let labels: [[Int]]
    private let batchSize: Int
    private let options: ActiveLearner.SelectionOptions

    /// - Parameter labels: of the articles of the archive, what somebody would answer.
    public init(
        learner: ActiveLearner, labels: [[Int]], batchSize: Int, options: ActiveLearner.SelectionOptions = .init()
    ) {
        precondition(labels.count >= learner.archiveCount, "an article whose labels are not known")
        self.learner = learner
        self.labels = labels
        self.batchSize = batchSize
        self.options = options
    }

    /// Answers questions about articles of `pool` and reports what is known after some of them.
    ///
    /// - Parameters:
    ///   - known: articles that are answered before the first question.
    ///   - milestones: numbers of answers, ascending.
    ///   - body: called at each with the number, the knowledge and whether the answers had settled (`LabellingProgress`) by then.
    public func run(
        _ order: Order, pool: [Int], known: [ActiveLearner.Answer] = [], milestones: [Int], seed: UInt64,
        _ body: (_ answerCount: Int, _ knowledge: ActiveLearner.Knowledge, _ progress: LabellingProgress) throws -> Void
    ) throws {
        var progress = LabellingProgress(archiveCount: learner.archiveCount, seed: learner.context.seed)
        var answers = known
        var isInPool = [Bool](repeating: false, count: learner.articleCount)
        for article in pool { isInPool[article] = true }
        var shuffled = pool.sorted()
        var generator = RandomGenerator(seed: seed)
        generator.shuffle(&shuffled)
        var remaining = milestones[...]
        func batch(pending: [Int]) throws -> (knowledge: ActiveLearner.Knowledge, articles: [Int]) {
            switch order {
            case .active:
                let round = try LabellingRound(
                    batchSize, answers: answers, refused: [], pending: pending, learner: learner, options: options
                ) { isInPool[$0] }
                return (round.knowledge, round.suggestions.map(\.article))
            case .random:
                let next = Array(shuffled.prefix(batchSize))
                shuffled.removeFirst(next.count)
                return (try learner.knowledge(from: answers), next)
            }
        }
        var current = try batch(pending: []).articles
        var next = try batch(pending: current).articles
        while let milestone = remaining.first, !current.isEmpty {
            for article in current {
                answers.append(.init(article: article, labels: labels[article]))
                guard answers.count - known.count == remaining.first else { continue }
                try body(answers.count - known.count, try learner.knowledge(from: answers), progress)
                remaining = remaining.dropFirst()
            }
            guard answers.count - known.count < remaining.last ?? milestone else { break }
            let after = try batch(pending: next)
            progress.add(after.knowledge, of: learner)
            current = next
            next = after.articles
        }
    }
}
