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
/// ends. So no table of pairs is ever kept. Memory: 4 bytes a place, of `placesAtOnce` places at most; 8 bytes a positive cell, of which
/// `largestRowLength` bounds the number; and the words, 4 bytes each, where they are not in a file.
struct PositivePMI: Sendable {
    /// How far apart two words may stand, w ≥ 1.
    var window: Int
    /// α, 0...1.
    var smoothing: Double
    /// Cells that were counted less than this are left out.
    var minimumCount: Float = 0
    /// At most so many cells of a row are kept, the largest.
    var largestRowLength: Int = .max
    /// The rows of so many places are counted in one pass through the words.
    var placesAtOnce = 1 << 26
    /// So many rows are a task of a thread, and so many tasks are joined at once.
    private static let chunk = 32
    private static let wave = 64

    /// The matrix M, a row and a column a word.
    ///
    /// - Returns: the rows in single precision; the same for any number of threads.
    /// - Throws: `TrainingError` on cancellation, or where there are more words than places can be numbered.
    /// - Complexity: O(words · w + rows²) time, the latter at a fraction of a nanosecond each.
    func rows(
        of sequences: WordSequences, wordCount: Int, context: TrainingContext
    ) throws(TrainingError) -> FloatRows {
        guard sequences.words.count <= Int(UInt32.max) else {
            throw .failed(
                component: ArchiveVectors.identifier,
                reason: "\(sequences.words.count) words are more than can be counted (\(UInt32.max)): give a part of the archive")
        }
        let sums = marginals(of: sequences, wordCount: wordCount)
        let total = sums.reduce(0) { $0 + pow($1, smoothing) }
        let shares = sums.map { Float(pow($0, smoothing) / max(total, .leastNormalMagnitude)) }
        let weights = (0...window).map { Float(window + 1 - $0) / Float(window) }
        let (largest, isOverflow) = wordCount.multipliedReportingOverflow(by: min(largestRowLength, wordCount))
        let (pairs, _) = sequences.words.count.multipliedReportingOverflow(by: 2 * window)
        var builder = FloatRows.Builder(columnCount: wordCount, capacity: isOverflow ? pairs : min(largest, pairs))
        var done = 0
        while done < wordCount {
            var end = done
            var count = 0
            while end < wordCount, end == done || count + sequences.occurrences[end] <= placesAtOnce {
                count += sequences.occurrences[end]
                end += 1
            }
            let places = Places(of: sequences, rows: done..<end)
            let (first, last) = (done, end)
            let chunkCount = (last - first + Self.chunk - 1) / Self.chunk
            for wave in stride(from: 0, to: chunkCount, by: Self.wave) {
                let parts = try parallelMap(count: min(Self.wave, chunkCount - wave), threads: context.threadCount) {
                    index throws(TrainingError) in
                    try context.checkCancellation()
                    var part = FloatRows.Part()
                    var counts = [Float](repeating: 0, count: wordCount)
                    let start = first + (wave + index) * Self.chunk
                    for word in start..<min(last, start + Self.chunk) {
                        sequences.words.withSpan { Self.count(places[word], of: $0, weights: weights, into: &counts) }
                        append(&counts, sum: Float(sums[word]), shares: shares, to: &part)
                    }
                    return part
                }
                for part in parts { builder.append(part) }
                context.report(.progress(done: min(last, first + (wave + Self.wave) * Self.chunk), total: wordCount))
            }
            done = end
        }
        return FloatRows(builder)
    }

    /// Adds the neighbours of every place, up to the ends of its article.
    private static func count(
        _ places: ArraySlice<UInt32>, of words: Span<UInt32>, weights: [Float], into counts: inout [Float]
    ) {
        var counts = counts.mutableSpan
        let weights = weights.span
        let window = weights.count - 1
        for place in places {
            let place = Int(place)
            var distance = 1
            while distance <= window, place + distance < words.count, words[place + distance] != 0 {
                counts[Int(words[place + distance]) - 1] += weights[distance]
                distance += 1
            }
            distance = 1
            while distance <= window, place >= distance, words[place - distance] != 0 {
                counts[Int(words[place - distance]) - 1] += weights[distance]
                distance += 1
            }
        }
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
        sequences.words.withSpan { words in
            var start = 0
            for end in words.indices where words[end] == 0 {
                for place in start..<end {
                    let before = reach[min(window, place - start)]
                    let behind = reach[min(window, end - 1 - place)]
                    sums[Int(words[place]) - 1] += before + behind
                }
                start = end + 1
            }
        }
        return sums
    }
}

/// The places at which some words stand, ascending, word after word.
private struct Places: Sendable {
    private let first: Int
    private var places: [UInt32] = []
    private var starts: [Int] = [0]

    /// O(all words).
    init(of sequences: WordSequences, rows: Range<Int>) {
        first = rows.lowerBound
        for word in rows { starts.append(starts[starts.count - 1] + sequences.occurrences[word]) }
        places = [UInt32](repeating: 0, count: starts[rows.count])
        var next = starts
        let low = UInt32(rows.lowerBound)
        let count = UInt32(rows.count)
        sequences.words.withSpan { words in
            var places = places.mutableSpan
            var next = next.mutableSpan
            for place in words.indices {
                // A word's feature + 1: those of smaller features, and 0, wrap around.
                let row = words[place] &- 1 &- low
                guard words[place] != 0, row < count else { continue }
                places[next[Int(row)]] = UInt32(truncatingIfNeeded: place)
                next[Int(row)] += 1
            }
        }
    }

    subscript(word: Int) -> ArraySlice<UInt32> { places[starts[word - first]..<starts[word - first + 1]] }
}
