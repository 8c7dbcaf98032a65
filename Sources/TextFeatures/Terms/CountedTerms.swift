import CKernels
import LinearAlgebra
import TextClassification

/// The terms of a corpus that are frequent enough to become features, and where they stand.
///
/// Such a term is a candidate; candidates have numbers from 1, by number of words, then by first occurrence. An n-gram is a candidate only if
/// what it begins and ends with are (Agrawal & Srikant 1994), so each length is counted among what is left of the lengths before it. All
/// numbers depend on the articles alone, and not on how they are divided among threads.
struct CountedTerms: Sendable {
    /// The strings, some of which are candidates.
    let table: TermTable
    /// Of each candidate, in how many articles it occurs; that of 0 is 0.
    private(set) var documentFrequencies: [Int32] = [0]
    /// Of each candidate that is a string the node, of n-grams the candidates that they begin with (low half) and end with.
    private(set) var parts: [UInt64] = [0]
    /// The first candidate of each length, and one more number.
    private(set) var starts = [1]
    /// For each length the candidate that begins at each position of the articles, or 0; with `SK_REPEATED` where it is not its first
    /// occurrence in the article. Those of a length stand from `sequenceStart` on.
    private(set) var sequences: [UInt32] = []
    /// The number of positions.
    private let positionCount: Int
    /// The titles and bodies of all articles, and where each article ends among them.
    let fields: [TermSequence.Field]
    let fieldEnds: [UInt32]
    /// The lengths that are terms; others only begin or end some.
    let lengths: ClosedRange<Int>

    let articleEnds: [UInt32]
    /// Whole articles, some ten thousand positions together.
    let pieces: [(positions: Range<Int>, articles: Range<Int>)]

    private static let pieceLength = 1 << 16
    /// So many pieces are gone through one after the other where this saves a search in every shard.
    private static let groupLength = 4
    /// So many n-grams a shard, on average: their table stays in the second cache.
    private static let shardLength = 1 << 13
    private static let maximumShardCount = 1 << 10
    /// A round has so many n-grams at least; so many rounds at most, since each of them goes through all positions.
    private static let roundLength = 1 << 20
    private static let maximumRoundCount = 2

    /// Joins the strings of sequences, whose articles follow each other, and counts their n-grams.
    ///
    /// - Parameters:
    ///   - minimumFrequency: candidates occur in so many articles at least,
    ///   - favouredArticleCount: or in one of the first so many.
    /// - Throws: `TrainingError.failed` where there are more than 2³² words or n-grams of characters.
    /// - Complexity: O(positions · lengths), on all threads, but for the different strings of the sequences.
    init(
        _ sequences: consuming [TermSequence], _ kind: TermKind, minimumFrequency: Int, favouredArticleCount: Int, threads: Int
    ) throws(TrainingError) {
        if case .words(let lengths) = kind { self.lengths = lengths } else { lengths = 1...1 }
        let bases = sequences.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        let count = bases[sequences.count]
        guard count <= Int(Int32.max) else {
            throw .failed(
                component: TFIDFVectorizer.identifier,
                reason: "the articles have \(count) words or n-grams of characters, more than 2^31")
        }
        var fields: [TermSequence.Field] = []
        var fieldEnds: [UInt32] = []
        var articleEnds: [UInt32] = []
        for (sequence, base) in zip(sequences, bases) {
            fieldEnds += sequence.fieldEnds.map { $0 + UInt32(fields.count) }
            articleEnds += sequence.articleEnds.map { $0 + UInt32(base) }
            fields += sequence.fields.map { TermSequence.Field(end: $0.end + UInt32(base), weight: $0.weight) }
        }
        (self.fields, self.fieldEnds, self.articleEnds) = (fields, fieldEnds, articleEnds)
        pieces = Self.pieces(articleEnds)
        positionCount = count
        let favouredEnd = favouredArticleCount > 0 ? Int(articleEnds.prefix(favouredArticleCount).last ?? 0) : 0

        let strings = JoinedStrings(&sequences)
        table = strings.table
        let candidates = strings.candidates(
            sequences, bases: bases, minimumFrequency: minimumFrequency, favouredEnd: favouredEnd)
        for node in candidates.nodes {
            parts.append(UInt64(node))
            documentFrequencies.append(strings.documentFrequencies[Int(node)])
        }
        starts.append(parts.count)
        let (own, ranges) = (sequences, Self.ranges(sequences))
        self.sequences.reserveLargePages(count * lengths.upperBound)
        self.sequences.append(pieces: ranges.map(\.range.count), threads: threads) { piece, output in
            let (sequence, range) = ranges[piece]
            let terms = own[sequence].terms
            Kernels.appendNumbers(terms.span.extracting(range), numbers: candidates.numbers[sequence], to: &output)
        }
        sequences = []
        guard self.lengths.upperBound > 1 else { return }
        for length in 2...self.lengths.upperBound {
            countNgrams(length, minimumFrequency: minimumFrequency, favouredEnd: favouredEnd, threads: threads)
        }
    }

    /// Divides the articles into pieces of about the same number of positions.
    private static func pieces(_ articleEnds: [UInt32]) -> [(positions: Range<Int>, articles: Range<Int>)] {
        var pieces: [(Range<Int>, Range<Int>)] = []
        var (position, article) = (0, 0)
        for (number, end) in articleEnds.enumerated()
        where Int(end) - position >= pieceLength || number == articleEnds.count - 1 {
            pieces.append((position..<Int(end), article..<number + 1))
            (position, article) = (Int(end), number + 1)
        }
        return pieces
    }

    /// Divides each sequence into ranges of some ten thousand positions.
    private static func ranges(_ sequences: [TermSequence]) -> [(sequence: Int, range: Range<Int>)] {
        var ranges: [(Int, Range<Int>)] = []
        for (number, sequence) in sequences.enumerated() {
            for start in stride(from: 0, to: sequence.count, by: pieceLength) {
                ranges.append((number, start..<min(sequence.count, start + pieceLength)))
            }
        }
        return ranges
    }

    /// The number of articles.
    var articleCount: Int { articleEnds.count }

    /// Where the candidates of one length begin in `sequences`.
    func sequenceStart(_ length: Int) -> Int { (length - 1) * positionCount }

    /// Takes the sequences out: what is left says what the candidates are.
    mutating func removeSequences() -> [UInt32] {
        let own = sequences
        sequences = []
        return own
    }

    /// The candidates that are terms.
    var terms: Range<Int> { starts[lengths.lowerBound - 1]..<starts[lengths.upperBound] }

    /// The candidates of one number of words.
    func candidates(_ length: Int) -> Range<Int> { starts[length - 1]..<starts[length] }
}

extension CountedTerms {
    /// Counts the n-grams of one length: divides them into shards by their hashes, counts each shard by itself, and numbers what is kept by
    /// first occurrence. O(positions).
    ///
    /// What is divided takes sixteen bytes a position, four times what a sequence does, so that there are rounds: in each, some of the shards
    /// are divided and counted, and what they keep is written to its positions.
    private mutating func countNgrams(_ length: Int, minimumFrequency: Int, favouredEnd: Int, threads: Int) {
        let (positions, sequence) = (pieces.map(\.positions), sequenceStart(length))
        let places = positions.map { sequence + $0.lowerBound..<sequence + $0.upperBound }
        // What joining words took and is free again is given back before more is taken. Where there is little, asking for it again costs more than
        // it is worth.
        let isLarge = positionCount >= 2 * Self.roundLength
        if isLarge { giveBackFreeMemory() }
        sequences.append(pieces: positions.map(\.count), threads: threads) { piece, output in
            output.append(repeating: 0, count: positions[piece].count)
        }
        let division = divided(length, threads: threads)
        var kept = ShardedNgrams()
        var occurrences: [NgramOccurrence] = []
        for round in division.rounds {
            Kernels.divide(
                sequences, positionCount: positionCount, prefixes: sequenceStart(length - 1), distance: length - 1,
                pieces: pieces, articleEnds: articleEnds, places: division.places, shards: round.shards,
                elements: round.elements, into: &occurrences, threads: threads)
            kept.append(
                division.count(
                    &occurrences, round, minimumFrequency: minimumFrequency, favouredEnd: favouredEnd, threads: threads),
                threads: threads)
            let (own, bases) = (occurrences, kept.bases)
            _ = parallelRanges(of: &sequences, places, threads: threads) { piece, _, terms in
                division.place(
                    piece, of: own.span, round, bases: bases, firstPosition: positions[piece].lowerBound, in: &terms)
            }
        }
        occurrences = []
        // Blocks of this size may stay with the allocator.
        if isLarge { giveBackFreeMemory() }
        let numbers = number(kept, threads: threads)
        _ = parallelRanges(of: &sequences, places, threads: threads) { _, _, terms in
            Kernels.renumber(&terms, numbers: numbers)
        }
    }

    /// The division of the n-grams of one length into shards.
    private func divided(_ length: Int, threads: Int) -> ShardDivision {
        let shardCount = min(max(1, positionCount / Self.shardLength), Self.maximumShardCount)
        let (prefixes, distance) = (sequenceStart(length - 1), length - 1)
        let counts = parallelMap(count: pieces.count, threads: threads) {
            Kernels.shardCounts(
                sequences, positionCount: positionCount, prefixes: prefixes, distance: distance, pieces[$0].positions,
                shardCount: shardCount)
        }
        return ShardDivision(
            counts, shardCount: shardCount, roundLength: Self.roundLength, maximumRoundCount: Self.maximumRoundCount)
    }

    /// Makes n-grams of one length candidates; returns their numbers, in the order in which they are given.
    private mutating func number(_ ngrams: ShardedNgrams, threads: Int) -> [UInt32] {
        let positions = pieces.map(\.positions)
        let groups = stride(from: 0, to: positions.count, by: Self.groupLength).map {
            positions[$0..<min(positions.count, $0 + Self.groupLength)]
        }
        let orders = parallelMap(count: groups.count, threads: threads) { ngrams.orders(firstIn: groups[$0]) }.flatMap { $0 }
        let numbers = Kernels.number(
            ngrams.elements, orders, parts: &parts, documentFrequencies: &documentFrequencies, threads: threads)
        starts.append(parts.count)
        return numbers
    }
}
