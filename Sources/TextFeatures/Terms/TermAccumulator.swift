import LinearAlgebra
import TextClassification

/// Sums weighted counts by term, in order of first occurrence; keeps its memory from article to article.
///
/// Terms have numbers from 1; 0 stands for what is unknown.
struct TermAccumulator {
    /// The sum of each term; infinite for 0 and for what is no feature.
    private var sums: [Float]
    /// The terms with a sum; the first `count` elements have a meaning.
    private var list: [UInt32] = []
    private var count = 0
    /// The sums of `list`, in its order, while they are emitted.
    private var counts: [Float] = []

    /// - Parameter idf: the inverse document frequencies of the features; those with 0 are not counted.
    init(_ idf: ModelArray<Double>) {
        sums = [.infinity]
        sums.reserveCapacity(idf.count + 1)
        idf.withSpan { idf in for feature in idf.indices { sums.append(idf[feature] == 0 ? .infinity : 0) } }
    }

    /// Adds the terms of rows of `stride` numbers each, of which the first `skipped` do not count; numbers above that of the last
    /// feature are unknown. Returns how many were known.
    /// - Precondition: the weight is above 0.
    mutating func add(_ terms: Span<UInt32>, rows: Range<Int>, stride: Int, skipped: Int, weight: Float) -> Int {
        let needed = count + rows.count * stride + 1
        if list.count < needed { list.append(contentsOf: repeatElement(0, count: needed * 5 / 4 - list.count)) }
        return Kernels.add(
            terms, rows: rows, stride: stride, skipped: skipped, weight: weight, to: &sums, list: &list, listCount: &count)
    }

    /// Appends the weighted and normalised values of the terms to a row, and forgets them.
    mutating func emit(
        _ weighting: borrowing TermWeighting, weight: Double, idf: Span<Double>, firstFeature: Int, into rows: inout SparseMatrix
    ) {
        Self.take(list, count, from: &sums, into: &counts)
        weighting.append(
            list.span.extracting(0..<count), counts.span, weight: weight, idf: idf, firstFeature: firstFeature, to: &rows)
        count = 0
    }

    /// Replaces `counts` by the sums of the first terms, and those by 0.
    private static func take(_ terms: [UInt32], _ count: Int, from sums: inout [Float], into counts: inout [Float]) {
        counts.removeAll(keepingCapacity: true)
        counts.append(addingCapacity: count) { counts in
            let terms = terms.span
            var sums = sums.mutableSpan
            for position in 0..<count {
                let term = Int(terms[position])
                counts.append(sums[term])
                sums[term] = 0
            }
        }
    }
}
