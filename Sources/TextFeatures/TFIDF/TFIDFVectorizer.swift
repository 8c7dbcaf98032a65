import LinearAlgebra
import TextClassification

/// TF-IDF features of n-grams of words and of characters, with the vocabulary kept.
///
/// The value of term t in article d is tf·idf, where tf is the count of t in d (title and body weighted; optionally 1 + ln count)
/// and idf is ln((1+n)/(1+df))+1 over the n training articles (Salton & Buckley 1988, in scikit-learn's form). Each block (words,
/// characters) is normalised on its own and multiplied by its weight. With the same tokens the values are those of scikit-learn's
/// `TfidfVectorizer`, and of its `FeatureUnion` for two blocks.
public struct TFIDFVectorizer: FeatureExtractor {
    public static let identifier = "tfidf"
    public static let summary = "TF-IDF of word and character n-grams, vocabulary kept"
    public let parameters: TFIDFParameters

    public init(_ parameters: TFIDFParameters = TFIDFParameters()) {
        self.parameters = parameters
    }

    public func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> TFIDFModel {
        try fittedExtracting(articles, context: context).model
    }

    /// Counts all terms in one pass over the text, on all threads, and weighs the counts.
    public func fittedExtracting(
        _ articles: ArticleBatch, context: TrainingContext
    ) throws -> (model: TFIDFModel, rows: SparseMatrix) {
        guard !parameters.blocks.isEmpty else {
            throw ConfigurationError.conflict("tfidf: wordNgrams and characterNgrams are both none, so there would be no feature")
        }
        let kinds = parameters.blocks.map(\.kind)
        let chunks = Self.chunks(of: articles, count: context.threadCount)
        let counted = try parallelMap(count: chunks.count, threads: context.threadCount) { chunk throws(TrainingError) in
            try Self.count(articles, chunks[chunk], kinds: kinds, parameters: parameters, context: context)
        }
        var blocks: [TFIDFModel.Block] = []
        var counts: [TermCounts] = []
        for (position, block) in parameters.blocks.enumerated() {
            let fitted = try Vocabulary.fitted(
                counted.map { $0[position] }, articleCount: articles.count, limits: parameters.limits,
                threads: context.threadCount)
            let idf = fitted.documentFrequencies.map {
                parameters.inverseDocumentFrequency($0, articleCount: articles.count)
            }
            blocks.append(.init(kind: block.kind, weight: block.weight, vocabulary: fitted.vocabulary, idf: ModelArray(idf)))
            counts.append(fitted.counts)
        }
        let model = TFIDFModel(parameters: parameters, blocks: blocks)
        return (model, model.rows(of: counts))
    }

    /// Divides the articles into so many ranges of about the same number of bytes.
    private static func chunks(of articles: ArticleBatch, count: Int) -> [Range<Int>] {
        var chunks: [Range<Int>] = []
        var start = 0
        for chunk in 1...max(1, count) {
            let limit = articles.bytes.count * chunk / max(1, count)
            var end = start
            while end < articles.count, chunk == count || articles.bodies[end].upperBound <= limit { end += 1 }
            if end > start { chunks.append(start..<end) }
            start = end
        }
        if start < articles.count { chunks.append(start..<articles.count) }
        return chunks
    }

    private static func count(
        _ articles: ArticleBatch, _ range: Range<Int>, kinds: [TermKind], parameters: TFIDFParameters, context: TrainingContext
    ) throws(TrainingError) -> [TermCounter] {
        var scanner = FieldScanner(parameters)
        var counters = kinds.map { _ in TermCounter(firstArticle: range.lowerBound) }
        for article in range {
            if article % 256 == 0 { try context.checkCancellation() }
            parameters.forEachField(articles, article) { field, weight in
                scanner.scan(articles, field)
                for (position, kind) in kinds.enumerated() {
                    scanner.forEachTerm(of: kind) { hash, text, start, end in
                        counters[position].add(hash, text, start, end, weight: weight)
                    }
                }
            }
            for position in counters.indices { counters[position].endArticle() }
        }
        return counters
    }
}

/// Cuts one field at a time into words and goes through their terms; keeps its memory.
struct FieldScanner {
    private(set) var tokenizer: Tokenizer
    private let minimumWordLength: Int
    private let stopWords: WordSet

    init(_ parameters: TFIDFParameters, recordsSources: Bool = false) {
        tokenizer = Tokenizer(parameters.tokenizer, recordsSources: recordsSources)
        minimumWordLength = parameters.minimumWordLength
        stopWords = parameters.stopWords.words
    }

    mutating func scan(_ batch: borrowing ArticleBatch, _ field: Range<Int>) {
        scan(batch.bytes.span.extracting(field))
    }

    mutating func scan(_ text: Span<UInt8>) {
        tokenizer.tokenize(text)
        tokenizer.removeWords(minimumLength: minimumWordLength, stopWords: stopWords)
        tokenizer.hashWords()
    }

    @inline(__always)
    func forEachTerm(of kind: TermKind, _ body: (UInt64, Span<UInt8>, Int, Int) -> Void) {
        tokenizer.forEachTerm(of: kind, body)
    }
}
