import CKernels

/// The terms of articles that are features, without the others between them: kept for many articles before they are counted, so that
/// what is known of them can be asked for ahead.
struct KnownTerms: Sendable {
    /// Terms have numbers from 1 to this one.
    let termCount: Int
    /// The first `count` elements have a meaning.
    private(set) var terms: [UInt32] = []
    private(set) var count = 0
    /// The fields of the articles, in their order.
    private(set) var fields: [sk_field] = []
    /// Behind the fields of each article.
    private(set) var articleEnds: [Int] = []
    /// The most known terms of an article.
    private(set) var largestCount = 0

    init(termCount: Int) { self.termCount = termCount }

    mutating func removeAll() {
        count = 0
        fields.removeAll(keepingCapacity: true)
        articleEnds.removeAll(keepingCapacity: true)
        largestCount = 0
    }

    /// Appends those of a range of nodes that are features to a field.
    mutating func append(_ nodes: Span<UInt32>, _ range: Range<Int>) {
        if terms.count < count + range.count + Kernels.keepSlack { grow(range.count) }
        count += Kernels.keep(nodes, range, termCount: termCount, into: &terms, at: count)
    }

    @inline(never)
    private mutating func grow(_ added: Int) {
        let missing = (count + added) * 5 / 4 + Kernels.keepSlack - terms.count
        terms.append(contentsOf: repeatElement(0, count: missing))
    }

    /// Ends a field, each of whose terms counts so much; with those that are no features it has `termCount` terms.
    /// - Precondition: the weight is above 0.
    mutating func endField(weight: Float, termCount: Int) {
        fields.append(sk_field(end: count, seen: termCount, weight: weight))
    }

    /// Ends an article, which has the fields since the one before.
    mutating func endArticle() {
        largestCount = max(largestCount, count - start(of: articleEnds.count).term)
        articleEnds.append(fields.count)
    }

    /// The first field of an article, and its first term.
    func start(of article: Int) -> (field: Int, term: Int) {
        guard article > 0 else { return (0, 0) }
        let field = articleEnds[article - 1]
        return (field, field == 0 ? 0 : fields[field - 1].end)
    }
}
