import CorpusFormats
import Dispatch
import LinearAlgebra
import Synchronization
import TextClassification

/// Tags streams of articles on several threads and writes the results in the order of the input.
///
/// Each thread in turn takes the next block of whole records from the source (which is cheap), parses, predicts and formats it by
/// itself, and hands the text to the sink, which holds it back until everything before it is written. What is read ahead of the
/// slowest block is bounded. All memory is reused, block after block.
struct PredictionStream: Sendable {
    let model: PipelineModel
    /// What the model's file has to pass before a result is written; `nil` if it is not checked.
    let check: ModelCheck?
    let writer: PredictionWriter
    let override: DecisionOverride?
    let options: ReadingOptions
    let threadCount: Int
    /// Whether the first bad record, or input that cannot be read, ends the stream.
    let isStrict: Bool

    /// What happened to a stream.
    struct Summary: Sendable {
        var articleCount = 0
        var problemCount = 0
        /// Articles most of whose words the model does not know.
        var unfamiliarCount = 0
        /// Articles that a person should look at.
        var reviewCount = 0
        /// Malformed UTF-8 sequences that were replaced, and where the first one is.
        var repairCount = 0
        var firstRepair: SourceLocation?
        /// Why the first of the inputs that could not be read (to its end) could not.
        var inputFailure: Failure?
    }

    /// The share of known words below which an article counts as unfamiliar. Words and pairs of words count alike, and most pairs of
    /// an ordinary article are new to a model.
    static let familiarityLimit: Float = 0.1

    /// Tags everything that the inputs give, one after the other. Bad records and inputs that cannot be read are reported on
    /// standard error where they stand.
    /// - Throws: what ends the stream: output that cannot be written, and what is wrong first where the stream is strict.
    func run(_ inputs: [ArticleInput]) throws(Failure) -> Summary {
        var header: [UInt8] = []
        writer.appendHeader(to: &header)
        let shared = Shared(
            source: StreamSource(inputs, options: options), sink: StreamSink(header: header, isStrict: isStrict),
            threadCount: threadCount)
        shareMemory()
        let first = Worker(model)
        if first.state.withLock({ work(&$0, shared, inputs, leavesRest: true) }) {
            for number in 0..<threadCount {
                DispatchQueue.global().async {
                    let worker = number == 0 ? first : Worker(model)
                    worker.state.withLock { _ = work(&$0, shared, inputs) }
                    shared.workerEnded()
                }
            }
            // When the output fails, a thread may still wait for input that need not come; the program does not wait for it.
            shared.ended.wait()
        }
        return try shared.sink.withLock { sink throws(Failure) in
            if let failure = sink.failure { throw failure }
            return sink.summary
        }
    }

    /// What the threads share.
    private final class Shared: Sendable {
        let source: Mutex<StreamSource>
        let sink: Mutex<StreamSink>
        /// Counts down the blocks that may be read ahead of what is written.
        let ahead: DispatchSemaphore
        let ended = DispatchSemaphore(value: 0)
        private let running: Atomic<Int>

        init(source: sending StreamSource, sink: sending StreamSink, threadCount: Int) {
            self.source = Mutex(source)
            self.sink = Mutex(sink)
            ahead = DispatchSemaphore(value: threadCount * 4)
            running = Atomic(threadCount)
        }

        func workerEnded() {
            if running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { ended.signal() }
        }
    }

    /// What one thread tags with. The memory that the first piece took goes, with the second piece, from the command's thread to another one.
    private final class Worker: Sendable {
        struct State {
            let prediction: any Prediction
            var predictions: Predictions
            var block = ArticleBlock()
            /// What was read into the block and is still to be tagged.
            var piece: StreamPiece?
        }
        let state: Mutex<State>

        init(_ model: PipelineModel) {
            state = Mutex(
                State(prediction: model.makePrediction(), predictions: Predictions(labelCount: model.labels.count)))
        }
    }

    /// What one thread does until the input ends or the output fails.
    /// - Parameter leavesRest: for the first thread, that of the command: whether it leaves all but the first piece to others. An article alone
    ///   is tagged before a thread would have started.
    /// - Returns: whether it left a piece, which was read already.
    private func work(
        _ worker: inout Worker.State, _ shared: Shared, _ inputs: [ArticleInput], leavesRest: Bool = false
    ) -> Bool {
        while true {
            if worker.piece == nil {
                shared.ahead.wait()
                guard !shared.sink.withLock(\.hasFailed),
                    let piece = shared.source.withLock({ $0.next(into: &worker.block) })
                else {
                    shared.ahead.signal()
                    return false
                }
                worker.piece = piece
                if leavesRest, piece.ticket > 0 { return true }
            }
            guard let piece = worker.piece.take() else { continue }
            var result: StreamResult
            switch piece.content {
            case .failure(let failure):
                result = StreamResult(failure)
            case .block(let parser):
                parser.parse(&worker.block)
                do throws(PredictionError) {
                    try worker.prediction.predict(
                        worker.block.batch, 0..<worker.block.count, into: &worker.predictions)
                    override?.apply(to: &worker.predictions)
                    var output = shared.sink.withLock { $0.buffer() }
                    write(worker.block, worker.predictions, parser.format, to: &output)
                    let heading = heading(of: piece.input, in: inputs, parser.format)
                    result = StreamResult(
                        worker.block, worker.predictions, output: output, input: piece.input, heading: heading,
                        reviewCount: writer.sets == nil
                            ? 0 : (0..<worker.block.count).count { writer.needsReview(worker.predictions, row: $0) })
                } catch {
                    // What fails for these articles fails for the next, too.
                    result = StreamResult(Failure("\(error)", code: Failure.Code.failed), endsStream: true)
                }
            }
            do throws(ModelFileError) {
                try check?.require()
            } catch {
                result = StreamResult(Failure(error), endsStream: true)
            }
            let (writtenCount, isFailed) = shared.sink.withLock { ($0.accept(result, ticket: piece.ticket), $0.hasFailed) }
            for _ in 0..<writtenCount { shared.ahead.signal() }
            if isFailed { shared.ended.signal() }
        }
    }

    /// What tells people which input the next results are of: its name before that of a single text, a line of its own before
    /// others; nothing where there is only one.
    private func heading(of position: Int, in inputs: [ArticleInput], _ format: ArticleFormat) -> String {
        guard writer.format == .text, inputs.count > 1 || inputs[position] != .standardInput else { return "" }
        let name = "\(inputs[position])".withoutControlCharacters
        return format == .text ? "\(name)\n    " : inputs.count > 1 ? "==> \(name) <==\n" : ""
    }

    /// Appends the results of a block; a strict stream ends before the first bad record.
    private func write(
        _ block: borrowing ArticleBlock, _ predictions: borrowing Predictions, _ format: ArticleFormat, to output: inout [UInt8]
    ) {
        var writer = writer
        writer.showsIdentifiers = format != .text
        var count = block.count
        if isStrict, let problem = block.problems.first {
            let end = problem.location.line ?? 0
            count = (0..<count).first { block.line(of: $0) >= end } ?? count
        }
        writer.append(0..<count, of: block, predictions, to: &output)
    }
}
