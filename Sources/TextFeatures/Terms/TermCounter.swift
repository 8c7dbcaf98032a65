import CKernels
import LinearAlgebra

/// Counts the known terms of articles, in order of first occurrence, and makes rows of the counts; keeps its memory from article to
/// article.
struct TermCounter {
    /// What counting the terms of one article takes.
    struct Memory {
        /// In which terms are found again: 16 for each term of a usual article, which few collide in, and four for three of a giant.
        var slots = [UInt32](repeating: 0, count: 1 << 10)
        /// What tells the articles apart in the slots.
        var slotBase: UInt32 = 1
        var entries: [sk_counted] = []

        /// The number of terms that there is room for.
        var capacity: Int { min(slots.count * 3 / 4, entries.count - 1) }

        private static let usualSlotCount = 1 << 16

        /// Makes room for so many terms.
        @inline(never)
        mutating func grow(_ count: Int) {
            let capacity = count * 5 / 4 + 1
            entries = [sk_counted](repeating: sk_counted(), count: capacity)
            var slotCount = slots.count
            while slotCount < max(capacity * 4 / 3, min(16 * capacity, Self.usualSlotCount)) { slotCount *= 2 }
            if slotCount > slots.count { slots = [UInt32](repeating: 0, count: slotCount) }
        }
    }

    private var memory = Memory()

    /// Appends the rows of some of the articles of known terms, and what share of their terms is known. O(terms).
    /// - Precondition: `columns` and `values` have room for all known terms of the articles.
    mutating func fill(
        _ known: borrowing KnownTerms, _ articles: Range<Int>, _ weighting: borrowing TermWeighting, weight: Double,
        idf: InverseFrequencies, firstFeature: Int, columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>,
        ends: inout OutputSpan<Int>, shares: inout OutputSpan<Float>
    ) {
        if memory.capacity < known.largestCount { memory.grow(known.largestCount) }
        idf.codes.withSpan { codes in
            Kernels.fill(
                known, articles, weighting.kernel(weight: weight, firstFeature: firstFeature),
                frequencies: weighting.termFrequencies, codes: codes, factors: idf.values, memory: &memory, columns: &columns,
                values: &values, ends: &ends, shares: &shares)
        }
    }
}
