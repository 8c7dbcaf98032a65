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

    /// Cuts the text once, counts words and then n-grams of them by what they consist of, on all threads, and weighs the counts.
    public func fittedExtracting(
        _ articles: consuming ArticleBatch, context: TrainingContext
    ) throws -> (model: TFIDFModel, rows: SparseMatrix) {
        try fittedExtracting(articles, favouring: 0, context: context)
    }

    /// The same, with terms of the first `favouredCount` articles kept even where they occur in too few: so labelled articles keep their
    /// terms beside an archive, of which only what is common is to be kept.
    public func fittedExtracting(
        _ articles: consuming ArticleBatch, favouring favouredCount: Int, context: TrainingContext
    ) throws -> (model: TFIDFModel, rows: SparseMatrix) {
        var limits = parameters.limits
        limits.favouredArticleCount = favouredCount
        guard !parameters.blocks.isEmpty else {
            throw ConfigurationError.conflict("tfidf: wordNgrams and characterNgrams are both none, so there would be no feature")
        }
        let articleCount = articles.count
        // From here on nobody reads the articles.
        var sequences = try Self.sequences(of: articles, parameters, context)
        var blocks: [TFIDFModel.Block] = []
        var features = NumberedTerms()
        for block in parameters.blocks {
            var terms = try CountedTerms(
                sequences.indices.map { sequences[$0].removeFirst() }, block.kind,
                minimumFrequency: limits.minimumDocumentFrequency, favouredArticleCount: limits.favouredArticleCount,
                threads: context.threadCount)
            let chosen = try ChosenTerms(terms, limits: limits)
            let idf = Self.inverseFrequencies(chosen.documentFrequencies, parameters, articleCount: articleCount)
            let sequences = terms.removeSequences()
            let counted = terms
            // The tables of the vocabulary are filled by one thread, while others number the positions.
            let vocabulary = features.append(
                sequences, of: counted, features: chosen.features, threads: context.threadCount
            ) {
                counted.vocabulary(of: chosen)
            }
            blocks.append(
                .init(
                    kind: block.kind, weight: block.weight, vocabulary: vocabulary, idf: InverseFrequencies(fitted: idf)))
        }
        let model = TFIDFModel(parameters: parameters, blocks: blocks)
        // What counting and ordering took is free by now, but would stay beside the rows.
        giveBackFreeMemory()
        return (model, model.rows(of: features, threads: context.threadCount))
    }

    /// The inverse document frequencies of falling ones, most of which are the same as the one before.
    private static func inverseFrequencies(_ frequencies: [Int32], _ parameters: TFIDFParameters, articleCount: Int) -> [Float] {
        var last = Int32.min
        var weight: Float = 0
        return frequencies.map {
            if $0 != last { weight = parameters.inverseDocumentFrequency($0, articleCount: articleCount) }
            last = $0
            return weight
        }
    }

    /// Cuts the articles, which follow each other in the sequences, one for each thread and kind of terms; lets go of them.
    private static func sequences(
        of articles: consuming ArticleBatch, _ parameters: TFIDFParameters, _ context: TrainingContext
    ) throws(TrainingError) -> [[TermSequence]] {
        let articles = articles
        let chunks = chunks(of: articles, count: context.threadCount)
        return try parallelMap(count: chunks.count, threads: context.threadCount) { chunk throws(TrainingError) in
            try sequences(articles, chunks[chunk], parameters, context)
        }
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

    private static func sequences(
        _ articles: ArticleBatch, _ range: Range<Int>, _ parameters: TFIDFParameters, _ context: TrainingContext
    ) throws(TrainingError) -> [TermSequence] {
        var scanner = FieldScanner(parameters)
        var byteCount = 0
        for article in range { byteCount += articles.titles[article].count + articles.bodies[article].count }
        var sequences = parameters.blocks.map { TermSequence($0.kind, byteCount: byteCount) }
        var rest = range
        while !rest.isEmpty {
            try context.checkCancellation()
            let scanned = scanner.scan(articles, next: &rest)
            for position in sequences.indices { sequences[position].append(scanner, articles: scanned) }
        }
        return sequences
    }
}
