import CorpusFormats
import TextClassification

/// What a piece of a stream became.
struct StreamResult {
    var output: [UInt8] = []
    /// The position of the input, and what stands before the first results of it.
    var input = 0
    var heading = ""
    var problems: [Problem] = []
    var failure: Failure?
    /// Whether the failure ends the stream, however lenient it is.
    var endsStream = false
    var articleCount = 0
    var unfamiliarCount = 0
    var reviewCount = 0
    var repairCount = 0
    var firstRepair: SourceLocation?

    init(_ failure: Failure, endsStream: Bool = false) {
        self.failure = failure
        self.endsStream = endsStream
    }

    init(
        _ block: borrowing ArticleBlock, _ predictions: borrowing Predictions, output: [UInt8], input: Int, heading: String,
        reviewCount: Int
    ) {
        self.reviewCount = reviewCount
        self.output = output
        self.input = input
        self.heading = heading
        problems = block.problems
        articleCount = block.count
        unfamiliarCount = predictions.coverage.count { $0 < PredictionStream.familiarityLimit }
        repairCount = block.repairCount
        firstRepair = block.firstRepair
    }
}

/// The output of a stream, and what waits for its turn.
struct StreamSink {
    private let isStrict: Bool
    private let output = StandardOutput()
    /// Few, and in no order.
    private var waiting: [(ticket: Int, result: StreamResult)] = []
    private var free: [[UInt8]] = []
    private var next = 0
    private var header: [UInt8]
    /// The input that results were last written of.
    private var input: Int?
    private(set) var summary = PredictionStream.Summary()
    /// What ended the stream.
    private(set) var failure: Failure?
    var hasFailed: Bool { failure != nil }

    /// - Parameter header: what stands before the first result of all.
    init(header: [UInt8], isStrict: Bool) {
        self.header = header
        self.isStrict = isStrict
    }

    /// An empty buffer, with memory if there is one.
    mutating func buffer() -> [UInt8] { free.popLast() ?? [] }

    /// Takes the result of a piece and writes all that is due; returns how many pieces were finished.
    mutating func accept(_ result: consuming StreamResult, ticket: Int) -> Int {
        waiting.append((ticket, result))
        var finishedCount = 0
        while let place = waiting.firstIndex(where: { $0.ticket == next }) {
            var due = waiting.remove(at: place).result
            next += 1
            finishedCount += 1
            if failure == nil { write(due) }
            due.output.removeAll(keepingCapacity: true)
            free.append(due.output)
        }
        return finishedCount
    }

    private mutating func write(_ result: StreamResult) {
        summary.articleCount += result.articleCount
        summary.problemCount += result.problems.count
        summary.unfamiliarCount += result.unfamiliarCount
        summary.reviewCount += result.reviewCount
        summary.repairCount += result.repairCount
        if summary.firstRepair == nil { summary.firstRepair = result.firstRepair }
        do throws(OutputError) {
            if !result.output.isEmpty {
                if input != result.input { header += Array(result.heading.utf8) }
                input = result.input
                if !header.isEmpty { try output.write(header) }
                header = []
                try output.write(result.output)
            }
        } catch {
            failure = Failure(error)
            return
        }
        if isStrict || result.endsStream {
            failure = result.failure ?? result.problems.first.map { Failure("\($0)", code: Failure.Code.badData) }
            return
        }
        for problem in result.problems { Console.warn("\(problem)") }
        if let failure = result.failure {
            if summary.inputFailure == nil { summary.inputFailure = failure }
            if let message = failure.message { Console.print("error: \(message)") }
        }
    }
}
