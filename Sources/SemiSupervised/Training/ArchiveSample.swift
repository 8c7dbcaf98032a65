import TextClassification

/// Articles of an archive that comes piece by piece: all of them up to a limit, of a larger one every second, every fourth and so on, so that
/// they are spread over it evenly.
public struct ArchiveSample: Sendable {
    /// The most that are kept.
    public let limit: Int
    /// Those kept, in their order.
    public private(set) var articles = ArticleBatch()
    /// How many the archive has.
    public private(set) var articleCount = 0
    private var stride = 1
    private var hash = XXH64()

    /// - Precondition: `limit >= 1`.
    public init(limit: Int) {
        precondition(limit >= 1, "a limit of \(limit)")
        self.limit = limit
    }

    /// The XXH64 of all titles and texts, kept or not, in hexadecimal.
    public var digest: String { hexadecimal(hash.value) }

    /// Takes up articles. O(length of the texts).
    public mutating func append(_ batch: ArticleBatch) {
        for article in 0..<batch.count {
            batch.append(article, to: &hash)
            if articleCount % stride == 0, articles.count == limit {
                var halved = ArticleBatch()
                halved.append(articles, at: Swift.stride(from: 0, to: articles.count, by: 2))
                articles = halved
                stride *= 2
            }
            if articleCount % stride == 0 { articles.append(batch, at: article..<article + 1) }
            articleCount += 1
        }
    }
}
