import LinearAlgebra

/// Sums weighted counts by term, in order of first occurrence; keeps its memory from article to article.
struct TermAccumulator {
    private var terms: [Int32] = []
    private var sums: [Float]
    /// The sums of `terms`, in their order, while they are emitted.
    private var counts: [Float] = []

    init(termCount: Int) {
        sums = [Float](repeating: 0, count: termCount)
    }

    /// - Precondition: the weight is above 0.
    @inline(__always)
    mutating func add(_ term: Int, weight: Float) {
        let sum = sums[term]
        if sum == 0 { terms.append(Int32(truncatingIfNeeded: term)) }
        sums[term] = sum + weight
    }

    /// Appends the weighted and normalised values of the terms to a row, and forgets them.
    mutating func emit(
        _ parameters: TFIDFParameters, weight: Double, idf: Span<Double>, firstFeature: Int, into rows: inout SparseMatrix
    ) {
        counts.removeAll(keepingCapacity: true)
        for position in 0..<terms.count {
            let term = Int(terms[position])
            counts.append(sums[term])
            sums[term] = 0
        }
        parameters.weigh(terms.span, counts.span, weight: weight, idf: idf, firstFeature: firstFeature, into: &rows)
        terms.removeAll(keepingCapacity: true)
    }
}
