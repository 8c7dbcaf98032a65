/// The terms of some articles by their numbers, field by field, those of one word before those of two.
struct NumberedTerms: Sendable {
    let articles: Range<Int>
    /// How many different ones each article has.
    let rowLengths: [Int]
    /// The terms, with `SK_REPEATED` where it is not the first occurrence in the article.
    fileprivate var terms: [UInt32] = []
    /// Where each field ends, what its terms count, and where each article ends among the fields.
    fileprivate var fields: [TermSequence.Field] = []
    fileprivate var fieldEnds: [Int] = []

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
        var first = 0
        for article in articles {
            fieldEnds.append(Int(counted.fieldEnds[article]) - firstField)
            let end = fieldEnds[fieldEnds.count - 1]
            let last = end == 0 ? 0 : Int(fields[end - 1].end)
            lengths.append(Kernels.newCount(terms, first..<last))
            first = last
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

    /// Replaces the terms by those of an article, which is not before the one asked for last.
    mutating func count(_ article: Int) {
        while article >= source.articles.upperBound { advance() }
        count = 0
        let number = article - source.articles.lowerBound
        let firstField = number == 0 ? 0 : source.fieldEnds[number - 1]
        var position = firstField == 0 ? 0 : Int(source.fields[firstField - 1].end)
        for field in firstField..<source.fieldEnds[number] {
            let end = Int(source.fields[field].end)
            if terms.count <= count + end - position { grow(end - position) }
            Kernels.count(
                source.terms, position..<end, weight: source.fields[field].weight, places: &places, rowTerms: &terms,
                rowCounts: &counts,
                rowCount: &count)
            position = end
        }
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
    private mutating func grow(_ added: Int) {
        let missing = (count + added + 1) * 5 / 4 - terms.count
        terms.append(contentsOf: repeatElement(0, count: missing))
        counts.append(contentsOf: repeatElement(0, count: missing))
    }
}
