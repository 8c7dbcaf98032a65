import TextClassification

/// A `HashingVectorizer` while it is fitted: it keeps counts of buckets, not text.
public struct HashingFitting: FeatureExtractorFitting {
    private let parameters: HashingParameters
    private var scanner: FieldScanner
    private var counters: [BucketCounter]
    private var articleCount = 0

    init(_ parameters: HashingParameters) {
        self.parameters = parameters
        scanner = FieldScanner(parameters.text)
        counters = parameters.text.blocks.map { BucketCounter($0.kind, bits: parameters.bits) }
    }

    public mutating func add(_ articles: ArticleBatch) {
        add(articles, beforeEachScan: {})
    }

    /// Takes articles, and before each part of them calls a closure that may end it.
    mutating func add<Failure: Error>(_ articles: ArticleBatch, beforeEachScan: () throws(Failure) -> Void) throws(Failure) {
        var rest = 0..<articles.count
        while !rest.isEmpty {
            try beforeEachScan()
            _ = scanner.scan(articles, next: &rest)
            for position in counters.indices { counters[position].count(scanner, firstArticle: articleCount) }
        }
        articleCount += articles.count
    }

    public consuming func finished() -> HashingModel {
        HashingModel(
            parameters: parameters,
            blocks: counters.enumerated().map { position, counter in
                HashingModel.Block(
                    kind: parameters.text.blocks[position].kind, weight: parameters.text.blocks[position].weight,
                    weights: InverseFrequencies(fitted: weights(of: counter)), nameOffsets: ModelArray(counter.nameOffsets),
                    names: ModelArray(counter.names))
            })
    }

    /// The inverse document frequencies; 0 drops a bucket that no article reached or that the limits exclude.
    private func weights(of counter: BucketCounter) -> [Float] {
        let limits = parameters.text.limits
        return counter.documentFrequencies.map { frequency in
            guard parameters.keepsUnseen || Int(frequency) >= limits.minimumDocumentFrequency,
                Double(frequency) <= limits.maximumDocumentShare * Double(articleCount)
            else { return 0 }
            return parameters.text.inverseDocumentFrequency(frequency, articleCount: articleCount)
        }
    }
}

extension HashingVectorizer: StreamingFeatureExtractor {
    public func makeFitting() throws -> HashingFitting {
        guard !parameters.text.blocks.isEmpty else {
            throw ConfigurationError.conflict(
                "hashing: wordNgrams and characterNgrams are both none, so there would be no feature")
        }
        return HashingFitting(parameters)
    }

    public var featureCount: Int { parameters.text.blocks.count << parameters.bits }

    /// Counts, positions and names of buckets while fitting, in the model, and in the bytes of its file; measured on news.
    public var workingMemory: Int { featureCount * 150 }
}
