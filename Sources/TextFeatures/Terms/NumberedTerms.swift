import LinearAlgebra

/// The terms of articles by the features that they are, one block of features after the other.
struct NumberedTerms: Sendable {
    /// The terms of one kind.
    struct Block: Sendable {
        /// The feature + 1 that begins at each position, or 0: those of one length after those of another.
        let features: [UInt32]
        /// Where each length that has features begins among them.
        let starts: [Int]
        /// The titles and bodies of all articles, and where each article ends among them.
        let fields: [TermSequence.Field]
        let fieldEnds: [UInt32]
    }

    private(set) var blocks: [Block] = []
    /// How many different features each article has, all blocks together.
    private(set) var rowLengths: [Int] = []

    /// Appends a block: what has been counted, the sequences of it, which change in place, and the feature + 1 of each candidate. Returns what
    /// `other` returns, which runs at the same time where there are several threads. O(positions · lengths).
    mutating func append<Other: Sendable>(
        _ sequences: consuming [UInt32], of counted: CountedTerms, features: [UInt32], threads: Int,
        beside other: @Sendable () -> Other
    ) -> Other {
        let (pieces, articleEnds) = (counted.pieces, counted.articleEnds)
        let starts = counted.lengths.map(counted.sequenceStart)
        let ranges = starts.flatMap { start in
            pieces.map { start + $0.positions.lowerBound..<start + $0.positions.upperBound }
        }
        let (lengths, result) = parallelRanges(of: &sequences, ranges, threads: threads, beside: other) { number, _, terms in
            let (positions, articles) = pieces[number % pieces.count]
            return Kernels.takeNumbers(
                &terms, firstPosition: positions.lowerBound, articleEnds: articleEnds.span.extracting(articles),
                numbers: features)
        }
        if rowLengths.isEmpty { rowLengths = [Int](repeating: 0, count: counted.articleCount) }
        for (number, lengths) in lengths.enumerated() {
            let first = pieces[number % pieces.count].articles.lowerBound
            for (article, length) in lengths.enumerated() { rowLengths[first + article] += Int(length) }
        }
        blocks.append(Block(features: sequences, starts: starts, fields: counted.fields, fieldEnds: counted.fieldEnds))
        return result
    }
}

extension NumberedTerms.Block {
    /// The positions of an article.
    func positions(of article: Int) -> Range<Int> {
        let (start, end) = (article == 0 ? 0 : Int(fieldEnds[article - 1]), Int(fieldEnds[article]))
        return (start == 0 ? 0 : Int(fields[start - 1].end))..<(end == 0 ? 0 : Int(fields[end - 1].end))
    }

    /// Appends the features of an article, field by field, those of one length after those of another.
    func append(_ article: Int, to known: inout KnownTerms) {
        var position = positions(of: article).lowerBound
        for field in (article == 0 ? 0 : Int(fieldEnds[article - 1]))..<Int(fieldEnds[article]) {
            let end = Int(fields[field].end)
            for start in starts { known.append(features.span, start + position..<start + end) }
            known.endField(weight: fields[field].weight, termCount: (end - position) * starts.count)
            position = end
        }
        known.endArticle()
    }
}
