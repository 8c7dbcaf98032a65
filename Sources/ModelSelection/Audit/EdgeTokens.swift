import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Words at the edges of articles that give a label away: bylines, agency tags, the name of a section, a closing line.
///
/// A phrase of one to four words that stands at the beginning or the end of the text, or at the beginning of the title, leaks where
///  - at least five articles have it there, and nine of ten of them have the label,
///  - four fifths of all that the phrase occurs are at that place, since words of a topic stand anywhere,
///  - so many with the label are no chance: binomial test against the label's share, times the number of phrases tried, below 0.01.
/// Of phrases within one another, with the same articles, the longest is told.
public struct EdgeTokens: Sendable {
    /// Where a phrase stands.
    public enum Place: String, Sendable, Codable, CaseIterable {
        case start = "start of the text"
        case end = "end of the text"
        case title = "start of the title"
    }

    /// A phrase that gives a label away.
    public struct Leak: Sendable, Equatable {
        public let phrase: String
        public let place: Place
        public let label: Int
        /// The articles with the phrase at that place, and how many of them have the label.
        public let articles: [Int]
        public let labelledCount: Int
        /// The share of the label's articles that the phrase gives away.
        public let labelShare: Double
    }

    /// The words looked at on either end of a text, and at the beginning of a title.
    static let edgeLength = 12
    static let titleLength = 3
    static let longestPhrase = 4
    static let leastArticleCount = 5

    /// The leaks, those first that give away most articles.
    public let leaks: [Leak]

    /// - Complexity: O(words of all texts).
    public init(articles: ArticleBatch, targets: Targets, threadCount: Int = 1) {
        precondition(articles.count == targets.count, "targets of other articles")
        let words = parallelMap(count: articles.count, threads: threadCount) { article in
            (
                title: Self.words(articles.bytes[articles.titles[article]]),
                body: Self.words(articles.bytes[articles.bodies[article]])
            )
        }
        var places: [Key: [Int]] = [:]
        for (article, words) in words.enumerated() {
            var own: Set<Key> = []
            Self.addPhrases(words.body.prefix(Self.edgeLength), .start, to: &own)
            Self.addPhrases(words.body.suffix(Self.edgeLength), .end, to: &own)
            Self.addPhrases(words.title.prefix(Self.titleLength), .title, to: &own)
            for key in own { places[key, default: []].append(article) }
        }
        places = places.filter { $0.value.count >= Self.leastArticleCount }
        let known = Set(places.keys.map(\.phrase))
        var anywhere: [String: Int] = [:]
        for words in words {
            for part in [words.title, words.body] {
                Self.forEachPhrase(part[...]) { if known.contains($0) { anywhere[$0, default: 0] += 1 } }
            }
        }
        let atEdge = places.filter { 5 * $0.value.count >= 4 * (anywhere[$0.key.phrase] ?? 0) }
        leaks = Self.longest(Self.leaks(atEdge, targets))
    }

    private struct Key: Hashable {
        let phrase: String
        let place: Place
    }

    private static func leaks(_ places: [Key: [Int]], _ targets: Targets) -> [Leak] {
        let trials = Double(max(1, places.count * targets.labelCount))
        var leaks: [Leak] = []
        for label in 0..<targets.labelCount {
            let judgedCount = (0..<targets.count).count { targets[$0, label] != .missing }
            let positiveCount = (0..<targets.count).count { targets[$0, label] == .positive }
            guard positiveCount > 0, positiveCount < judgedCount else { continue }
            let share = Double(positiveCount) / Double(judgedCount)
            for (key, articles) in places {
                let judged = articles.filter { targets[$0, label] != .missing }
                let hits = judged.count { targets[$0, label] == .positive }
                guard judged.count >= leastArticleCount, 10 * hits >= 9 * judged.count,
                    upperTail(hits, of: judged.count, probability: share) * trials < 0.01
                else { continue }
                leaks.append(
                    Leak(
                        phrase: key.phrase, place: key.place, label: label, articles: judged, labelledCount: hits,
                        labelShare: Double(hits) / Double(positiveCount)))
            }
        }
        return leaks.sorted {
            (-$0.labelledCount, $0.label, $0.articles.count, -$0.phrase.utf8.count, $0.phrase, $0.place.rawValue)
                < (-$1.labelledCount, $1.label, $1.articles.count, -$1.phrase.utf8.count, $1.phrase, $1.place.rawValue)
        }
    }

    /// Of phrases that are part of one another, and nearly always stand together, the longest.
    private static func longest(_ leaks: [Leak]) -> [Leak] {
        var kept: [Leak] = []
        for leak in leaks.sorted(by: { ($1.phrase.utf8.count, $0.phrase) < ($0.phrase.utf8.count, $1.phrase) }) {
            let isCovered = kept.contains { longer in
                longer.label == leak.label && longer.place == leak.place
                    && " \(longer.phrase) ".contains(" \(leak.phrase) ")
                    && 10 * longer.articles.count >= 9 * leak.articles.count
            }
            if !isCovered { kept.append(leak) }
        }
        let order = Set(kept.map { "\($0.place.rawValue)\u{0}\($0.label)\u{0}\($0.phrase)" })
        return leaks.filter { order.contains("\($0.place.rawValue)\u{0}\($0.label)\u{0}\($0.phrase)") }
    }

    /// P(X ≥ k) of a binomial variable.
    static func upperTail(_ k: Int, of count: Int, probability: Double) -> Double {
        guard k > 0 else { return 1 }
        var logTerm =
            lgamma(Double(count + 1)) - lgamma(Double(k + 1)) - lgamma(Double(count - k + 1))
            + Double(k) * log(probability) + Double(count - k) * log1p(-probability)
        var sum = 0.0
        for j in k...count {
            sum += exp(logTerm)
            if j < count {
                logTerm += log(Double(count - j) / Double(j + 1)) + log(probability) - log1p(-probability)
            }
        }
        return min(1, sum)
    }

    private static func addPhrases(_ words: ArraySlice<String>, _ place: Place, to phrases: inout Set<Key>) {
        forEachPhrase(words) { phrases.insert(Key(phrase: $0, place: place)) }
    }

    private static func forEachPhrase(_ words: ArraySlice<String>, _ body: (String) -> Void) {
        for start in words.indices {
            var phrase = ""
            for end in start..<min(start + longestPhrase, words.endIndex) {
                if end > start { phrase += " " }
                phrase += words[end]
                body(phrase)
            }
        }
    }

    /// The words between white space, ASCII capitals made small, without ASCII punctuation around them.
    private static func words(_ text: ArraySlice<UInt8>) -> [String] {
        text.split { $0 <= 0x20 }.compactMap { word in
            func isPunctuation(_ byte: UInt8) -> Bool {
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: false
                default: true
                }
            }
            guard let first = word.firstIndex(where: { !isPunctuation($0) }),
                let last = word.lastIndex(where: { !isPunctuation($0) })
            else { return nil }
            return String(decoding: word[first...last].map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
        }
    }
}
