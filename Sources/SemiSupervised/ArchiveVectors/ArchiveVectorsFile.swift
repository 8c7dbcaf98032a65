import LinearAlgebra
import TextClassification
import TextFeatures

/// Vectors of an archive's words in a file of their own: fitted once, used by many models, and brought up to date with more text.
///
/// Beside the vectors it holds, unless told not to, the vectors and names of the articles, and the words of the archive in their order. From
/// these an update factorises anew: the file is, byte for byte, the one that fitting to the old articles and then the new ones would
/// give. They are as private as the archive.
public struct ArchiveVectorsFile: Sendable {
    public let header: ModelHeader
    public let parameters: ArchiveVectors.Parameters
    public let vectors: ArchiveVectorsModel
    private let index: ArticleIndex?
    private let collected: (words: WordCollector, archive: ModelArray<UInt32>)?
    /// A chain of the digests of all articles, each of title and text.
    private let digest: UInt64

    private enum Scope {
        static let vectors = "vectors"
        static let articles = "articles"
        static let collected = "collected"
        static let sequence = "sequence"
        static let digest = "digest"
    }

    /// The component that stands where a classifier would: vectors are no classifier, and what reads classifiers says so.
    static let classifier = "no-classifier-but-vectors"

    /// What the file is to hold beside the vectors.
    public struct Contents: Sendable, Equatable {
        /// Vectors and names of the articles, `rank` bytes an article and its title: for finding similar ones.
        public var articles = true
        /// The words in their order, 4 bytes each: for updating.
        public var words = true

        public init() {}
    }

    public var articleCount: Int { header.training.articleCount }
    /// The number of words that have a vector.
    public var wordCount: Int { vectors.terms.featureCount }
    /// Whether similar articles can be found.
    public var hasArticles: Bool { index != nil }
    /// Whether more text can be added.
    public var isUpdatable: Bool { collected != nil }
    /// Of the articles' texts, in hexadecimal.
    public var archiveDigest: String { header.training.dataDigest }

    /// A word, and how near it is.
    public struct SimilarWord: Sendable, Equatable, Codable {
        public let word: String
        /// The cosine of the angle between the vectors, −1...1.
        public let similarity: Double
    }

    /// An article, and how near it is.
    public struct SimilarArticle: Sendable, Equatable, Codable {
        public let id: String
        /// Its title, or how it begins.
        public let title: String
        /// The cosine of the angle between the vectors, −1...1.
        public let similarity: Double
    }

    /// The words nearest to the mean of the given ones, without these, the nearest first; none where none of them has a vector.
    /// O(words · rank).
    public func nearestWords(to words: [String], count: Int) -> [SimilarWord] {
        let positions = Set(words.flatMap(vectors.positions(ofWordsIn:)))
        var mean = [Float](repeating: 0, count: vectors.rank)
        for word in positions.sorted() { for (d, value) in vectors.vector(ofWord: word).enumerated() { mean[d] += value } }
        guard ArchiveVectorsModel.normalize(&mean) else { return [] }
        return vectors.nearestWords(to: mean, count: count + positions.count).filter { !positions.contains($0.position) }
            .prefix(count).map { SimilarWord(word: vectors.terms.featureName($0.position), similarity: $0.similarity) }
    }

    /// The articles nearest to a text, the nearest first; none where no word of it is known, or the file holds no articles.
    /// O(articles · rank).
    public func nearestArticles(to article: Article, count: Int) -> [SimilarArticle] {
        guard let index, let vector = vectors.vector(of: article) else { return [] }
        return index.nearest(to: vector, count: count).map { neighbour in
            let name = index.name(of: neighbour.position)
            return SimilarArticle(id: name.identifier, title: name.title, similarity: neighbour.similarity)
        }
    }

    /// Which of the words have no vector.
    public func unknown(_ words: [String]) -> [String] { words.filter { vectors.positions(ofWordsIn: $0).isEmpty } }
}

extension ArchiveVectorsFile {
    /// Makes the contents of a file from articles that come piece by piece.
    public struct Builder {
        private let contents: Contents
        private let parameters: ArchiveVectors.Parameters
        private var fitter: ArchiveFitter
        private var names = ArticleIndex.Names()
        private var digest: UInt64 = 0
        private let seed: UInt64

        /// A builder of a new file.
        ///
        /// - Parameters:
        ///   - memory: see `ArchiveFitter`.
        public init(
            _ parameters: ArchiveVectors.Parameters, contents: Contents = Contents(), seed: UInt64 = 0,
            memory: ArchiveFitter.Memory = .init()
        ) {
            self.contents = contents
            self.parameters = parameters
            self.seed = seed
            fitter = ArchiveFitter(ArchiveVectors(parameters), memory: memory)
        }

        /// A builder that goes on where a file ended.
        ///
        /// - Throws: `TrainingError` where the file does not hold the words of its archive.
        public init(
            updating file: ArchiveVectorsFile, memory: ArchiveFitter.Memory = .init()
        ) throws {
            guard let collected = file.collected else {
                throw TrainingError.failed(
                    component: ArchiveVectors.identifier,
                    reason: "the file was made without the words of its archive, so nothing can be added: fit it anew")
            }
            var contents = Contents()
            contents.articles = file.index != nil
            self.contents = contents
            parameters = file.parameters
            seed = file.header.training.seed
            digest = file.digest
            if let index = file.index { names = index.names }
            fitter = ArchiveFitter(
                ArchiveVectors(file.parameters), words: collected.words, memory: memory)
            try fitter.append(collected: collected.archive)
        }

        /// The number of articles so far.
        public var articleCount: Int { fitter.articleCount }

        /// Takes up articles and what they are called.
        /// - Precondition: as many identifiers as articles.
        public mutating func append(_ articles: borrowing ArticleBatch, identifiers: [String]) throws {
            precondition(identifiers.count == articles.count, "\(identifiers.count) identifiers of \(articles.count) articles")
            for article in 0..<articles.count {
                var hash = XXH64()
                hash.append(digest.littleEndianBytes.span)
                articles.append(article, to: &hash)
                digest = hash.value
                if contents.articles {
                    names.append(
                        identifier: identifiers[article], title: articles.bytes[articles.titles[article]],
                        body: articles.bytes[articles.bodies[article]])
                }
            }
            try fitter.append(articles)
        }

        /// Learns the vectors. To be called once, at the end.
        /// - Throws: see `ArchiveFitter`.
        public consuming func fitted(context: TrainingContext) throws -> ArchiveVectorsFile {
            var context = context
            context.seed = seed
            let fitted = try fitter.fitted(context: context)
            return ArchiveVectorsFile(
                fitted, parameters: parameters, contents: contents, names: names, digest: digest, context: context)
        }
    }

    private init(
        _ fitted: ArchiveFitter.Fitted, parameters: ArchiveVectors.Parameters, contents: Contents, names: ArticleIndex.Names,
        digest: UInt64, context: TrainingContext
    ) {
        self.parameters = parameters
        self.digest = digest
        vectors = fitted.model
        collected = contents.words ? (fitted.words, fitted.archive.words) : nil
        index =
            contents.articles
            ? ArticleIndex(of: fitted.archive, names: names, model: fitted.model, threads: context.threadCount) : nil
        header = ModelHeader(
            task: .multi, labels: ["words"],
            recipe: Recipe(
                name: ArchiveVectors.identifier, summary: ArchiveVectors.summary,
                featureExtractor: ComponentConfiguration(ArchiveVectors.identifier, parameters.values),
                classifier: ComponentConfiguration(Self.classifier), calibrator: ComponentConfiguration(Self.classifier),
                decisionRule: ComponentConfiguration(Self.classifier)),
            training: .init(
                articleCount: fitted.archive.articleCount, labelCounts: [0], seed: context.seed, dataDigest: hexadecimal(digest)))
    }

    /// Writes the file, whole or not at all; equal contents give equal bytes.
    public func write(to path: String) throws(ModelFileError) {
        try writer().write(header: header, to: path)
    }

    /// The bytes of the file.
    public func fileBytes() throws(ModelFileError) -> [UInt8] {
        try writer().fileBytes(header: header)
    }

    private func writer() throws(ModelFileError) -> ModelWriter {
        var writer = ModelWriter()
        try writer.scoped(Scope.vectors) { writer throws(ModelFileError) in try vectors.write(to: &writer) }
        writer.add(Scope.digest, [digest])
        if let index { writer.scoped(Scope.articles) { index.write(to: &$0) } }
        if let collected {
            writer.scoped(Scope.collected) { writer in
                collected.words.write(to: &writer)
                writer.add(Scope.sequence, collected.archive)
            }
        }
        return writer
    }

    /// Opens a file.
    /// - Throws: `ModelFileError` for a damaged file and for one that holds something else.
    public init(path: String) throws(ModelFileError) { try self.init(ModelFile(path: path)) }

    /// The vectors that a file holds.
    public init(_ file: ModelFile) throws(ModelFileError) {
        header = file.header
        guard header.recipe.classifier.component == Self.classifier else {
            throw .unknownComponent(
                path: file.path, reason: "it does not hold vectors of words; make them with sectorkit vectors fit")
        }
        do {
            parameters = try ArchiveVectors.Parameters(
                header.recipe.featureExtractor.parameters, component: ArchiveVectors.identifier)
        } catch {
            throw .unknownComponent(path: file.path, reason: "\(error)")
        }
        let reader = file.reader
        vectors = try ArchiveVectorsModel(reading: reader.scoped(Scope.vectors))
        digest = try reader.array(Scope.digest, of: UInt64.self, count: 1)[0]
        let articles = reader.scoped(Scope.articles)
        index = articles.has("scales") ? try ArticleIndex(reading: articles, rank: vectors.rank) : nil
        let kept = reader.scoped(Scope.collected)
        guard kept.has(Scope.sequence) else {
            collected = nil
            return
        }
        collected = (
            try WordCollector(reading: kept, parameters: parameters.terms, articleCount: header.training.articleCount),
            try kept.array(Scope.sequence, of: UInt32.self)
        )
        try check(kept)
    }

    /// Whether the parts fit together. O(words of the archive).
    private func check(_ reader: ModelReader) throws(ModelFileError) {
        guard let collected else { return }
        let end = UInt32(clamping: collected.words.wordCount) + WordCollector.firstWord
        let (isInRange, articleCount, isClosed) = collected.archive.withSpan { words in
            var isInRange = true
            var count = 0
            for place in words.indices {
                if words[place] >= end { isInRange = false }
                if words[place] == WordCollector.articleEnd { count += 1 }
            }
            return (isInRange, count, words.isEmpty || words[words.count - 1] == WordCollector.articleEnd)
        }
        guard isInRange, isClosed, articleCount == header.training.articleCount,
            index.map({ $0.articleCount == articleCount }) ?? true
        else { throw reader.malformed(Scope.sequence, "does not fit the words and articles") }
    }
}
