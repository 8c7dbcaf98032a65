import LinearAlgebra
import TextClassification

/// Sums weighted counts by term, in order of first occurrence; keeps its memory from article to article.
///
/// Terms have numbers from 1; 0 stands for what is unknown.
struct TermAccumulator {
    /// The sum of each term.
    private let sums: ZeroedFloats
    /// The terms with a sum; the first `count` elements have a meaning.
    private var list: [UInt32] = []
    private var count = 0
    /// The sums of `list`, in its order, while they are emitted; as long as `list`.
    private var counts: [Float] = []

    init(termCount: Int) { sums = ZeroedFloats(count: termCount + 1) }

    /// Adds terms; numbers above that of the last feature are unknown. Returns how many were known.
    /// - Precondition: the weight is above 0.
    mutating func add(_ terms: Span<UInt32>, _ range: Range<Int>, weight: Float) -> Int {
        if list.count <= count + range.count { grow(range.count) }
        return Kernels.add(terms, range, weight: weight, to: sums, list: &list, listCount: &count)
    }

    @inline(never)
    private mutating func grow(_ added: Int) {
        let missing = (count + added + 1) * 5 / 4 - list.count
        list.append(contentsOf: repeatElement(0, count: missing))
        counts.append(contentsOf: repeatElement(0, count: missing))
    }

    /// Appends the weighted and normalised values of the terms to a row, and forgets them.
    mutating func emit(
        _ weighting: borrowing TermWeighting, weight: Double, idf: Span<Double>, firstFeature: Int, into rows: inout SparseMatrix
    ) {
        Kernels.takeSums(list, count: count, from: sums, into: &counts, factors: idf)
        weighting.append(
            list.span.extracting(0..<count), counts.span, weight: weight, idf: idf, firstFeature: firstFeature, to: &rows)
        count = 0
    }
}
