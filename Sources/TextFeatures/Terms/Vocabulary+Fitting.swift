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
    /// For each candidate the feature + 1 that it is, or 0.
    let features: [UInt32]
}

extension Vocabulary {
    /// Chooses the features among the candidates.
    ///
    /// They are numbered by number of words, then by falling document frequency, then by first occurrence: so strings have their numbers as
    /// nodes, and what is frequent lies side by side.
    /// O(candidates), on all threads; of the positions only where a maximum of terms makes it necessary to sum them.
    /// - Throws: `TrainingError.failed` when the terms that are kept are more, or longer in all, than a vocabulary can hold.
    static func fitted(
        _ counted: CountedTerms, limits: VocabularyLimits, threads: Int
    ) throws(TrainingError) -> FittedVocabulary {
        let largest = limits.maximumDocumentShare * Double(counted.articleCount)
        let frequencies = counted.documentFrequencies
        var kept: [Int] = []
        kept.reserveCapacity(frequencies.count)
        for term in counted.terms where Double(frequencies[term]) <= largest { kept.append(term) }
        if let maximum = limits.maximumCount, kept.count > maximum { kept = counted.largest(maximum, of: kept, threads: threads) }
        kept = counted.sorted(kept)
        let terms = kept + counted.parts(of: kept)
        var nodes = [UInt32](largeRepeating: 0, count: frequencies.count)
        for (number, term) in terms.enumerated() { nodes[term] = UInt32(number + 1) }
        let long = counted.longStrings(nodes)
        guard terms.count <= maximumCount, long.strings.bytes.count <= Int(UInt32.max)
        else {
            throw .failed(
                component: TFIDFVectorizer.identifier,
                reason:
                    "\(kept.count) terms, \(long.strings.bytes.count) bytes of them in long ones, are too many: raise "
                    + "minimumDocumentFrequency, or set maximumFeatures")
        }
        let vocabulary = counted.vocabulary(terms, count: kept.count, nodes: nodes, long: long, threads: threads)
        for term in terms[kept.count...] { nodes[term] = 0 }
        return FittedVocabulary(
            vocabulary: vocabulary, documentFrequencies: kept.map { frequencies[$0] }, features: nodes)
    }
}

extension CountedTerms {
    /// The candidates with the largest total counts; of equal ones, the first.
    fileprivate func largest(_ count: Int, of terms: [Int], threads: Int) -> [Int] {
        var totals = [Int64](repeating: 0, count: documentFrequencies.count)
        var numbered = NumberedTerms()
        numbered.append(self, numbers: (0..<UInt32(documentFrequencies.count)).map { $0 }, threads: threads)
        var row = CountedRow(termCount: documentFrequencies.count - 1)
        for article in 0..<articleCount {
            let own = NumberedTerms.fields(of: article, block: 0, rowCount: articleCount, numbered.fieldEnds.span)
            row.count(numbered.terms.span, numbered.fields.span.extracting(own), factors: Span())
            for position in 0..<row.count {
                let term = Int(row.terms[position])
                // In units of 2⁻²⁰: whole numbers.
                let (sum, isOverflow) = totals[term].addingReportingOverflow(Int64(Double(row.counts[position]) * 0x1p20))
                totals[term] = isOverflow ? .max : sum
            }
        }
        let order = terms.indices.sorted { (totals[terms[$1]], $0) < (totals[terms[$0]], $1) }
        return order.prefix(count).sorted().map { terms[$0] }
    }

    /// By length, then by falling document frequency, else in the same order. O(terms + lengths · largest frequency).
    fileprivate func sorted(_ terms: [Int]) -> [Int] {
        var sorted: [Int] = []
        sorted.reserveCapacity(terms.count)
        for length in lengths {
            let end = candidates(length).upperBound
            sorted += sortedByFrequency(terms[sorted.count...].prefix { $0 < end })
        }
        return sorted
    }

    private func sortedByFrequency(_ terms: ArraySlice<Int>) -> [Int] {
        var starts = [Int](repeating: 0, count: Int(documentFrequencies.max() ?? 0) + 1)
        for term in terms { starts[Int(documentFrequencies[term])] += 1 }
        var sum = 0
        for frequency in starts.indices.reversed() {
            let count = starts[frequency]
            starts[frequency] = sum
            sum += count
        }
        var sorted = [Int](repeating: 0, count: terms.count)
        for term in terms {
            let frequency = Int(documentFrequencies[term])
            sorted[starts[frequency]] = term
            starts[frequency] += 1
        }
        return sorted
    }

    private func isNgram(_ term: Int) -> Bool { term >= starts[1] }

    private func ngramParts(_ term: Int) -> (prefix: Int, word: Int) {
        (Int(UInt32(truncatingIfNeeded: parts[term])), Int(parts[term] >> 32))
    }

    /// What the given terms begin or end with and is not among them, in the order of the candidates.
    fileprivate func parts(of terms: [Int]) -> [Int] {
        guard terms.count < parts.count - 1 else { return [] }
        var (isThere, isNeeded) = (
            [Bool](repeating: false, count: parts.count), [Bool](repeating: false, count: parts.count)
        )
        for term in terms { isThere[term] = true }
        // Parts have smaller numbers than what they are parts of.
        for term in (starts[1]..<parts.count).reversed() where isThere[term] || isNeeded[term] {
            let (prefix, word) = ngramParts(term)
            isNeeded[prefix] = true
            isNeeded[word] = true
        }
        return isNeeded.indices.filter { isNeeded[$0] && !isThere[$0] }
    }

    /// The long strings among some candidates, given by their nodes in a vocabulary, in the order of these nodes; 0 is none.
    fileprivate func longStrings(_ nodes: [UInt32]) -> (terms: [Int], strings: LongStrings) {
        let terms = candidates(1).filter { nodes[$0] != 0 && TermLines.isLong(table.keys[Int(parts[$0])]) }
            .sorted { nodes[$0] < nodes[$1] }
        var strings = LongStrings()
        for term in terms { strings.append(TermLines.longNumber(table.keys[Int(parts[term])]), of: table.long) }
        return (terms, strings)
    }

    /// The vocabulary of the given terms, which have the nodes 1, 2, …; `nodes` are those of all candidates, and `long` the long strings
    /// among them.
    fileprivate func vocabulary(
        _ terms: [Int], count: Int, nodes: [UInt32], long: (terms: [Int], strings: LongStrings), threads: Int
    ) -> Vocabulary {
        let pieces = stride(from: 0, to: terms.count, by: 1 << 14).map { $0..<min(terms.count, $0 + 1 << 14) }
        let strings = terms.filter { !isNgram($0) }
        var keys = [TermKey()]
        var hashes: [UInt64] = [0]
        // By candidate; they are the first ones.
        var numbers = [UInt32](repeating: 0, count: starts[1])
        for term in strings {
            numbers[term] = UInt32(keys.count)
            keys.append(table.keys[Int(parts[term])])
            hashes.append(table.hashes[Int(parts[term])])
        }
        for (number, term) in long.terms.enumerated() {
            let string = Int(numbers[term])
            keys[string] = TermLines.longKey(hash: hashes[string], number: number)
        }
        let stringNumbers = numbers
        var termParts: [UInt64] = [0]
        termParts.append(pieces: pieces.map(\.count), threads: threads) { piece, output in
            for term in terms[pieces[piece]] {
                if isNgram(term) {
                    let (prefix, word) = ngramParts(term)
                    output.append(TermParts.ngram(prefix: Int(nodes[prefix]), word: Int(nodes[word])).packed)
                } else {
                    output.append(TermParts.string(Int(stringNumbers[term])).packed)
                }
            }
        }
        return Vocabulary(parts: termParts, keys: keys, hashes: hashes, long: long.strings, count: count)
    }
}
