import LinearAlgebra
import Synchronization
import TextClassification

/// Articles that were read, and what was wrong with the others.
public struct ReadArticles: Sendable {
    public var articles = ArticleList()
    /// Where each article begins.
    public var locations: [SourceLocation] = []
    public var format = ArticleFormat.jsonl
    /// The first problems, as many as the policy allows.
    public var problems: [Problem] = []
    /// The number of records left out because something is wrong with them.
    public var problemCount = 0
    /// The number of articles whose identifier an earlier one has; they are kept.
    public var duplicateCount = 0
    /// The first of them.
    public var firstDuplicate: Problem?
    /// The number of malformed UTF-8 sequences that were replaced, and where the first record with one begins.
    public var repairCount = 0
    public var firstRepair: SourceLocation?

    public init() {}
}

/// Reads all articles of an input: what training and evaluation use.
public struct ArticleReader: Sendable {
    /// What to do with a record that is wrong.
    public enum Policy: Sendable, Equatable {
        /// The first one is an error, as is an identifier that occurs twice.
        case strict
        /// They are counted, and the first ones kept to be reported; the articles with an identifier that occurs twice stay.
        case skip(maximumProblems: Int)
    }

    public var options: ReadingOptions
    public var policy: Policy
    /// How many threads make articles of what was read; the result does not depend on it.
    public var threads: Int

    public init(options: ReadingOptions = ReadingOptions(), policy: Policy = .strict, threads: Int = 1) {
        self.options = options
        self.policy = policy
        self.threads = threads
    }

    /// The most bytes that are reserved by the size of a file, before anything was read of it.
    private static let largestReserve = 1 << 30

    /// Reads all articles. Time and memory O(bytes).
    /// - Throws: `CorpusFormatError` when the input cannot be read, holds nothing, or, strictly, when a record is wrong.
    public func read(_ input: ArticleInput) throws(CorpusFormatError) -> ReadArticles {
        let reader = try ArticleBlockReader(input, options: options)
        var result = ReadArticles()
        result.format = reader.format
        let parser = reader.parser
        let slots = (0..<max(1, threads <= 1 ? 1 : 2 * threads)).map { _ in Slot() }
        var known = IdentifierTable()
        if case .path(let path) = input, let size = FileSystem.size(ofFile: path) {
            result.articles.reserveCapacity(byteCount: min(size, Self.largestReserve))
        }
        var failure: CorpusFormatError?
        var isAtEnd = false
        while !isAtEnd {
            var count = 0
            do {
                while count < slots.count, try slots[count].read(from: reader) { count += 1 }
            } catch {
                // What was read before it comes first.
                failure = error
            }
            isAtEnd = count < slots.count
            _ = parallelMap(count: count, threads: threads) { slots[$0].parse(parser) }
            for slot in slots[..<count] { try slot.append(to: &result, &known, policy) }
        }
        if let failure { throw failure }
        if result.articles.isEmpty, result.problemCount == 0 {
            throw .empty(file: input.description, reason: "holds no articles")
        }
        // Where some lines have labels, one without was judged to have none.
        if reader.format == .fasttext, result.articles.labels.contains(where: { $0 != nil }) {
            for i in result.articles.indices where result.articles.labels[i] == nil {
                result.articles.setLabels([], unjudged: [], of: i)
            }
        }
        return result
    }
}

/// A block that one thread fills and another one may parse, used again and again.
private final class Slot: Sendable {
    private struct State {
        var block = ArticleBlock()
        var identifiers: [String] = []
        var hashes: [Int] = []
    }
    private let state = Mutex(State())

    func read(from reader: ArticleBlockReader) throws(CorpusFormatError) -> Bool {
        try state.withLock { state throws(CorpusFormatError) in try reader.read(into: &state.block) }
    }

    func parse(_ parser: ArticleParser) {
        state.withLock { state in
            parser.parse(&state.block)
            state.identifiers = (0..<state.block.count).map { state.block.identifier(of: $0) }
            state.hashes = state.identifiers.map(\.hashValue)
        }
    }

    /// Moves the articles to the result, and tells it what is to be said of the block.
    func append(
        to result: inout ReadArticles, _ known: inout IdentifierTable, _ policy: ArticleReader.Policy
    ) throws(CorpusFormatError) {
        try state.withLock { state throws(CorpusFormatError) in
            let block = state.block
            for problem in block.problems { try result.note(problem, policy) }
            result.repairCount += block.repairCount
            if result.firstRepair == nil { result.firstRepair = block.firstRepair }
            let firstPosition = result.articles.count
            block.append(to: &result.articles, identifiers: state.identifiers)
            for position in 0..<block.count {
                let location = block.location(of: position)
                if block.hasIdentifier(position),
                    let first = known.insert(
                        firstPosition + position, hash: state.hashes[position], identifiers: result.articles.identifiers)
                {
                    try result.noteDuplicate(
                        state.identifiers[position], at: location, first: result.locations[first], policy)
                }
                result.locations.append(location)
            }
        }
    }
}

extension ReadArticles {
    fileprivate mutating func noteDuplicate(
        _ identifier: String, at location: SourceLocation, first: SourceLocation, _ policy: ArticleReader.Policy
    ) throws(CorpusFormatError) {
        let problem = Problem(location: location, kind: .duplicateIdentifier(identifier, first: first))
        if policy == .strict { throw .invalidRecord(problem) }
        duplicateCount += 1
        if firstDuplicate == nil { firstDuplicate = problem }
    }

    fileprivate mutating func note(_ problem: Problem, _ policy: ArticleReader.Policy) throws(CorpusFormatError) {
        switch policy {
        case .strict: throw .invalidRecord(problem)
        case .skip(let maximum):
            problemCount += 1
            if problems.count < maximum { problems.append(problem) }
        }
    }
}
