import LinearAlgebra
import TextClassification

/// Terms that are features, without the others between them: kept for many articles before they are counted, so that their sums and
/// weights can be asked for ahead.
struct KnownTerms: Sendable {
    /// Terms have numbers from 1 to this one.
    let termCount: Int
    /// The first `count` elements have a meaning.
    private(set) var terms: [UInt32] = []
    private(set) var count = 0

    init(termCount: Int) { self.termCount = termCount }

    mutating func removeAll() { count = 0 }

    /// Appends those of a range of nodes that are features.
    mutating func append(_ nodes: Span<UInt32>, _ range: Range<Int>) {
        if terms.count < count + range.count + Kernels.keepSlack { grow(range.count) }
        count += Kernels.keep(nodes, range, termCount: termCount, into: &terms, at: count)
    }

    @inline(never)
    private mutating func grow(_ added: Int) {
        let missing = (count + added) * 5 / 4 + Kernels.keepSlack - terms.count
        terms.append(contentsOf: repeatElement(0, count: missing))
    }
}

/// Sums weighted counts by term, in order of first occurrence; keeps its memory from article to article.
struct TermAccumulator {
    /// The sum of each term.
    private let sums: ZeroedFloats
    /// The terms with a sum; the first `count` elements have a meaning.
    private var list: [UInt32] = []
    private(set) var count = 0
    /// The sums of `list`, in its order, while they are emitted; as long as `list`.
    private var counts: [Float] = []
    /// Their values before these are normalised.
    private var weighed: [Double] = []

    init(termCount: Int) { sums = ZeroedFloats(count: termCount + 1) }

    /// Adds terms, and asks for what `idf` has for the next ones.
    /// - Precondition: the weight is above 0.
    mutating func add(_ known: borrowing KnownTerms, _ range: Range<Int>, weight: Float, idf: Span<Double>) {
        precondition(known.termCount < sums.count && range.upperBound <= known.count)
        if list.count <= count + range.count { grow(range.count) }
        count += Kernels.add(known.terms, range, weight: weight, to: sums, factors: idf, list: &list, at: count)
    }

    @inline(never)
    private mutating func grow(_ added: Int) {
        let missing = (count + added + 1) * 5 / 4 - list.count
        list.append(contentsOf: repeatElement(0, count: missing))
        counts.append(contentsOf: repeatElement(0, count: missing))
    }

    /// Appends the weighted and normalised values of the terms to the columns and values of a row, and forgets them.
    @inline(__always)
    mutating func emit(
        _ weighting: borrowing TermWeighting, weight: Double, idf: Span<Double>, firstFeature: Int,
        columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>
    ) {
        guard count > 0 else { return }
        Kernels.takeSums(list, count: count, from: sums, into: &counts)
        // Taken out, so that it can change while the terms are read.
        var weighed: [Double] = []
        swap(&weighed, &self.weighed)
        defer { swap(&weighed, &self.weighed) }
        weighting.append(
            list.span.extracting(0..<count), counts.span, weight: weight, idf: idf, firstFeature: firstFeature,
            weighed: &weighed, columns: &columns, values: &values)
        count = 0
    }
}
