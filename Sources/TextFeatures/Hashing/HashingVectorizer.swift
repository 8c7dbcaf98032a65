import LinearAlgebra
import TextClassification

/// TF-IDF features in a space of fixed size: a term's feature is its hash (Weinberger et al. 2009), so that memory does not grow
/// with the vocabulary. Every feature keeps the name of the term that reached it first while fitting, and how many terms share it.
///
/// There are no signs: collisions add up, and a feature's weight stays readable. Features that no training article reaches have no
/// weight and are not looked at again.
public struct HashingVectorizer: FeatureExtractor {
    public static let identifier = "hashing"
    public static let summary = "TF-IDF of hashed n-grams in a bounded feature space that still names its features"
    public let parameters: HashingParameters

    public init(_ parameters: HashingParameters = HashingParameters()) {
        self.parameters = parameters
    }

    /// Counts in how many articles each bucket occurs. Memory: O(2^bits) and the names of the buckets in use.
    public func fitted(to articles: ArticleBatch, context: TrainingContext) throws -> HashingModel {
        guard !parameters.text.blocks.isEmpty else {
            throw ConfigurationError.conflict(
                "hashing: wordNgrams and characterNgrams are both none, so there would be no feature")
        }
        var tables = parameters.text.blocks.map { _ in BucketTable(bits: parameters.bits) }
        var scanner = FieldScanner(parameters.text)
        for article in 0..<articles.count {
            if article % 1024 == 0 { try context.checkCancellation() }
            parameters.text.forEachField(articles, article) { field, _ in
                scanner.scan(articles, field)
                for (position, block) in parameters.text.blocks.enumerated() {
                    scanner.forEachTerm(of: block.kind) { hash, text, start, end in
                        tables[position].add(hash, text, start, end, article: Int32(truncatingIfNeeded: article))
                    }
                }
            }
        }
        return HashingModel(
            parameters: parameters,
            blocks: tables.enumerated().map { position, table in
                HashingModel.Block(
                    kind: parameters.text.blocks[position].kind, weight: parameters.text.blocks[position].weight,
                    weights: ModelArray(weights(of: table, articleCount: articles.count)),
                    nameOffsets: ModelArray(table.nameOffsets), names: ModelArray(table.names))
            })
    }

    /// The inverse document frequencies; 0 drops a bucket that no article reached or that the limits exclude.
    private func weights(of table: BucketTable, articleCount: Int) -> [Double] {
        let limits = parameters.text.limits
        return table.documentFrequencies.map { frequency in
            guard Int(frequency) >= limits.minimumDocumentFrequency,
                Double(frequency) <= limits.maximumDocumentShare * Double(articleCount)
            else { return 0 }
            return parameters.text.inverseDocumentFrequency(frequency, articleCount: articleCount)
        }
    }
}

/// The hyper-parameters of `HashingVectorizer`: the size of the space, and those of `TFIDFVectorizer` that do not need a vocabulary.
public struct HashingParameters: Hyperparameters {
    public var bits = 18
    public var text = TFIDFParameters()

    public init() {}

    public static var schema: [Hyperparameter<HashingParameters>] {
        [
            Hyperparameter("bits", \.bits, .integer(8...28), help: "2^bits features for words, and as many for characters")
        ] + TFIDFParameters.schema.filter { $0.name != "maximumFeatures" }.map { $0.lifted(\HashingParameters.text) }
    }
}

/// The buckets of one block while they are filled.
struct BucketTable {
    let bits: Int
    private(set) var documentFrequencies: [Int32]
    private var lastArticles: [Int32]
    /// Where the name of each bucket lies in `names`: first and last position.
    private(set) var nameOffsets: [UInt32]
    private(set) var names: [UInt8] = []

    init(bits: Int) {
        self.bits = bits
        documentFrequencies = [Int32](repeating: 0, count: 1 << bits)
        lastArticles = [Int32](repeating: -1, count: 1 << bits)
        nameOffsets = [UInt32](repeating: 0, count: 2 << bits)
    }

    static func bucket(_ hash: UInt64, bits: Int) -> Int { Int(hash >> UInt64(64 - bits)) }

    mutating func add(_ hash: UInt64, _ text: Span<UInt8>, _ start: Int, _ end: Int, article: Int32) {
        let bucket = Self.bucket(hash, bits: bits)
        guard lastArticles[bucket] != article else { return }
        lastArticles[bucket] = article
        if documentFrequencies[bucket] == 0, end - start <= 1000, names.count < Int(UInt32.max) - 1000 {
            nameOffsets[2 * bucket] = UInt32(names.count)
            for position in start..<end { names.append(text[position]) }
            nameOffsets[2 * bucket + 1] = UInt32(names.count)
        }
        documentFrequencies[bucket] += 1
    }
}
