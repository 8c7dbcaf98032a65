import LinearAlgebra
import TextClassification

/// Which terms become features.
struct VocabularyLimits: Sendable, Equatable {
    /// In at least so many articles.
    var minimumDocumentFrequency: Int
    /// In at most this share of the articles.
    var maximumDocumentShare: Double
    /// At most so many terms, those with the largest total counts.
    var maximumCount: Int?
}

/// The terms of a corpus with what fitting needs to know of each, and the articles' counts in terms of them.
struct FittedVocabulary: Sendable {
    let vocabulary: Vocabulary
    /// In how many articles each term occurs.
    let documentFrequencies: [Int32]
    /// The counts of the articles: one row each, columns are terms.
    let counts: TermCounts
}

/// Counts of terms, article after article, as compressed rows.
struct TermCounts: Sendable {
    var rowOffsets: [Int] = [0]
    var terms: [Int32] = []
    var counts: [Float] = []
}

extension Vocabulary {
    /// Joins the counts of several counters, whose articles follow each other.
    ///
    /// Terms are numbered by falling document frequency, then by first occurrence: the numbers depend on the articles alone and not on
    /// how they were divided among the counters. Rows keep the order of first occurrence within the article.
    /// O(terms of all counters + elements), plus a sort of the terms that are kept.
    /// - Throws: `TrainingError.failed` when the terms that are kept are more, or longer in all, than a vocabulary can hold.
    static func fitted(
        _ counters: [TermCounter], articleCount: Int, limits: VocabularyLimits, threads: Int
    ) throws(TrainingError) -> FittedVocabulary {
        // Hash-sharded, so that threads join separate terms: a shard takes the terms whose hashes begin with its number.
        let shardBits: UInt64 = counters.count > 1 ? 4 : 0
        let shardCount = 1 << Int(shardBits)
        let shards = parallelMap(count: shardCount, threads: threads) { shard in
            joined(counters, shard: shard, shift: 64 - shardBits)
        }
        let largest = limits.maximumDocumentShare * Double(articleCount)
        var kept: [Candidate] = []
        for (shard, terms) in shards.enumerated() {
            for (term, joined) in terms.terms.enumerated()
            where Int(joined.documentFrequency) >= limits.minimumDocumentFrequency
                && Double(joined.documentFrequency) <= largest
            {
                kept.append(Candidate(shard: shard, term: term, joined: joined))
            }
        }
        if let maximum = limits.maximumCount, kept.count > maximum {
            kept.sort { ($1.joined.total, $0.joined.first) < ($0.joined.total, $1.joined.first) }
            kept.removeLast(kept.count - maximum)
        }
        kept.sort { $0.joined.sortKey < $1.joined.sortKey }
        let byteCount = kept.reduce(0) { $0 + counters[$1.joined.counter].termBytes($1.joined.term).count }
        guard kept.count <= maximumCount, byteCount <= Int(UInt32.max) else {
            throw .failed(
                component: TFIDFVectorizer.identifier,
                reason:
                    "\(kept.count) terms of \(byteCount) bytes are too many: raise minimumDocumentFrequency, or set maximumFeatures"
            )
        }
        // From the number of a term in its counter to its number in the vocabulary.
        var numbers = counters.map { [Int32](repeating: -1, count: $0.count) }
        for (number, candidate) in kept.enumerated() {
            for member in shards[candidate.shard].members(of: candidate.term) {
                numbers[member.counter][member.term] = Int32(number)
            }
        }
        let vocabulary = Vocabulary(
            terms: kept.map { candidate in
                let counter = counters[candidate.joined.counter]
                return (counter.hashes[candidate.joined.term], counter.termBytes(candidate.joined.term))
            })
        var counts = TermCounts()
        for (position, counter) in counters.enumerated() { counts.append(counter, numbers: numbers[position]) }
        return FittedVocabulary(
            vocabulary: vocabulary, documentFrequencies: kept.map(\.joined.documentFrequency), counts: counts)
    }

    private struct Candidate {
        let shard: Int
        let term: Int
        let joined: JoinedTerm
    }

    /// A term of all counters: where its bytes are, and its summed frequencies.
    private struct JoinedTerm: Sendable {
        let counter: Int
        let term: Int
        var documentFrequency: Int32
        var total: Int64
        let firstArticle: Int32
        let firstPlace: Int32

        /// Where the term occurred first.
        var first: UInt64 { UInt64(UInt32(bitPattern: firstArticle)) << 32 | UInt64(UInt32(bitPattern: firstPlace)) }
        /// Ascending by falling document frequency, then by first occurrence.
        var sortKey: SortKey { SortKey(frequency: -documentFrequency, first: first) }
    }

    private struct SortKey: Comparable {
        let frequency: Int32
        let first: UInt64
        static func < (a: SortKey, b: SortKey) -> Bool {
            a.frequency != b.frequency ? a.frequency < b.frequency : a.first < b.first
        }
    }

    private struct Shard: Sendable {
        var terms: [JoinedTerm] = []
        /// For each counter its terms of this shard, with their numbers in `terms`; chained by term.
        var memberTerms: [(counter: Int32, term: Int32, next: Int32)] = []
        var heads: [Int32] = []

        func members(of term: Int) -> [(counter: Int, term: Int)] {
            var members: [(Int, Int)] = []
            var position = heads[term]
            while position >= 0 {
                let member = memberTerms[Int(position)]
                members.append((Int(member.counter), Int(member.term)))
                position = member.next
            }
            return members
        }
    }

    private static func joined(_ counters: [TermCounter], shard: Int, shift: UInt64) -> Shard {
        var result = Shard()
        var slots = [Int32](repeating: -1, count: 1 << 10)
        for (counterNumber, counter) in counters.enumerated() {
            for (term, hash) in counter.hashes.enumerated() where shift == 64 || Int(hash >> shift) == shard {
                if result.terms.count * 2 >= slots.count {
                    slots = [Int32](repeating: -1, count: slots.count * 2)
                    for (number, joined) in result.terms.enumerated() {
                        var slot = Int(truncatingIfNeeded: counters[joined.counter].hashes[joined.term]) & (slots.count - 1)
                        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
                        slots[slot] = Int32(number)
                    }
                }
                var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
                while slots[slot] >= 0 {
                    let joined = result.terms[Int(slots[slot])]
                    if counters[joined.counter].hashes[joined.term] == hash,
                        counters[joined.counter].termBytes(joined.term) == counter.termBytes(term)
                    {
                        break
                    }
                    slot = (slot + 1) & (slots.count - 1)
                }
                let member = Int32(result.memberTerms.count)
                if slots[slot] >= 0 {
                    let number = Int(slots[slot])
                    result.terms[number].documentFrequency += counter.documentFrequencies[term]
                    result.terms[number].total = TermCounter.sum(result.terms[number].total, counter.totals[term])
                    result.memberTerms.append((Int32(counterNumber), Int32(term), result.heads[number]))
                    result.heads[number] = member
                } else {
                    slots[slot] = Int32(result.terms.count)
                    result.terms.append(
                        JoinedTerm(
                            counter: counterNumber, term: term, documentFrequency: counter.documentFrequencies[term],
                            total: counter.totals[term], firstArticle: counter.firstArticles[term],
                            firstPlace: counter.firstPlaces[term]))
                    result.memberTerms.append((Int32(counterNumber), Int32(term), -1))
                    result.heads.append(member)
                }
            }
        }
        return result
    }
}

extension TermCounts {
    /// Appends the rows of a counter, its terms renumbered and those without a number left out.
    mutating func append(_ counter: TermCounter, numbers: [Int32]) {
        for row in 0..<counter.rowOffsets.count - 1 {
            for position in counter.rowOffsets[row]..<counter.rowOffsets[row + 1] {
                let number = numbers[Int(counter.rowTerms[position])]
                guard number >= 0 else { continue }
                terms.append(number)
                counts.append(counter.rowCounts[position])
            }
            rowOffsets.append(terms.count)
        }
    }
}
