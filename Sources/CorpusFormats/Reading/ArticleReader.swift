import TextClassification

/// Articles that were read, and what was wrong with the others.
public struct ReadArticles: Sendable {
    public var articles: [Article] = []
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

    public init(options: ReadingOptions = ReadingOptions(), policy: Policy = .strict) {
        self.options = options
        self.policy = policy
    }

    /// Reads all articles. Time and memory O(bytes).
    /// - Throws: `CorpusFormatError` when the input cannot be read, holds nothing, or, strictly, when a record is wrong.
    public func read(_ input: ArticleInput) throws(CorpusFormatError) -> ReadArticles {
        let reader = try ArticleBlockReader(input, options: options)
        var result = ReadArticles()
        result.format = reader.format
        var block = ArticleBlock()
        var known: [String: Int] = [:]
        while try reader.next(into: &block) {
            for problem in block.problems { try note(problem, in: &result) }
            result.repairCount += block.repairCount
            if result.firstRepair == nil { result.firstRepair = block.firstRepair }
            for position in 0..<block.count {
                let article = block.article(position)
                let location = block.location(of: position)
                if block.hasIdentifier[position] {
                    if let first = known[article.id] {
                        try noteDuplicate(article.id, at: location, first: result.locations[first], in: &result)
                    } else {
                        known[article.id] = result.articles.count
                    }
                }
                result.articles.append(article)
                result.locations.append(location)
            }
        }
        if result.articles.isEmpty, result.problemCount == 0 {
            throw .empty(file: input.description, reason: "holds no articles")
        }
        // Where some lines have labels, one without was judged to have none.
        if reader.format == .fasttext, result.articles.contains(where: { $0.labels != nil }) {
            for i in result.articles.indices where result.articles[i].labels == nil { result.articles[i].labels = [] }
        }
        return result
    }

    private func noteDuplicate(
        _ identifier: String, at location: SourceLocation, first: SourceLocation, in result: inout ReadArticles
    ) throws(CorpusFormatError) {
        let problem = Problem(location: location, kind: .duplicateIdentifier(identifier, first: first))
        if policy == .strict { throw .invalidRecord(problem) }
        result.duplicateCount += 1
        if result.firstDuplicate == nil { result.firstDuplicate = problem }
    }

    private func note(_ problem: Problem, in result: inout ReadArticles) throws(CorpusFormatError) {
        switch policy {
        case .strict: throw .invalidRecord(problem)
        case .skip(let maximum):
            result.problemCount += 1
            if result.problems.count < maximum { result.problems.append(problem) }
        }
    }
}
