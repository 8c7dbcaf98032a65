import LinearAlgebra
import TextClassification
import TextFeatures

/// Vectors of words and articles, factorised from the very archive that they are used on.
///
/// The positive pointwise mutual information M of the archive's words (`PositivePMI`) is factorised, M ≈ U·diag(S)·Vᵀ of some
/// hundred dimensions; a word's vector is its row of U·diag(S)^½, scaled to unit length (Levy, Goldberg & Dagan 2015: on par with
/// trained embeddings, without a random start and in a fraction of the time). An article's vector is the sum of its words' vectors
/// weighted by TF-IDF, scaled to unit length, less the mean of the archive's, and scaled again.
///
/// As a stage of a pipeline it gives an article's vector as its features.
public struct ArchiveVectors: FeatureExtractor {
    public static let identifier = "archive-vectors"
    public static let summary =
        "vectors of words factorised from the texts themselves (PPMI and truncated SVD), averaged over an article"
    public let parameters: Parameters

    /// The hyper-parameters of `ArchiveVectors`.
    public struct Parameters: Hyperparameters {
        public var rank = 300
        public var window = 50
        public var smoothing = 0.75
        public var minimumDocumentFrequency = 3
        public var maximumWords: Int? = 60_000
        public var minimumCooccurrence = 0.0
        public var maximumCells = 150_000_000
        public var powerIterations = 2
        public var stopWords = StopWords.english
        public var accents = TokenizerOptions.Accents.keep
        public var titleWeight = 1.0

        public init() {}

        public static let schema: [Hyperparameter<Parameters>] = [
            Hyperparameter("rank", \.rank, .integer(1...2000), help: "dimensions of the vectors"),
            Hyperparameter("window", \.window, .integer(1...1000), help: "how far apart words may stand to count as neighbours"),
            Hyperparameter(
                "smoothing", \.smoothing, .number(0...1),
                help: "the power of the neighbours' frequencies; below 1 rare neighbours count less"),
            Hyperparameter(
                "minimumDocumentFrequency", \.minimumDocumentFrequency, .integer(1...1_000_000),
                help: "words in fewer articles have no vector"),
            Hyperparameter(
                "maximumWords", \.maximumWords, .optional(.integer(1...10_000_000)),
                help: "only so many words have vectors, those in the most articles"),
            Hyperparameter(
                "minimumCooccurrence", \.minimumCooccurrence, .number(0...1000),
                help:
                    "pairs of words counted less than this are left out (a pair of neighbours counts 1, one at the window's end 1/window)"
            ),
            Hyperparameter(
                "maximumCells", \.maximumCells, .integer(1...2_000_000_000),
                help: "at most so many pairs are kept, 8 bytes each: an equal share a word, its strongest"),
            Hyperparameter(
                "powerIterations", \.powerIterations, .integer(0...20), help: "refinements of the randomised decomposition"),
            Hyperparameter("stopWords", \.stopWords, .choice(StopWords.allCases.map(\.rawValue)), help: "words to drop"),
            Hyperparameter(
                "accents", \.accents, .choice(TokenizerOptions.Accents.allCases.map(\.rawValue)),
                help: "keep accents, or fold Việt Nam and Viet Nam into one"),
            Hyperparameter("titleWeight", \.titleWeight, .number(0...1000), help: "what an occurrence in the title counts"),
        ]

        /// The words.
        var terms: TFIDFParameters {
            var terms = TFIDFParameters()
            terms.wordNgrams = LengthRange(1...1)
            terms.minimumDocumentFrequency = minimumDocumentFrequency
            terms.maximumFeatures = maximumWords
            terms.stopWords = stopWords
            terms.accents = accents
            terms.titleWeight = titleWeight
            return terms
        }
    }

    public init(_ parameters: Parameters = Parameters()) {
        self.parameters = parameters
    }

    public func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> ArchiveVectorsModel {
        try fittedExtracting(articles, context: context).model
    }

    /// Learns vectors from the articles.
    ///
    /// - Throws: `TrainingError` when no word occurs often enough, or on cancellation.
    /// - Complexity: see `ArchiveFitter`.
    public func fittedExtracting(
        _ articles: ArticleBatch, context: TrainingContext
    ) throws -> (model: ArchiveVectorsModel, rows: SparseMatrix) {
        context.report(.phase("words of the archive"))
        var fitter = ArchiveFitter(self)
        try fitter.append(articles)
        let model = try fitter.fitted(context: context).model
        let rows = model.terms.rows(of: articles, threadCount: context.threadCount)
        return (model, model.articleVectors(of: rows, threads: context.threadCount))
    }

    /// The vectors of all words, [word][dimension], each of unit length; zeros for a word without neighbours.
    func wordVectors(
        of sequences: WordSequences, wordCount: Int, maximumCells: Int? = nil, placesAtOnce: Int = 1 << 26,
        context: TrainingContext
    ) throws -> (elements: [Float], rank: Int) {
        context.report(.phase("neighbours of words"))
        let counting = PositivePMI(
            window: parameters.window, smoothing: parameters.smoothing, minimumCount: Float(parameters.minimumCooccurrence),
            largestRowLength: max(1, (maximumCells ?? parameters.maximumCells) / wordCount), placesAtOnce: placesAtOnce)
        let cells = try counting.rows(of: sequences, wordCount: wordCount, context: context)
        try context.checkCancellation()
        context.report(.phase("vectors of words"))
        var options = RandomizedSVDOptions()
        options.powerIterations = parameters.powerIterations
        options.seed = context.seed
        let decomposition = try FloatOperator(rows: cells)
            .truncatedSVD(count: parameters.rank, options: options, threads: context.threadCount, wantsRight: false)
        let rank = decomposition.singularValues.count
        guard rank > 0 else {
            throw TrainingError.noFeatures(reason: "no two words of the archive stand together more than once")
        }
        let roots = decomposition.singularValues.map { $0.squareRoot() }
        var elements: [Float] = []
        elements.reserveCapacity(wordCount * rank)
        for word in 0..<wordCount {
            let row = zip(decomposition.u.row(word), roots).map(*)
            let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for value in row { elements.append(norm > 0 ? Float(value / norm) : 0) }
        }
        context.report(.note("\(wordCount) words, \(cells.elementCount) pairs, vectors of \(rank) dimensions"))
        return (elements, rank)
    }
}
