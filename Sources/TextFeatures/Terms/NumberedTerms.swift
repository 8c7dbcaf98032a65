import LinearAlgebra

/// The terms of articles by numbers that some of the candidates have, for instance as features: field by field, those of one word before
/// those of two. One block of features after the other.
struct NumberedTerms: Sendable {
    /// Where the terms of a field stand, and what they count.
    struct Field: Sendable {
        var terms: Range<Int>
        let weight: Float
    }

    /// The terms, with `SK_REPEATED` where it is not the first occurrence in the article. Between pieces stands what has no meaning.
    private(set) var terms: [UInt32] = []
    private(set) var fields: [Field] = []
    /// The fields of each article end before it.
    private(set) var fieldEnds: [Int] = []
    /// How many different terms each article has, all blocks together.
    private(set) var rowLengths: [Int] = []

    /// Appends a block. O(positions · lengths), on so many threads.
    mutating func append(_ counted: CountedTerms, numbers: [UInt32], threads: Int) {
        let (pieces, base) = (counted.pieces, terms.count)
        // One more than there can be: the kernel writes one behind the last.
        let counts = pieces.map { $0.positions.count * counted.lengths.count + 1 }
        let parts = terms.append(pieces: counts, threads: threads) { piece, output in
            output.append(repeating: 0, count: counts[piece])
            var terms = output.mutableSpan
            return Self.keep(pieces[piece].articles, counted, numbers, in: &terms)
        }
        if rowLengths.isEmpty { rowLengths = [Int](repeating: 0, count: counted.articleCount) }
        var (start, article) = (base, 0)
        for (part, count) in zip(parts, counts) {
            for field in part.fields {
                let own = start + field.terms.lowerBound..<start + field.terms.upperBound
                fields.append(Field(terms: own, weight: field.weight))
            }
            for length in part.rowLengths {
                rowLengths[article] += length
                article += 1
            }
            start += count
        }
        let firstField = fieldEnds.last ?? 0
        fieldEnds += counted.fieldEnds.map { firstField + Int($0) }
    }

    /// Writes the numbers of the terms of some articles; returns their fields and how many terms each has.
    private static func keep(
        _ articles: Range<Int>, _ counted: CountedTerms, _ numbers: [UInt32], in terms: inout MutableSpan<UInt32>
    ) -> (fields: [Field], rowLengths: [Int]) {
        var fields: [Field] = []
        var lengths: [Int] = []
        let sequences = counted.sequences.span
        var field = articles.lowerBound == 0 ? 0 : Int(counted.fieldEnds[articles.lowerBound - 1])
        var position = field == 0 ? 0 : Int(counted.fields[field - 1].end)
        var count = 0
        for article in articles {
            let first = count
            while field < Int(counted.fieldEnds[article]) {
                let (start, end) = (count, Int(counted.fields[field].end))
                for length in counted.lengths {
                    let sequence = counted.sequenceStart(length)
                    Kernels.keepNumbers(
                        sequences, sequence + position..<sequence + end, numbers: numbers, in: &terms, count: &count)
                }
                fields.append(Field(terms: start..<count, weight: counted.fields[field].weight))
                position = end
                field += 1
            }
            lengths.append(Kernels.newCount(terms.span, first..<count))
        }
        return (fields, lengths)
    }

    /// The fields of an article of a block.
    static func fields(of article: Int, block: Int, rowCount: Int, _ ends: Span<Int>) -> Range<Int> {
        let place = block * rowCount + article
        return (place == 0 ? 0 : ends[place - 1])..<ends[place]
    }
}

/// The terms of one article after the other, with their counts; keeps its memory.
struct CountedRow {
    /// The terms, in order of first occurrence, and their weighted counts; of the elements the first `count` have a meaning.
    private(set) var terms: [UInt32] = []
    private(set) var counts: [Float] = []
    private(set) var count = 0
    /// Their values before these are normalised.
    private var weighed: [Double] = []
    /// Where each term stands, if it is one of the article.
    private var places: [UInt32]

    /// - Parameter termCount: the largest number of a term.
    init(termCount: Int) { places = [UInt32](repeating: 0, count: termCount + 1) }

    /// Replaces the terms by those of the fields of an article; asks for the factor of each term, which stands at term - 1.
    mutating func count(_ numbered: Span<UInt32>, _ fields: Span<NumberedTerms.Field>, factors: Span<Double>) {
        count = 0
        for field in fields.indices {
            let range = fields[field].terms
            if terms.count <= count + range.count { grow(range.count) }
            Kernels.count(
                numbered, range, weight: fields[field].weight, factors: factors, places: &places, rowTerms: &terms,
                rowCounts: &counts, rowCount: &count)
        }
    }

    /// Appends the weighted and normalised values of the terms, which are features, to a row.
    mutating func weigh(
        _ weighting: borrowing TermWeighting, weight: Double, idf: Span<Double>, firstFeature: Int,
        columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>
    ) {
        // Taken out, so that it can change while the terms are read.
        var weighed: [Double] = []
        swap(&weighed, &self.weighed)
        defer { swap(&weighed, &self.weighed) }
        weighting.append(
            terms.span.extracting(0..<count), counts.span, weight: weight, idf: idf, firstFeature: firstFeature,
            weighed: &weighed, columns: &columns, values: &values)
    }

    @inline(never)
    private mutating func grow(_ added: Int) {
        let missing = (count + added + 1) * 5 / 4 - terms.count
        terms.append(contentsOf: repeatElement(0, count: missing))
        counts.append(contentsOf: repeatElement(0, count: missing))
    }
}
