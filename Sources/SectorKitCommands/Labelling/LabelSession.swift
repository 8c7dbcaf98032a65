import Dispatch
import SemiSupervised
import Synchronization
import TextClassification

/// A session of labelling: shows articles, takes answers, and lets the classifier learn meanwhile.
///
/// While a batch is answered the next one is chosen in the background, from the answers before it. So nobody waits, and the order of the
/// articles depends on the answers alone.
struct LabelSession {
    private let learner: ActiveLearner
    private let articles: [Article]
    private let digests: [String]
    private let labels: LabelSet
    private let batchSize: Int
    private let journal: LabelJournal
    private let screen: LabelScreen
    private let input = KeyInput()
    /// Articles whose labels were known before.
    private let known: [ActiveLearner.Answer]
    private var progress: LabellingProgress
    /// What was answered, in order; `nil` labels where somebody was unsure.
    private var history: [(article: Int, labels: [Int]?)]
    /// Articles that are shown again since their answers were taken back.
    private var again: [Int] = []
    private var suggestions: [Int: ActiveLearner.Suggestion] = [:]

    private struct Round {
        let result: BackgroundWork<LabellingRound>
        let answerCount: Int
    }

    init(
        learner: ActiveLearner, articles: [Article], digests: [String], labels: LabelSet, known: [ActiveLearner.Answer],
        history: [(article: Int, labels: [Int]?)], batchSize: Int, journal: LabelJournal, isJSON: Bool
    ) {
        self.learner = learner
        self.articles = articles
        self.digests = digests
        self.labels = labels
        self.known = known
        self.history = history
        self.batchSize = batchSize
        self.journal = journal
        progress = LabellingProgress(archiveCount: learner.archiveCount, seed: learner.context.seed)
        screen = LabelScreen(
            keys: LabelKeys(labels: Array(labels)), task: learner.task, isJSON: isJSON,
            isTerminal: input.isTerminal && StandardStreams.isTerminal(StandardStreams.output) && Variables["TERM"] != "dumb")
    }

    private enum Step { case answer([Int]?), undo, quit, interrupt }

    /// Shows articles until nothing is left, or nobody answers any more.
    ///
    /// - Throws: `TrainingError.cancelled` on an interrupt; every answer is in the journal then.
    mutating func run() throws {
        defer { TerminalMode.restore() }
        var batch: [Int] = []
        var place = 0
        var round = begin(pending: [])
        while true {
            if again.isEmpty, place == batch.count {
                (batch, place) = (try finish(round), 0)
                guard !batch.isEmpty else { return try screen.say("there is nothing left to ask") }
                round = begin(pending: batch)
            }
            let article = again.last ?? batch[place]
            switch try ask(article) {
            case .answer(let given):
                try journal.add(articles[article], digest: digests[article], labels: given?.map { labels[$0] })
                history.append((article, given))
                try screen.showAnswer(given)
                if again.popLast() == nil { place += 1 }
            case .undo:
                guard let last = history.last else {
                    try screen.say("there is nothing to undo")
                    continue
                }
                try journal.undo(digest: digests[last.article])
                history.removeLast()
                again.append(last.article)
            case .quit: return
            case .interrupt: throw TrainingError.cancelled
            }
        }
    }

    private var answers: [ActiveLearner.Answer] {
        known + history.compactMap { entry in entry.labels.map { .init(article: entry.article, labels: $0) } }
    }

    private func begin(pending: [Int]) -> Round {
        let (learner, answers, batchSize) = (learner, answers, batchSize)
        let refused = history.filter { $0.labels == nil }.map(\.article)
        let result = BackgroundWork {
            try LabellingRound(batchSize, answers: answers, refused: refused, pending: pending, learner: learner)
        }
        return Round(result: result, answerCount: answers.count)
    }

    /// Waits for a round and returns what to ask next.
    private mutating func finish(_ round: Round) throws -> [Int] {
        let learnt = try round.result.value()
        progress.add(learnt.knowledge, of: learner)
        if learnt.knowledge.isTrained, progress.changedShare != nil {
            try screen.showLearnt(progress, answerCount: round.answerCount)
        }
        for suggestion in learnt.suggestions { suggestions[suggestion.article] = suggestion }
        return learnt.suggestions.map(\.article)
    }

    /// Shows an article and reads keys until they make an answer.
    private func ask(_ article: Int) throws -> Step {
        try screen.show(articles[article], suggestions[article], status: status, showsAll: false)
        var chosen: Set<Int> = []
        while true {
            switch input.next() {
            case .end: return .quit
            case .interrupt: return .interrupt
            case .backspace where chosen.isEmpty: return .undo
            case .backspace:
                chosen = []
                try screen.showChosen([])
            case .enter:
                // An Enter that follows another key, as in lines of a pipe, is no answer of its own.
                guard !chosen.isEmpty else { continue }
                return .answer(chosen.sorted())
            case .key(LabelKeys.unsure): return .answer(nil)
            case .key(LabelKeys.undo): return .undo
            case .key(LabelKeys.quit): return .quit
            case .key(LabelKeys.more): try screen.show(articles[article], suggestions[article], status: status, showsAll: true)
            case .key(LabelKeys.none) where learner.task == .multi: return .answer([])
            case .key(let key):
                guard let label = screen.keys.label(of: key) else {
                    try screen.say("\"\(key)\" stands for nothing here")
                    continue
                }
                if learner.task == .single { return .answer([label]) }
                if chosen.remove(label) == nil { chosen.insert(label) }
                try screen.showChosen(chosen.sorted())
            }
        }
    }

    /// How many answers each label has.
    private var status: String {
        var counts = [Int](repeating: 0, count: labels.count)
        let given = history.compactMap(\.labels)
        for labels in given + known.map(\.labels) { for label in labels { counts[label] += 1 } }
        var parts = labels.indices.map { "\(labels[$0]) \(counts[$0])" }
        if learner.task == .multi { parts.append("none \((given + known.map(\.labels)).count { $0.isEmpty })") }
        let unsure = unsureCount > 0 ? ", \(unsureCount) unsure" : ""
        return "\(counted(given.count, "answer"))\(unsure)\(known.isEmpty ? "" : "; with the seeds"): "
            + parts.joined(separator: ", ")
    }

    /// The labelled articles, in the order of their answers.
    var labelledArticles: [Article] {
        history.compactMap { entry in
            entry.labels.map { given in
                var article = articles[entry.article]
                article.labels = given.map { labels[$0] }
                return article
            }
        }
    }

    var unsureCount: Int { history.count { $0.labels == nil } }
    var isSettled: Bool { progress.isSettled }
}

/// A value that another thread computes.
final class BackgroundWork<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global(qos: .userInitiated).async { [self] in
            let outcome = Result { try body() }
            result.withLock { $0 = outcome }
            done.signal()
        }
    }

    /// The value, once it is there; to be called once.
    func value() throws -> Value {
        done.wait()
        guard let outcome = result.withLock({ $0 }) else { throw TrainingError.cancelled }
        return try outcome.get()
    }
}
