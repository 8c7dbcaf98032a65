/// The terms of some articles by their numbers, field by field, those of one word before those of two.
struct NumberedTerms: Sendable {
    let articles: Range<Int>
    /// How many different ones each article has.
    let rowLengths: [Int]
    /// The terms, with `SK_REPEATED` where it is not the first occurrence in the article.
    fileprivate var terms: [UInt32] = []
    /// Where each field ends, and what its terms count.
    fileprivate var fields: [TermSequence.Field] = []
    /// Of each article, where it begins, and where its first field stands among the fields; and where the last one ends.
    fileprivate var starts: [(term: Int, field: Int)] = []

    init(_ counted: CountedTerms, _ articles: Range<Int>, _ numbers: [UInt32]) {
        self.articles = articles
        let firstField = articles.lowerBound == 0 ? 0 : Int(counted.fieldEnds[articles.lowerBound - 1])
        let lastField = articles.isEmpty ? firstField : Int(counted.fieldEnds[articles.upperBound - 1])
        let own = counted.fields[firstField..<lastField]
        let start = firstField == 0 ? 0 : Int(counted.fields[firstField - 1].end)
        var terms = [UInt32](repeating: 0, count: ((own.last.map { Int($0.end) } ?? start) - start) * counted.lengths.count + 1)
        let sequences = counted.sequences.span
        var count = 0
        var position = start
        for field in own {
            let end = Int(field.end)
            for length in counted.lengths {
                let first = counted.sequenceStart(length)
                Kernels.keepNumbers(sequences, first + position..<first + end, numbers: numbers, in: &terms, count: &count)
            }
            fields.append(TermSequence.Field(end: UInt32(count), weight: field.weight))
            position = end
        }
        terms.removeSubrange(count...)
        var lengths: [Int] = []
        starts.append((0, 0))
        for article in articles {
            let first = starts[starts.count - 1].term
            let end = Int(counted.fieldEnds[article]) - firstField
            starts.append((end == 0 ? 0 : Int(fields[end - 1].end), end))
            lengths.append(Kernels.newCount(terms, first..<starts[starts.count - 1].term))
        }
        rowLengths = lengths
        self.terms = terms
    }
}

/// The terms of one article after the other, with their counts; keeps its memory.
struct CountedRow {
    /// The terms, in order of first occurrence, and their weighted counts; of the elements the first `count` have a meaning.
    private(set) var terms: [UInt32] = []
    private(set) var counts: [Float] = []
    private(set) var count = 0
    /// Where each term stands, if it is one of the article.
    private var places: [UInt32]
    private let pieces: [NumberedTerms]
    private var piece = 0
    private var source: NumberedTerms

    /// - Parameters:
    ///   - pieces: one at least.
    ///   - termCount: the number of terms, that of 0 included.
    init(_ pieces: [NumberedTerms], termCount: Int) {
        places = [UInt32](repeating: 0, count: termCount)
        self.pieces = pieces
        source = pieces[0]
    }

    /// Replaces the terms by those of an article, which is not before the one asked for last; asks for the factor of each term, which stands
    /// at term - 1.
    mutating func count(_ article: Int, factors: Span<Double>) {
        while article >= source.articles.upperBound { advance() }
        let number = article - source.articles.lowerBound
        let (first, last) = (source.starts[number], source.starts[number + 1])
        if terms.count <= last.term - first.term { grow(last.term - first.term) }
        count = Kernels.count(
            source.terms, first.term..<last.term, fields: source.fields, first.field..<last.field, factors: factors,
            places: &places,
            rowTerms: &terms, rowCounts: &counts)
    }

    // Apart from the rest, or the compiler crashes (6.3.1).
    @inline(never)
    private mutating func advance() {
        piece += 1
        source = pieces[piece]
    }

    /// Appends the weighted and normalised values of the terms, which are features, to a row.
    mutating func weigh(
        _ weighting: borrowing TermWeighting, weight: Double, idf: Span<Double>, firstFeature: Int,
        columns: inout OutputSpan<Int32>, values: inout OutputSpan<Double>
    ) {
        weighting.append(
            terms.span.extracting(0..<count), counts.span, weight: weight, idf: idf, firstFeature: firstFeature,
            columns: &columns,
            values: &values)
    }

    @inline(never)
    private mutating func grow(_ needed: Int) {
        let missing = (needed + 1) * 5 / 4 - terms.count
        terms.append(contentsOf: repeatElement(0, count: missing))
        counts.append(contentsOf: repeatElement(0, count: missing))
    }
}
