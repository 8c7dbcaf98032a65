import LinearAlgebra

/// The texts of many articles in one contiguous UTF-8 buffer: what feature extractors read.
///
/// A batch is filled, used and emptied again without giving its memory back, so that a stream of articles needs no allocation
/// once the largest batch has been seen. The bytes need not be valid UTF-8; feature extractors repair them by the standard's
/// replacement rule.
public struct ArticleBatch: Sendable {
    /// The bytes of all titles and bodies.
    public private(set) var bytes: [UInt8] = []
    /// Where the title of each article lies in `bytes`.
    public private(set) var titles: [Range<Int>] = []
    /// Where the body of each article lies in `bytes`.
    public private(set) var bodies: [Range<Int>] = []

    public init() {}

    /// A batch of the given articles, in their order.
    public init(_ articles: some Collection<Article>) {
        var byteCount = 0
        for article in articles.indices { byteCount += articles[article].title.utf8.count + articles[article].text.utf8.count }
        bytes.reserveLargePages(byteCount)
        titles.reserveCapacity(articles.count)
        bodies.reserveCapacity(articles.count)
        for article in articles.indices { append(title: articles[article].title.utf8, body: articles[article].text.utf8) }
    }

    /// A batch of the given parts, which it takes over as they are: `bytes` may hold more than titles and bodies.
    /// - Precondition: a title and a body an article, within `bytes`.
    public init(bytes: [UInt8], titles: [Range<Int>], bodies: [Range<Int>]) {
        precondition(titles.count == bodies.count, "\(titles.count) titles for \(bodies.count) bodies")
        var last = 0
        for title in titles { last = max(last, title.upperBound) }
        for body in bodies { last = max(last, body.upperBound) }
        precondition(last <= bytes.count, "a field outside of its batch")
        self.bytes = bytes
        self.titles = titles
        self.bodies = bodies
    }

    /// The parts, with their memory; the batch is empty then, and has none.
    public mutating func takeParts() -> (bytes: [UInt8], titles: [Range<Int>], bodies: [Range<Int>]) {
        let parts = (bytes, titles, bodies)
        (bytes, titles, bodies) = ([], [], [])
        return parts
    }

    /// The number of articles.
    public var count: Int { bodies.count }

    public mutating func append(_ article: Article) {
        append(title: article.title.utf8, body: article.text.utf8)
    }

    /// Appends an article given as UTF-8 bytes. O(length).
    public mutating func append(title: some Collection<UInt8>, body: some Collection<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: title)
        let middle = bytes.count
        bytes.append(contentsOf: body)
        titles.append(start..<middle)
        bodies.append(middle..<bytes.count)
    }

    /// Lets the caller write bytes behind those that are there, and then name the article that lies in them.
    ///
    /// `fill` appends to the buffer and returns the ranges of title and body in it; readers that unescape a title and a body use
    /// it to write each byte once. Returning `nil`, or throwing, takes back what was appended.
    /// - Precondition: the ranges lie within the buffer.
    public mutating func append<Failure: Error>(
        filling fill: (inout [UInt8]) throws(Failure) -> (title: Range<Int>, body: Range<Int>)?
    ) throws(Failure) {
        let start = bytes.count
        var isKept = false
        defer { if !isKept { bytes.removeSubrange(start...) } }
        guard let (title, body) = try fill(&bytes) else { return }
        isKept = true
        precondition(title.upperBound <= bytes.count && body.upperBound <= bytes.count, "a field outside of its batch")
        titles.append(title)
        bodies.append(body)
    }

    /// Appends all articles of another batch. O(bytes).
    public mutating func append(_ other: ArticleBatch) {
        let shift = bytes.count
        bytes += other.bytes
        for range in other.titles { titles.append(shift + range.lowerBound..<shift + range.upperBound) }
        for range in other.bodies { bodies.append(shift + range.lowerBound..<shift + range.upperBound) }
    }

    /// Reserves memory for so many bytes of text; what is never filled takes none.
    public mutating func reserveCapacity(byteCount: Int) { bytes.reserveLargePages(byteCount) }

    /// Appends the articles of another batch at the given positions.
    public mutating func append(_ other: ArticleBatch, at positions: some Sequence<Int>) {
        for position in positions {
            append(title: other.bytes[other.titles[position]], body: other.bytes[other.bodies[position]])
        }
    }

    /// Removes all articles and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        titles.removeAll(keepingCapacity: true)
        bodies.removeAll(keepingCapacity: true)
    }
}
