import Dispatch
import FoundationEssentials
import Synchronization
import TextClassification

/// A program that speaks the plugin protocol: started when it is needed, and again after a failure.
///
/// It fits and predicts for one caller at a time; others wait. Models are values: the program holds one of them at a time, and
/// gets the learnt state of another before that one predicts.
final class PluginProgram: Sendable {
    /// Names a fitted model, so that it is known whether the program holds it.
    typealias ModelIdentifier = UInt64

    private struct Session {
        var process: ChildProcess?
        var loaded: ModelIdentifier?
        var nextIdentifier: ModelIdentifier = 1
    }

    let path: String
    let greeting: Greeting
    let limits: PluginLimits
    private let session: Mutex<Session>
    /// Taken by whoever talks to the program.
    private let turn = DispatchSemaphore(value: 1)

    /// Starts a program and lets it introduce itself.
    /// - Throws: `PluginError`.
    init(path: String, limits: PluginLimits) throws {
        self.path = path
        self.limits = limits
        let (process, greeting) = try Self.start(path, limits)
        self.greeting = greeting
        session = Mutex(Session(process: process))
    }

    deinit { close() }

    /// Ends the program.
    func close() {
        let process = session.withLock { session in
            defer { session.process = nil }
            return session.process
        }
        process?.close()
    }

    private static func start(_ path: String, _ limits: PluginLimits) throws -> (ChildProcess, Greeting) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let process = ChildProcess(path: path, name: name, limits: limits)
        do throws(PluginError) {
            let exchange = Exchange(process: process, plugin: path, limits: limits, time: limits.greetingTime)
            try exchange.send(Request.Hello())
            let line = try exchange.line("its greeting")
            let greeting: Greeting
            do {
                let reply = try JSONDecoder().decode(Reply.self, from: Data(line))
                if reply.type == .error { throw exchange.failure(exchange.complaint(reply)) }
                guard reply.type == .hello else { throw exchange.failure("it greets with \(Exchange.excerpt(line))") }
                greeting = try JSONDecoder().decode(Greeting.self, from: Data(line))
            } catch let error as PluginError {
                throw error
            } catch {
                throw exchange.failure("its greeting is not one of protocol \(pluginProtocolVersion): \(Exchange.excerpt(line))")
            }
            guard greeting.protocol == pluginProtocolVersion else {
                throw exchange.failure(
                    "it speaks version \(greeting.protocol) of the plugin protocol; this program speaks \(pluginProtocolVersion)")
            }
            guard Greeting.isName(greeting.name) else {
                throw exchange.failure("its name, \"\(greeting.name)\", is not made of 1 to 64 letters, digits, -, _ and .")
            }
            return (process, greeting)
        } catch {
            process.kill()
            throw error
        }
    }

    /// Talks to the program, when it is this caller's turn; whatever goes wrong ends it.
    private func converse<Result>(
        isCancelled: @escaping () -> Bool = { false }, _ body: (Exchange) throws -> Result
    ) throws -> Result {
        turn.wait()
        defer { turn.signal() }
        let process: ChildProcess
        if let running = session.withLock(\.process) {
            process = running
        } else {
            process = try Self.start(path, limits).0
            session.withLock { $0.process = process }
        }
        do {
            let exchange = Exchange(
                process: process, plugin: path, limits: limits, time: limits.answerTime, isCancelled: isCancelled)
            try exchange.begin()
            return try body(exchange)
        } catch {
            process.kill()
            session.withLock { $0 = Session(nextIdentifier: $0.nextIdentifier) }
            throw error
        }
    }

    /// Fits to a corpus; returns what was learnt.
    func fit(
        _ corpus: Corpus, parameters: [String: HyperparameterValue], context: TrainingContext
    ) throws -> (state: [UInt8], identifier: ModelIdentifier) {
        try converse(isCancelled: context.isCancelled) { exchange in
            session.withLock { $0.loaded = nil }
            try exchange.send(
                Request.Fit(
                    task: corpus.targets.task, labels: Array(corpus.labels), articles: corpus.count, seed: context.seed,
                    threads: context.threadCount, parameters: parameters), report: context.report)
            try exchange.send(report: context.report, count: corpus.count) { article, bytes in
                bytes.append(
                    articleMessage: article, of: corpus.articles, identifier: corpus.identifiers[article],
                    targets: corpus.targets)
            }
            try exchange.send(Request.End(), report: context.report)
            var state: [UInt8] = []
            while true {
                let reply = try exchange.reply([.state, .fitted], report: context.report)
                if reply.type == .fitted { break }
                guard let data = reply.data.flatMap({ Data(base64Encoded: $0) }) else {
                    throw exchange.failure("a piece of its state is not base64")
                }
                guard state.count + data.count <= limits.stateSize else {
                    throw exchange.failure("what it has learnt takes more than \(limits.stateSize) bytes")
                }
                state += data
            }
            let identifier = makeIdentifier()
            session.withLock { $0.loaded = identifier }
            return (state, identifier)
        }
    }

    /// A new name for a model that was read from a file.
    func makeIdentifier() -> ModelIdentifier {
        session.withLock { session in
            defer { session.nextIdentifier += 1 }
            return session.nextIdentifier
        }
    }

    /// Appends what the model says of articles, articles × labels, checked to be numbers, and probabilities where they should be.
    func predict(
        with model: ProcessClassifierModel, _ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout [Double]
    ) throws {
        let batch = copy batch
        let labelCount = model.labelCount
        rows += try converse { exchange in
            if session.withLock(\.loaded) != model.identifier {
                session.withLock { $0.loaded = nil }
                try load(model, exchange)
                session.withLock { $0.loaded = model.identifier }
            }
            try exchange.send(Request.Predict(articles: range.count))
            var found: [Double] = []
            func take(_ reply: Reply) throws(PluginError) {
                guard let row = reply.row, row.count == labelCount else {
                    throw exchange.failure("it gave \(reply.row?.count ?? 0) numbers for an article and \(labelCount) labels")
                }
                guard found.count < range.count * labelCount else {
                    throw exchange.failure("it gave scores for more than the \(range.count) articles it was sent")
                }
                try check(row, model.task, exchange)
                found += row
            }
            // Answers may come while later articles are still being sent.
            try exchange.send(count: range.count, answers: take) { article, bytes in
                bytes.append(articleMessage: range.lowerBound + article, of: batch)
            }
            try exchange.send(Request.End(), answers: take)
            while true {
                let reply = try exchange.reply([.scores, .predicted])
                if reply.type == .predicted { break }
                try take(reply)
            }
            guard found.count == range.count * labelCount else {
                throw exchange.failure("it gave scores for \(found.count / labelCount) of \(range.count) articles")
            }
            return found
        }
    }

    private func check(_ row: [Double], _ task: ClassificationTask, _ exchange: Exchange) throws(PluginError) {
        if let bad = row.first(where: { !$0.isFinite }) { throw exchange.failure("it gave \(bad) as a score") }
        guard greeting.output == .probabilities else { return }
        if let bad = row.first(where: { !(-1e-6...1 + 1e-6 ~= $0) }) {
            throw exchange.failure("it gave \(bad) as a probability")
        }
        let sum = row.reduce(0, +)
        if task == .single, abs(sum - 1) > 1e-3 {
            throw exchange.failure("the probabilities that it gave for an article with one label sum to \(sum)")
        }
    }

    private func load(_ model: ProcessClassifierModel, _ exchange: Exchange) throws {
        try exchange.send(
            Request.Load(task: model.task, labels: model.description.labels, parameters: model.description.parameters))
        // Pieces whose base64 is well below what a line may have.
        let size = 3 << 18
        let pieceCount = (model.state.count + size - 1) / size
        for piece in 0..<pieceCount {
            let bytes = model.state.withSpan { span in
                (piece * size..<min(span.count, (piece + 1) * size)).map { span[$0] }
            }
            try exchange.send(Request.State(data: Data(bytes).base64EncodedString()))
        }
        try exchange.send(Request.End())
        _ = try exchange.reply([.loaded])
    }
}
