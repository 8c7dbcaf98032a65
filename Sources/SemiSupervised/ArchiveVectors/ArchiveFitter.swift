import LinearAlgebra
import TextClassification
import TextFeatures

/// Learns vectors of words from articles that come piece by piece and are not kept.
///
/// Of the articles only the numbers of their words stay, 4 bytes each, in memory up to `spoolLimit` and in a file without a name beyond that.
///
/// - Complexity: O(words · window + cells · rank · (2 · powerIterations + 2)) time. Memory: see `Memory`.
public struct ArchiveFitter {
    public let estimator: ArchiveVectors
    private var words: WordCollector
    private let spool: NumberSpool
    private let memory: Memory
    private var buffer: [UInt32] = []

    /// What fitting may take, in bytes:
    ///
    ///     base + 60 · different words + 2 · min(spoolLimit, 4 · words)
    ///         + 8 · cells + max(4 · min(placesAtOnce, words), 52 · rank · words with vectors)
    ///
    /// There are at most `maximumCells` cells, and with `maximum` fewer where it takes that, with a margin of 6 %: peaks of 20,000 and of 80,000
    /// articles were up to 5 % above. Pages of the file that are mapped come on top where there is memory to spare.
    public struct Memory: Sendable, Equatable {
        /// The numbers of words stay in memory up to so many bytes; beyond that they go to a file without a name.
        public var spoolLimit = 256_000_000
        /// Where that file goes.
        public var directory = TemporaryFile.systemDirectory
        /// So many places of words are counted in one pass through the archive.
        public var placesAtOnce = 1 << 26
        /// The most to use: of every word the strongest cells are kept that fit.
        public var maximum: Int?

        public init() {}

        /// Limits that go with a maximum.
        public init(maximum: Int, directory: String = TemporaryFile.systemDirectory) {
            self.directory = directory
            self.maximum = maximum
            spoolLimit = min(spoolLimit, maximum / 16)
            placesAtOnce = min(placesAtOnce, maximum / 32)
        }

        /// About what the program and articles on their way take.
        static let base = 60_000_000

        /// How many cells there is room for.
        ///
        /// - Throws: `ConfigurationError` where it is not enough for a hundred a word.
        func cellCount(wordCount: Int, different: Int, collected: Int, rank: Int) throws(ConfigurationError) -> Int {
            guard let maximum else { return .max }
            let fixed =
                Self.base + 60 * different + 2 * min(spoolLimit, 4 * collected)
                + max(4 * min(placesAtOnce, collected), 52 * rank * wordCount)
            let least = fixed + 800 * wordCount
            let usable = maximum / 106 * 100
            guard usable >= least else {
                throw .conflict(
                    "vectors of \(wordCount) words take \(least / 100 * 106 / 1_000_000 + 1) MB at least, more than the \(maximum / 1_000_000) MB that are "
                        + "allowed: allow more, or set a lower rank or maximumWords")
            }
            return (usable - fixed) / 8
        }
    }

    public init(_ estimator: ArchiveVectors, memory: Memory = Memory()) {
        self.init(estimator, words: WordCollector(estimator.parameters.terms), memory: memory)
    }

    init(_ estimator: ArchiveVectors, words: WordCollector, memory: Memory) {
        self.estimator = estimator
        self.words = words
        self.memory = memory
        spool = NumberSpool(memoryLimit: memory.spoolLimit, directory: memory.directory)
    }

    /// The number of articles so far.
    public var articleCount: Int { words.articleCount }

    /// Takes up articles. O(length of the texts).
    /// - Throws: `TemporaryFileError` when there is no room for the words.
    public mutating func append(_ articles: borrowing ArticleBatch) throws {
        words.append(articles, to: &buffer)
        try spool.take(&buffer)
    }

    /// Puts words that were collected before in front of all others.
    mutating func append(collected: ModelArray<UInt32>) throws {
        let block = 1 << 18
        for start in stride(from: 0, to: collected.count, by: block) {
            collected.withSpan { span in
                for place in start..<min(span.count, start + block) { buffer.append(span[place]) }
            }
            try spool.take(&buffer)
        }
    }

    /// What was learnt, and what it was learnt from.
    public struct Fitted: Sendable {
        public let model: ArchiveVectorsModel
        let words: WordCollector
        let archive: CollectedArchive
    }

    /// Factorises what was collected. To be called once, at the end.
    ///
    /// - Throws: `TrainingError` when no word occurs often enough, or on cancellation.
    public consuming func fitted(context: TrainingContext) throws -> Fitted {
        let parameters = estimator.parameters
        let collected = try spool.finished()
        let (terms, features) = words.fitted()
        guard terms.featureCount > 0 else {
            throw TrainingError.noFeatures(reason: "no word occurs in \(parameters.minimumDocumentFrequency) articles")
        }
        try context.checkCancellation()
        let cellCount = try memory.cellCount(
            wordCount: terms.featureCount, different: words.wordCount, collected: collected.count, rank: parameters.rank)
        let vectors = try estimator.wordVectors(
            of: try WordSequences(
                collected, features: features, wordCount: terms.featureCount,
                spool: NumberSpool(memoryLimit: memory.spoolLimit, directory: memory.directory)),
            wordCount: terms.featureCount, maximumCells: min(cellCount, parameters.maximumCells),
            placesAtOnce: memory.placesAtOnce, context: context)
        let archive = CollectedArchive(collected, terms: terms, features: features)
        let model = ArchiveVectorsModel(
            terms: terms, rank: vectors.rank, wordVectors: vectors.elements, articleCount: archive.articleCount,
            threads: context.threadCount, rows: archive.appendRows)
        return Fitted(model: model, words: words, archive: archive)
    }
}

/// The words of an archive, article by article.
struct CollectedArchive: Sendable {
    let words: ModelArray<UInt32>
    private let terms: TFIDFModel
    private let features: [UInt32]
    /// Where each article begins in `words`; one more entry closes the last.
    private let starts: [Int]

    init(_ words: ModelArray<UInt32>, terms: TFIDFModel, features: [UInt32]) {
        self.words = words
        self.terms = terms
        self.features = features
        var starts = [0]
        words.withSpan { words in
            for place in words.indices where words[place] == WordCollector.articleEnd { starts.append(place + 1) }
        }
        self.starts = starts
    }

    var articleCount: Int { starts.count - 1 }

    /// Appends the TF-IDF rows of some articles.
    @Sendable func appendRows(_ articles: Range<Int>, to rows: inout SparseMatrix) {
        var collector = CollectedRows(terms, features: features)
        words.withSpan { words in
            for article in articles { collector.append(words.extracting(starts[article]..<starts[article + 1]), to: &rows) }
        }
    }
}
