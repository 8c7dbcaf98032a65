import CorpusFormats
import Dispatch
import Synchronization
import TextClassification

/// Tags a stream of articles on several threads and writes the results in the order of the input.
///
/// Each thread in turn takes the next block of whole records from the reader (which is cheap), parses, predicts and formats it by
/// itself, and hands the text to the writer, which holds it back until everything before it is written. What is read ahead of the
/// slowest block is bounded. All memory is reused, block after block.
struct PredictionStream: Sendable {
    let model: PipelineModel
    let writer: PredictionWriter
    let override: DecisionOverride?
    let threadCount: Int
    /// Whether the first bad record ends the stream.
    let isStrict: Bool

    /// What happened to a stream.
    struct Summary: Sendable {
        var articleCount = 0
        var problemCount = 0
        /// Articles most of whose words the model does not know.
        var unfamiliarCount = 0
        /// Malformed UTF-8 sequences that were replaced.
        var repairCount = 0
    }

    /// The share of known words below which an article counts as unfamiliar. Words and pairs of words count alike, and most pairs of
    /// an ordinary article are new to a model.
    static let familiarityLimit: Float = 0.1

    /// Tags everything that `reader` gives.
    /// - Throws: the first error in the order of the input.
    func run(_ reader: sending ArticleBlockReader) throws -> Summary {
        let source = Mutex(Source(reader: reader))
        let sink = Mutex(Sink())
        let ahead = DispatchSemaphore(value: threadCount * 4)
        let parser = source.withLock { $0.parser }
        DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
            let prediction = model.makePrediction()
            var predictions = Predictions(labelCount: model.labels.count)
            var block = ArticleBlock()
            while true {
                ahead.wait()
                let ticket = source.withLock { $0.next(into: &block) }
                guard let ticket, !sink.withLock(\.hasFailed) else {
                    ahead.signal()
                    return
                }
                parser.parse(&block)
                prediction.predict(block.batch, 0..<block.count, into: &predictions)
                override?.apply(to: &predictions)
                var output = sink.withLock { $0.buffer() }
                for article in 0..<block.count {
                    writer.append(article, of: block, predictions, row: article, to: &output)
                }
                let written = sink.withLock {
                    $0.accept(Result(block, predictions, output: output), ticket: ticket, isStrict: isStrict)
                }
                for _ in 0..<written { ahead.signal() }
            }
        }
        let readError = source.withLock(\.error)
        return try sink.withLock { sink throws(Failure) in
            if let failure = sink.failure { throw failure }
            if let readError { throw Failure(readError) }
            return sink.summary
        }
    }

    /// The input and its position.
    private struct Source {
        let reader: ArticleBlockReader
        var nextTicket = 0
        var isAtEnd = false
        var error: CorpusFormatError?

        var parser: ArticleParser { reader.parser }

        init(reader: sending ArticleBlockReader) { self.reader = reader }

        /// Fills the block and returns its number in the input, or `nil` at the end.
        mutating func next(into block: inout ArticleBlock) -> Int? {
            guard !isAtEnd else { return nil }
            do {
                isAtEnd = try !reader.read(into: &block)
            } catch {
                self.error = error
                isAtEnd = true
            }
            guard !isAtEnd else { return nil }
            nextTicket += 1
            return nextTicket - 1
        }
    }

    /// What a block became.
    private struct Result {
        var output: [UInt8]
        let problems: [Problem]
        let articleCount: Int
        let unfamiliarCount: Int
        let repairCount: Int

        init(_ block: borrowing ArticleBlock, _ predictions: borrowing Predictions, output: [UInt8]) {
            self.output = output
            problems = block.problems
            articleCount = block.count
            unfamiliarCount = predictions.coverage.count { $0 < familiarityLimit }
            repairCount = predictions.repairCount
        }
    }

    /// The output and what waits for its turn.
    private struct Sink {
        private let output = StandardOutput()
        private var waiting: [Int: Result] = [:]
        private var free: [[UInt8]] = []
        private var next = 0
        var summary = Summary()
        var failure: Failure?
        var hasFailed: Bool { failure != nil }

        /// An empty buffer, with memory if there is one.
        mutating func buffer() -> [UInt8] { free.popLast() ?? [] }

        /// Takes the result of a block and writes all that is due; returns how many blocks were finished.
        mutating func accept(_ result: consuming Result, ticket: Int, isStrict: Bool) -> Int {
            waiting[ticket] = result
            var finished = 0
            while var due = waiting.removeValue(forKey: next) {
                next += 1
                finished += 1
                if failure == nil { write(due, isStrict: isStrict) }
                due.output.removeAll(keepingCapacity: true)
                free.append(due.output)
            }
            return finished
        }

        private mutating func write(_ result: Result, isStrict: Bool) {
            summary.articleCount += result.articleCount
            summary.problemCount += result.problems.count
            summary.unfamiliarCount += result.unfamiliarCount
            summary.repairCount += result.repairCount
            for problem in result.problems { Console.print("warning: \(problem)") }
            do {
                if !result.output.isEmpty { try output.write(result.output) }
            } catch {
                failure = Failure(error)
            }
            if isStrict, let problem = result.problems.first, failure == nil {
                failure = Failure("\(problem)", code: Failure.Code.badData)
            }
        }
    }
}
