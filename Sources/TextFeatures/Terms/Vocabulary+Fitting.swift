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

/// The candidates that became features, and what these consist of.
///
/// Features are numbered by number of words, then by falling document frequency, then by first occurrence: so strings have their numbers as
/// nodes, and what is frequent lies side by side.
struct ChosenTerms: Sendable {
    /// The candidates that have nodes, in the order of these: `count` features, then others that begin or end some.
    fileprivate let terms: [UInt32]
    fileprivate let count: Int
    /// For each candidate its node, or 0.
    fileprivate let nodes: [UInt32]
    /// For each candidate the feature + 1 that it is, or 0.
    let features: [UInt32]
    /// In how many articles each feature occurs.
    let documentFrequencies: [Int32]
    fileprivate let long: (terms: [Int], strings: LongStrings)

    /// Chooses the features among the candidates.
    ///
    /// O(candidates + lengths · largest frequency); of the positions only where a maximum of terms makes it necessary to sum them.
    /// - Throws: `TrainingError.failed` when the terms that are kept are more, or longer in all, than a vocabulary can hold.
    init(_ counted: CountedTerms, limits: VocabularyLimits) throws(TrainingError) {
        let largest = limits.maximumDocumentShare * Double(counted.articleCount)
        let frequencies = counted.documentFrequencies
        var kept: [UInt32] = []
        kept.reserveCapacity(counted.terms.count)
        for term in counted.terms where Double(frequencies[term]) <= largest { kept.append(UInt32(term)) }
        if let maximum = limits.maximumCount, kept.count > maximum { kept = counted.largest(maximum, of: kept) }
        var nodes = [UInt32](largeRepeating: 0, count: frequencies.count)
        (kept, documentFrequencies) = counted.sorted(kept, nodes: &nodes)
        count = kept.count
        features = nodes
        let parts = counted.parts(of: kept)
        for (number, term) in parts.enumerated() { nodes[Int(term)] = UInt32(kept.count + number + 1) }
        terms = kept + parts
        long = counted.longStrings(nodes)
        self.nodes = nodes
        guard terms.count <= Vocabulary.maximumCount, long.strings.bytes.count <= Int(UInt32.max)
        else {
            throw .failed(
                component: TFIDFVectorizer.identifier,
                reason:
                    "\(kept.count) terms, \(long.strings.bytes.count) bytes of them in long ones, are too many: raise "
                    + "minimumDocumentFrequency, or set maximumFeatures")
        }
    }
}

extension CountedTerms {
    /// The candidates with the largest total counts; of equal ones, the first. O(positions + candidates · log candidates).
    fileprivate func largest(_ count: Int, of terms: [UInt32]) -> [UInt32] {
        var totals = [Int64](repeating: 0, count: documentFrequencies.count)
        let sequences = sequences.span
        var position = 0
        for field in fields {
            // In units of 2⁻²⁰: whole numbers.
            let weight = Int64(Double(field.weight) * 0x1p20)
            for length in lengths {
                for place in sequenceStart(length) + position..<sequenceStart(length) + Int(field.end) {
                    let term = Int(sequences[place] & ~SK_REPEATED)
                    let (sum, isOverflow) = totals[term].addingReportingOverflow(weight)
                    totals[term] = isOverflow ? .max : sum
                }
            }
            position = Int(field.end)
        }
        let order = terms.indices.sorted { (totals[Int(terms[$1])], $0) < (totals[Int(terms[$0])], $1) }
        return order.prefix(count).sorted().map { terms[$0] }
    }

    /// Ascending candidates by length, then by falling document frequency, else in the same order, and their frequencies; they get the nodes
    /// 1, 2, … O(terms + lengths · largest frequency).
    fileprivate func sorted(
        _ terms: [UInt32], nodes: inout [UInt32]
    ) -> (terms: [UInt32], documentFrequencies: [Int32]) {
        var sorted = [UInt32](repeating: 0, count: terms.count)
        var sortedFrequencies: [Int32] = []
        sortedFrequencies.reserveCapacity(terms.count)
        var starts: [Int] = []
        var first = 0
        for length in lengths {
            let limit = candidates(length).upperBound
            let end = terms[first...].firstIndex { Int($0) >= limit } ?? terms.count
            starts.removeAll(keepingCapacity: true)
            for term in terms[first..<end] {
                let frequency = Int(documentFrequencies[Int(term)])
                if frequency >= starts.count { starts += repeatElement(0, count: frequency + 1 - starts.count) }
                starts[frequency] += 1
            }
            var sum = first
            for frequency in starts.indices.reversed() {
                let count = starts[frequency]
                sortedFrequencies.append(contentsOf: repeatElement(Int32(frequency), count: count))
                starts[frequency] = sum
                sum += count
            }
            for term in terms[first..<end] {
                let frequency = Int(documentFrequencies[Int(term)])
                let place = starts[frequency]
                sorted[place] = term
                nodes[Int(term)] = UInt32(place + 1)
                starts[frequency] = place + 1
            }
            first = end
        }
        return (sorted, sortedFrequencies)
    }

    private func isNgram(_ term: UInt32) -> Bool { Int(term) >= starts[1] }

    private func ngramParts(_ term: Int) -> (prefix: Int, word: Int) {
        (Int(UInt32(truncatingIfNeeded: parts[term])), Int(parts[term] >> 32))
    }

    /// What the given terms begin or end with and is not among them, in the order of the candidates.
    fileprivate func parts(of terms: [UInt32]) -> [UInt32] {
        guard terms.count < parts.count - 1 else { return [] }
        var (isThere, isNeeded) = (
            [Bool](repeating: false, count: parts.count), [Bool](repeating: false, count: parts.count)
        )
        for term in terms { isThere[Int(term)] = true }
        // Parts have smaller numbers than what they are parts of.
        for term in (starts[1]..<parts.count).reversed() where isThere[term] || isNeeded[term] {
            let (prefix, word) = ngramParts(term)
            isNeeded[prefix] = true
            isNeeded[word] = true
        }
        return isNeeded.indices.filter { isNeeded[$0] && !isThere[$0] }.map { UInt32($0) }
    }

    /// The long strings among some candidates, given by their nodes in a vocabulary, in the order of these nodes; 0 is none.
    fileprivate func longStrings(_ nodes: [UInt32]) -> (terms: [Int], strings: LongStrings) {
        let terms = candidates(1).filter { nodes[$0] != 0 && TermLines.isLong(table.keys[Int(parts[$0])]) }
            .sorted { nodes[$0] < nodes[$1] }
        var strings = LongStrings()
        for term in terms { strings.append(TermLines.longNumber(table.keys[Int(parts[term])]), of: table.long) }
        return (terms, strings)
    }

    /// The vocabulary of terms that were chosen. O(terms).
    func vocabulary(of chosen: ChosenTerms) -> Vocabulary {
        let nodes = chosen.nodes
        var keys = [TermKey()]
        var hashes: [UInt64] = [0]
        // By candidate; they are the first ones.
        var numbers = [UInt32](repeating: 0, count: starts[1])
        for term in chosen.terms where !isNgram(term) {
            let node = Int(parts[Int(term)])
            numbers[Int(term)] = UInt32(keys.count)
            keys.append(table.keys[node])
            hashes.append(table.hashes[node])
        }
        for (number, term) in chosen.long.terms.enumerated() {
            let string = Int(numbers[term])
            keys[string] = TermLines.longKey(hash: hashes[string], number: number)
        }
        var termParts: [UInt64] = []
        termParts.reserveLargePages(chosen.terms.count + 1)
        termParts.append(0)
        for term in chosen.terms {
            if isNgram(term) {
                let (prefix, word) = ngramParts(Int(term))
                termParts.append(TermParts.ngram(prefix: Int(nodes[prefix]), word: Int(nodes[word])).packed)
            } else {
                termParts.append(TermParts.string(Int(numbers[Int(term)])).packed)
            }
        }
        return Vocabulary(parts: termParts, keys: keys, hashes: hashes, long: chosen.long.strings, count: chosen.count)
    }
}
