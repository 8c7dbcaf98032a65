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
        try fittedExtracting(articles, favouring: 0, context: context)
    }

    /// The same, with terms of the first `favouredCount` articles kept even where they occur in too few: so labelled articles keep their
    /// terms beside an archive, of which only what is common is to be kept.
    public func fittedExtracting(
        _ articles: ArticleBatch, favouring favouredCount: Int, context: TrainingContext
    ) throws -> (model: TFIDFModel, rows: SparseMatrix) {
        var limits = parameters.limits
        limits.favouredArticleCount = favouredCount
        guard !parameters.blocks.isEmpty else {
            throw ConfigurationError.conflict("tfidf: wordNgrams and characterNgrams are both none, so there would be no feature")
        }
        let chunks = Self.chunks(of: articles, count: context.threadCount)
        var counters = try parallelMap(count: chunks.count, threads: context.threadCount) { chunk throws(TrainingError) in
            try Self.count(articles, chunks[chunk], parameters, context)
        }
        var blocks: [TFIDFModel.Block] = []
        var kept = [[KeptCounts]](repeating: [], count: counters.count)
        for (position, block) in parameters.blocks.enumerated() {
            let vocabulary = try Vocabulary.fitted(
                counters.map { $0[position] }, articleCount: articles.count, limits: limits,
                threads: context.threadCount)
            let idf = vocabulary.documentFrequencies.map {
                parameters.inverseDocumentFrequency($0, articleCount: articles.count)
            }
            blocks.append(
                .init(kind: block.kind, weight: block.weight, vocabulary: vocabulary.vocabulary, idf: ModelArray(idf)))
            // The tables make room for the rows.
            for part in counters.indices {
                kept[part].append(KeptCounts(counters[part][position], vocabulary, part: part))
                counters[part][position].removeTerms()
            }
        }
        let model = TFIDFModel(parameters: parameters, blocks: blocks)
        return (model, model.rows(of: kept, threads: context.threadCount))
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
        _ articles: ArticleBatch, _ range: Range<Int>, _ parameters: TFIDFParameters, _ context: TrainingContext
    ) throws(TrainingError) -> [TermCounter] {
        var scanner = FieldScanner(parameters)
        var byteCount = 0
        for article in range { byteCount += articles.titles[article].count + articles.bodies[article].count }
        var counters = parameters.blocks.map { TermCounter($0.kind, firstArticle: range.lowerBound, byteCount: byteCount) }
        var rest = range
        while !rest.isEmpty {
            try context.checkCancellation()
            let scanned = scanner.scan(articles, next: &rest)
            for position in counters.indices { counters[position].count(scanner, articles: scanned) }
        }
        for position in counters.indices { counters[position].finish() }
        return counters
    }
}
