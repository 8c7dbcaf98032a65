import CKernels
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
    /// The terms of so many articles, the first ones, need not occur in others.
    var favouredArticleCount = 0
}

/// The terms of a corpus that became features, with what fitting needs to know of each.
struct FittedVocabulary: Sendable {
    let vocabulary: Vocabulary
    /// In how many articles each term occurs.
    let documentFrequencies: [Int32]
    /// For each counter the first of its nodes in `terms`.
    let bases: [Int]
    /// For each node of each counter the feature + 1 that it is, or 0.
    let terms: [UInt32]
}

extension Vocabulary {
    /// Joins the counts of several counters, whose articles follow each other.
    ///
    /// Terms are numbered by falling document frequency, then by number of words, then by first occurrence: the numbers depend on the
    /// articles alone and not on how they were divided among the counters.
    /// O(terms of all counters), on all threads; of the elements only where a maximum of terms makes it necessary to sum them.
    /// - Throws: `TrainingError.failed` when the terms that are kept are more, or longer in all, than a vocabulary can hold.
    static func fitted(
        _ counters: [TermCounter], articleCount: Int, limits: VocabularyLimits, threads: Int
    ) throws(TrainingError) -> FittedVocabulary {
        let joined = JoinedTerms(counters, threads: threads)
        let builder = VocabularyBuilder(counters, joined)
        let largest = limits.maximumDocumentShare * Double(articleCount)
        let favoured = builder.owners(ofFirst: limits.favouredArticleCount)
        var kept = builder.places { place, frequency in
            (frequency >= limits.minimumDocumentFrequency || !favoured.isEmpty && favoured.contains(place))
                && Double(frequency) <= largest
        }
        if let maximum = limits.maximumCount, kept.count > maximum { kept = builder.largest(maximum, of: kept) }
        kept = builder.sortedByFrequency(kept)
        var terms = builder.terms(kept, threads: threads)
        terms += builder.terms(builder.parts(of: terms), threads: threads)
        let longLength = terms.reduce(0) { $0 + builder.longLength($1) }
        guard kept.count <= maximumCount, terms.count < TermLines.maximumLineCount * TermLines.usualLoad,
            longLength <= Int(UInt32.max)
        else {
            throw .failed(
                component: TFIDFVectorizer.identifier,
                reason:
                    "\(kept.count) terms, \(longLength) bytes of them in long ones, are too many: raise minimumDocumentFrequency, "
                    + "or set maximumFeatures")
        }
        var nodes = [UInt32](largeRepeating: 0, count: joined.bases[counters.count])
        for (number, term) in terms.enumerated() { nodes[term.place] = UInt32(number + 1) }
        let vocabulary = builder.vocabulary(terms, count: kept.count, nodes: nodes)
        joined.giveOwnersNumbers(&nodes, maximum: kept.count)
        return FittedVocabulary(
            vocabulary: vocabulary, documentFrequencies: kept.map { joined.documentFrequencies[$0] }, bases: joined.bases,
            terms: nodes)
    }
}

/// Chooses and orders the terms of a vocabulary, all given by the places of their owners (`JoinedTerms`).
private struct VocabularyBuilder: Sendable {
    private let counters: [TermCounter]
    private let joined: JoinedTerms
    private let termLengths: ClosedRange<UInt8>
    /// Of the tables of the counters: arrays of their own, since each copy of a table costs as much as what is read from it.
    private let keys: [[TermKey]]
    private let hashes: [[UInt64]]
    private let lengths: [[UInt8]]

    init(_ counters: [TermCounter], _ joined: JoinedTerms) {
        self.counters = counters
        self.joined = joined
        keys = counters.map(\.table.keys)
        hashes = counters.map(\.table.hashes)
        lengths = counters.map(\.table.lengths)
        termLengths = counters.first?.termLengths ?? 0...0
    }

    /// The terms whose document frequency is admitted, by number of words, then by first occurrence.
    func places(_ isAdmitted: (_ place: Int, _ frequency: Int) -> Bool) -> [Int] {
        var places: [Int] = []
        let frequencies = joined.documentFrequencies.span
        for length in termLengths {
            for (number, lengths) in lengths.enumerated() {
                let lengths = lengths.span
                let base = joined.bases[number]
                for node in 1..<max(1, lengths.count) where lengths[node] == length {
                    let frequency = Int(frequencies[base + node])
                    guard frequency > 0, joined.owner(base + node) == base + node, isAdmitted(base + node, frequency) else {
                        continue
                    }
                    places.append(base + node)
                }
            }
        }
        return places
    }

    /// The terms that occur in the first articles.
    func owners(ofFirst articleCount: Int) -> Set<Int> {
        var owners: Set<Int> = []
        var remaining = articleCount
        for (number, counter) in counters.enumerated() where remaining > 0 {
            let rowCount = min(remaining, counter.rowCount)
            for element in 0..<counter.rowOffsets[rowCount] {
                owners.insert(joined.owner(joined.bases[number] + Int(counter.rowTerms[element])))
            }
            remaining -= rowCount
        }
        return owners
    }

    /// The terms with the largest total counts; of equal ones, the first.
    func largest(_ count: Int, of places: [Int]) -> [Int] {
        var totals = [Int64](repeating: 0, count: joined.bases[counters.count])
        for (number, counter) in counters.enumerated() {
            counter.forEachElement { node, count in
                let owner = joined.owner(joined.bases[number] + node)
                // In units of 2⁻²⁰: whole numbers, whose sum does not depend on how the articles are divided among counters.
                let (sum, isOverflow) = totals[owner].addingReportingOverflow(Int64(Double(count) * 0x1p20))
                totals[owner] = isOverflow ? .max : sum
            }
        }
        let order = places.indices.sorted { (totals[places[$1]], $0) < (totals[places[$0]], $1) }
        return order.prefix(count).sorted().map { places[$0] }
    }

    /// By falling document frequency, else in the same order. O(terms + largest frequency).
    func sortedByFrequency(_ places: [Int]) -> [Int] {
        var starts = [Int](repeating: 0, count: Int(joined.documentFrequencies.max() ?? 0) + 2)
        for place in places { starts[Int(joined.documentFrequencies[place])] += 1 }
        var sum = 0
        for frequency in starts.indices.reversed() {
            let count = starts[frequency]
            starts[frequency] = sum
            sum += count
        }
        var sorted = [Int](repeating: 0, count: places.count)
        for place in places {
            let frequency = Int(joined.documentFrequencies[place])
            sorted[starts[frequency]] = place
            starts[frequency] += 1
        }
        return sorted
    }

    /// What is known of a term, gathered once: the terms are in another order than the tables, and every look is a cache miss.
    struct Term: BitwiseCopyable, Sendable {
        let place: Int
        let key: TermKey
        let hash: UInt64
        let length: UInt8
        let counter: Int
    }

    func terms(_ places: [Int], threads: Int) -> [Term] {
        let none = Term(place: 0, key: TermKey(), hash: 0, length: 0, counter: 0)
        var terms = [Term](largeRepeating: none, count: places.count)
        _ = parallelChunks(of: &terms, chunkLength: 1 << 14, threads: threads) { _, range, terms in
            for position in range {
                let place = places[position]
                let number = joined.counter(place)
                let node = place - joined.bases[number]
                terms[position - range.lowerBound] = Term(
                    place: place, key: keys[number][node], hash: hashes[number][node], length: lengths[number][node],
                    counter: number)
            }
        }
        return terms
    }

    /// What the given terms begin or end with and is not among them, by number of words, then by first occurrence.
    func parts(of terms: [Term]) -> [Int] {
        var isThere = [Bool](repeating: false, count: joined.bases[counters.count])
        for term in terms { isThere[term.place] = true }
        var parts: [Int] = []
        func add(_ key: TermKey, _ counter: Int) {
            guard TermLines.isNgram(key) else { return }
            let (prefix, word) = joined.parts(key, counter: counter)
            if !isThere[prefix] {
                isThere[prefix] = true
                parts.append(prefix)
            }
            if !isThere[word] {
                isThere[word] = true
                parts.append(word)
            }
        }
        for term in terms { add(term.key, term.counter) }
        var position = 0
        while position < parts.count {
            let counter = joined.counter(parts[position])
            add(keys[counter][parts[position] - joined.bases[counter]], counter)
            position += 1
        }
        func length(_ place: Int) -> UInt8 {
            let counter = joined.counter(place)
            return lengths[counter][place - joined.bases[counter]]
        }
        return parts.map { (length($0), $0) }.sorted { $0 < $1 }.map(\.1)
    }

    /// How many bytes a term takes beside its key.
    func longLength(_ term: Term) -> Int {
        guard TermLines.isLong(term.key) else { return 0 }
        let offsets = counters[term.counter].table.long.offsets
        return offsets[TermLines.longNumber(term.key) + 1] - offsets[TermLines.longNumber(term.key)]
    }

    /// The vocabulary of the given terms, which have the nodes 1, 2, …; `nodes` are those of their places.
    func vocabulary(_ terms: [Term], count: Int, nodes: [UInt32]) -> Vocabulary {
        var keys = [TermKey()]
        var hashes: [UInt64] = [0]
        var long = LongStrings()
        keys.reserveCapacity(terms.count + 1)
        hashes.reserveCapacity(terms.count + 1)
        for term in terms {
            hashes.append(term.hash)
            if TermLines.isNgram(term.key) {
                let (prefix, word) = joined.parts(term.key, counter: term.counter)
                keys.append(TermLines.ngramKey(prefix: nodes[prefix], word: nodes[word]))
            } else if TermLines.isLong(term.key) {
                keys.append(TermLines.longKey(hash: term.hash, number: long.count))
                long.append(TermLines.longNumber(term.key), of: counters[term.counter].table.long)
            } else {
                keys.append(term.key)
            }
        }
        return Vocabulary(keys: keys, hashes: hashes, long: long, count: count)
    }
}
