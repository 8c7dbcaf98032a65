import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Positive pointwise mutual information of words that stand near each other (Church & Hanks 1990; with the smoothing of contexts of
/// Levy, Goldberg & Dagan 2015):
///
///     C_uv = Σ over pairs of u and v at distance d ≤ w of (w + 1 − d) / w
///     M_uv = max(0, ln(C_uv / (C_u· p_v))),   p_v = C_·v^α / Σ C_·^α
///
/// A word's row is counted in one go, through the places at which it stands, into one number a word; what the row needs of the other
/// rows, their sums C_·v, is known beforehand since every place adds a number that depends only on its distance from the article's
/// ends. So no table of pairs is ever kept: memory is the words (12 bytes each occurrence) and the positive cells that come out
/// (8 bytes each), and `largestRowLength` bounds these.
struct PositivePMI: Sendable {
    /// How far apart two words may stand, w ≥ 1.
    var window: Int
    /// α, 0...1.
    var smoothing: Double
    /// Cells that were counted less than this are left out.
    var minimumCount: Float = 0
    /// At most so many cells of a row are kept, the largest.
    var largestRowLength: Int = .max

    /// The matrix M, a row and a column a word.
    ///
    /// - Returns: the rows in single precision; the same for any number of threads.
    /// - Complexity: O(words · w + rows²) time, the latter at a fraction of a nanosecond each.
    func rows(
        of sequences: WordSequences, wordCount: Int, context: TrainingContext
    ) throws(TrainingError) -> FloatRows {
        let words = sequences.words
        let articles = sequences.articleNumbers()
        let (places, starts) = Self.places(of: words, wordCount: wordCount)
        let sums = marginals(of: sequences, wordCount: wordCount)
        let total = sums.reduce(0) { $0 + pow($1, smoothing) }
        let shares = sums.map { Float(pow($0, smoothing) / max(total, .leastNormalMagnitude)) }
        let weights = (0...window).map { Float(window + 1 - $0) / Float(window) }
        let chunk = 32
        let parts = try parallelMap(count: (wordCount + chunk - 1) / chunk, threads: context.threadCount) {
            index throws(TrainingError) in
            try context.checkCancellation()
            var part = FloatRows.Part()
            var counts = [Float](repeating: 0, count: wordCount)
            for word in index * chunk..<min(wordCount, (index + 1) * chunk) {
                do {
                    var counts = counts.mutableSpan
                    let words = words.span
                    let articles = articles.span
                    let weights = weights.span
                    for entry in starts[word]..<starts[word + 1] {
                        let place = Int(places[entry])
                        let article = articles[place]
                        var distance = 1
                        while distance <= window, place + distance < words.count, articles[place + distance] == article {
                            counts[Int(words[place + distance])] += weights[distance]
                            distance += 1
                        }
                        distance = 1
                        while distance <= window, place >= distance, articles[place - distance] == article {
                            counts[Int(words[place - distance])] += weights[distance]
                            distance += 1
                        }
                    }
                }
                append(&counts, sum: Float(sums[word]), shares: shares, to: &part)
            }
            return part
        }
        return FloatRows(stacking: parts, columnCount: wordCount)
    }

    /// Appends the row of the counts, which become zeros.
    private func append(_ counts: inout [Float], sum: Float, shares: [Float], to part: inout FloatRows.Part) {
        let first = part.values.count
        var counts = counts.mutableSpan
        let shares = shares.span
        for word in counts.indices {
            let count = counts[word]
            guard count > 0 else { continue }
            counts[word] = 0
            let expected = sum * shares[word]
            if count > expected, count >= minimumCount {
                part.columns.append(Int32(truncatingIfNeeded: word))
                part.values.append(log(count / expected))
            }
        }
        if part.values.count - first > largestRowLength {
            var kept = (first..<part.values.count).sorted { (part.values[$1], $0) < (part.values[$0], $1) }
            kept.removeLast(kept.count - largestRowLength)
            let cells = kept.sorted().map { (part.columns[$0], part.values[$0]) }
            part.columns.removeLast(part.columns.count - first)
            part.values.removeLast(part.values.count - first)
            for cell in cells {
                part.columns.append(cell.0)
                part.values.append(cell.1)
            }
        }
        part.endRow()
    }

    /// C_u· of every word: what its places add up to, by the number of words on either side within the article.
    private func marginals(of sequences: WordSequences, wordCount: Int) -> [Double] {
        // Σ_{d ≤ m} (w + 1 − d) / w
        var reach = [0.0]
        for distance in 1...window { reach.append(reach[distance - 1] + Double(window + 1 - distance) / Double(window)) }
        var sums = [Double](repeating: 0, count: wordCount)
        for article in 0..<sequences.articleStarts.count - 1 {
            let range = sequences.articleStarts[article]..<sequences.articleStarts[article + 1]
            for place in range {
                let before = reach[min(window, place - range.lowerBound)]
                let behind = reach[min(window, range.upperBound - 1 - place)]
                sums[Int(sequences.words[place])] += before + behind
            }
        }
        return sums
    }

    /// The places at which each word stands, ascending: word after word, and where each word's begin.
    private static func places(of words: [Int32], wordCount: Int) -> (places: [Int32], starts: [Int]) {
        var starts = [Int](repeating: 0, count: wordCount + 1)
        for word in words { starts[Int(word) + 1] += 1 }
        for word in 0..<wordCount { starts[word + 1] += starts[word] }
        var next = starts
        var places = [Int32](repeating: 0, count: words.count)
        for (place, word) in words.enumerated() {
            places[next[Int(word)]] = Int32(truncatingIfNeeded: place)
            next[Int(word)] += 1
        }
        return (places, starts)
    }
}
