import CorpusFormats
import LinearAlgebra
import TextClassification

/// The labelled articles of files and folders, read anew every time, a few blocks at once.
///
/// Bad records are told of in the first reading. An identifier that occurs twice is not noticed: that would take all of them in memory.
final class ArticleStream: CorpusStream {
    /// How many bad records are told of one by one.
    private static let printedProblemLimit = 20

    /// The label set of a folder of seeds, if there is one.
    let labels: LabelSet?
    private let paths: [String]
    private let options: InputOptions
    private let threadCount: Int
    private var isFirstReading = true
    private var problemCount = 0
    private var unlabelledCount = 0

    init(_ seeds: [String], options: InputOptions, threadCount: Int) throws {
        self.options = options
        self.threadCount = threadCount
        var labels: LabelSet?
        paths = try seeds.map { path in
            guard path != "-" else {
                throw Failure(
                    "standard input can be read once only, and training within --maximum-memory reads twice: name a file",
                    code: Failure.Code.usage)
            }
            let (articles, found) = try LabelledArticles.seedFolder(path)
            labels = found ?? labels
            return articles
        }
        self.labels = labels
    }

    func forEachGroup(_ body: ([LabelledBatch]) throws -> Void) throws {
        for path in paths { try read(path, body) }
        if isFirstReading { report() }
        isFirstReading = false
    }

    private func read(_ path: String, _ body: ([LabelledBatch]) throws -> Void) throws {
        let reader = try ArticleBlockReader(.path(path), options: options.readingOptions(readsLabels: true))
        let parser = reader.parser
        // Where lines of this format have no labels, they were judged to have none.
        let isFastText = reader.format == .fasttext
        var isEnd = false
        while !isEnd {
            var blocks: [ArticleBlock] = []
            while blocks.count < 2 * threadCount {
                var block = ArticleBlock()
                guard try reader.read(into: &block) else {
                    isEnd = true
                    break
                }
                blocks.append(block)
            }
            let unparsed = blocks
            let parsed = parallelMap(count: unparsed.count, threads: threadCount) { number in
                var block = unparsed[number]
                parser.parse(&block)
                return (
                    batch: LabelledBatch(block, labelsUnlabelled: isFastText), articleCount: block.count,
                    problems: block.problems
                )
            }
            if isFirstReading {
                for part in parsed {
                    unlabelledCount += part.articleCount - part.batch.count
                    for problem in part.problems { try note(problem) }
                }
            }
            try body(parsed.map(\.batch).filter { $0.count > 0 })
        }
    }

    private func note(_ problem: Problem) throws {
        if options.strict { throw CorpusFormatError.invalidRecord(problem) }
        problemCount += 1
        if problemCount <= Self.printedProblemLimit { Console.warn("\(problem)") }
    }

    private func report() {
        if problemCount > Self.printedProblemLimit {
            Console.warn("\(counted(problemCount - Self.printedProblemLimit, "more bad record"))")
        }
        if unlabelledCount > 0 {
            Console.clearProgress()
            Console.print("note: \(counted(unlabelledCount, "article")) without labels not used")
        }
    }

    /// Fails where records were left out: what was made of the others is done, but the data is not as it should be.
    func requireComplete() throws {
        if problemCount > 0 {
            throw Failure("\(counted(problemCount, "bad record")) left out; the others were used", code: Failure.Code.badData)
        }
    }
}

extension LabelledBatch {
    /// The articles of a block that are labelled.
    fileprivate init(_ block: ArticleBlock, labelsUnlabelled: Bool) {
        self.init()
        var labelled: [Int] = []
        for position in 0..<block.count {
            let given = block.labels.isEmpty ? nil : block.labels[position]
            guard let own = given ?? (labelsUnlabelled ? [] : nil) else { continue }
            labelled.append(position)
            identifiers.append(block.identifier(of: position))
            labels.append(own)
            unjudged.append(block.unjudged.isEmpty ? [] : block.unjudged[position])
        }
        if labelled.count == block.count {
            articles = block.batch
        } else {
            articles.append(block.batch, at: labelled)
        }
    }
}
