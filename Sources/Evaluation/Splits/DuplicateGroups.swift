import LinearAlgebra
import TextClassification

/// Groups of articles whose texts are the same or nearly so.
///
/// Compared are the words: runs of letters and digits, ASCII capitals made small, so that spacing and punctuation make no
/// difference; in scripts without spaces (Han, Kana, Thai, Lao) every character is one. Exact duplicates have the same words.
/// Near duplicates share at least four fifths of their 5-word shingles (Jaccard similarity ≥ 0.8): candidates come from MinHash
/// signatures in bands (Broder 1997; Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, ch. 3) and each is then verified
/// on the shingles. A pair exactly as similar as the limit is missed with probability 4e-4. Grouping is transitive.
///
/// The title counts only where the body has fewer than 20 words: agencies' stories run under many headlines.
public struct DuplicateGroups: Sendable, Equatable {
    /// Pairs of at least this Jaccard similarity are near duplicates.
    public static let similarityLimit = 0.8
    static let shingleLength = 5
    static let bandCount = 20
    static let rowsPerBand = 5
    /// Under one key a text is compared with this many different texts at most, which bounds the time.
    static let comparisonLimit = 64

    /// The group of each article, numbered from 0 in the order of their first articles.
    public private(set) var groups: [Int]
    private var sets: DisjointSets
    /// The hash of each article's words; empty where no texts were compared.
    private var digests: [UInt64] = []

    /// Every article is a group of its own.
    public init(articleCount: Int) {
        groups = Array(0..<articleCount)
        sets = DisjointSets(count: articleCount)
    }

    /// The groups of the articles: the same for every number of threads.
    ///
    /// - Complexity: O(words × 100 + articles log articles), and the verification of the candidates.
    public init(of articles: ArticleBatch, threadCount: Int = 1) {
        self.init(articleCount: articles.count)
        let texts = parallelMap(count: articles.count, threads: threadCount) { article in
            let bytes = articles.bytes.span
            return ShingledText(
                title: bytes.extracting(articles.titles[article]), body: bytes.extracting(articles.bodies[article]))
        }
        var keys: [(key: UInt64, article: Int)] = []
        for band in 0..<Self.bandCount {
            keys.removeAll(keepingCapacity: true)
            for (article, text) in texts.enumerated() where !text.keys.isEmpty { keys.append((text.keys[band], article)) }
            keys.sort { ($0.key, $0.article) < ($1.key, $1.article) }
            var start = 0
            while start < keys.count {
                var end = start + 1
                while end < keys.count, keys[end].key == keys[start].key { end += 1 }
                if end - start > 1 { joinSimilar(keys[start..<end].map(\.article), texts) }
                start = end
            }
        }
        groups = sets.numbers()
        digests = texts.map(\.digest)
    }

    /// Whether all of the articles have the same words in the same order.
    public func haveSameWords(_ articles: [Int]) -> Bool {
        !digests.isEmpty && articles.allSatisfy { digests[$0] == digests[articles[0]] }
    }

    /// The number of groups.
    public var groupCount: Int { (groups.max() ?? -1) + 1 }

    /// The groups of two articles or more, each in ascending order.
    public var duplicates: [[Int]] {
        var members: [[Int]] = Array(repeating: [], count: groupCount)
        for (article, group) in groups.enumerated() { members[group].append(article) }
        return members.filter { $0.count > 1 }
    }

    /// Joins articles of the same key; `nil` joins nothing.
    public mutating func join(_ keys: [String?]) {
        precondition(keys.count == groups.count, "a key for each article")
        var first: [String: Int] = [:]
        for (article, key) in keys.enumerated() {
            guard let key else { continue }
            if let other = first[key] { sets.join(other, article) } else { first[key] = article }
        }
        groups = sets.numbers()
    }

    private mutating func joinSimilar(_ articles: [Int], _ texts: [ShingledText]) {
        var different: [Int] = []
        for article in articles {
            var isNew = true
            for other in different {
                if sets.representative(of: other) == sets.representative(of: article) {
                    isNew = false
                } else if texts[other].similarity(to: texts[article]) >= Self.similarityLimit {
                    sets.join(other, article)
                    isNew = false
                }
            }
            if isNew, different.count < Self.comparisonLimit { different.append(article) }
        }
    }
}
