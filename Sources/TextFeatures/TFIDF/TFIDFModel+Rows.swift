import LinearAlgebra
import TextClassification

extension TFIDFModel {
    /// The rows of articles whose terms were counted while fitting.
    func rows(of numbered: NumberedTerms, threads: Int) -> SparseMatrix {
        var offsets = [0]
        offsets.reserveCapacity(numbered.rowLengths.count + 1)
        for length in numbered.rowLengths { offsets.append(offsets[offsets.count - 1] + length) }
        return SparseMatrix(rowOffsets: offsets, columnCount: featureCount, threads: threads) { rows, columns, values in
            var batch = FittedRows(self)
            var first = rows.lowerBound
            while first < rows.upperBound {
                let end = batch.end(numbered, first..<rows.upperBound)
                batch.append(numbered, first..<end, columns: &columns, values: &values)
                first = end
            }
        }
    }
}

/// Makes rows of numbered terms, some articles at a time; belongs to one thread.
private struct FittedRows {
    private var counting: CountedBlocks
    /// The rows of some articles, which need room for all their terms while they are counted.
    private var columns: [Int32] = []
    private var values: [Float] = []

    /// So many positions together stay in the cache.
    private static let usualPositionCount = 2048

    init(_ model: TFIDFModel) { counting = CountedBlocks(model) }

    /// Where the next articles of a range end that are made rows of together: one at least.
    func end(_ numbered: NumberedTerms, _ articles: Range<Int>) -> Int {
        let first = numbered.blocks[0].positions(of: articles.lowerBound).lowerBound
        var end = articles.lowerBound + 1
        while end < articles.upperBound, numbered.blocks[0].positions(of: end).upperBound - first <= Self.usualPositionCount {
            end += 1
        }
        return end
    }

    mutating func append(
        _ numbered: NumberedTerms, _ articles: Range<Int>, columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>
    ) {
        let count = counting.find(numbered, articles)
        self.columns.removeAll(keepingCapacity: true)
        self.values.removeAll(keepingCapacity: true)
        self.columns.append(addingCapacity: count) { columns in
            self.values.append(addingCapacity: count) { values in
                counting.fill(articles.count, columns: &columns, values: &values)
            }
        }
        Kernels.append(self.columns.span, to: &columns)
        Kernels.append(self.values.span, to: &values)
    }
}

/// Counts the terms of some articles, block by block.
private struct CountedBlocks {
    private let model: TFIDFModel
    private let weighting: TermWeighting
    private var known: [KnownTerms]
    private var counters: [TermCounter]
    private var ends: [Int] = []
    private var shares: [Float] = []

    init(_ model: TFIDFModel) {
        self.model = model
        weighting = TermWeighting(model.parameters)
        known = model.blocks.map { KnownTerms(termCount: $0.idf.count) }
        counters = model.blocks.map { _ in TermCounter() }
    }

    /// Replaces the terms by those of some articles; returns how many they are.
    mutating func find(_ numbered: NumberedTerms, _ articles: Range<Int>) -> Int {
        var count = 0
        for block in known.indices {
            known[block].removeAll()
            for article in articles { numbered.blocks[block].append(article, to: &known[block]) }
            count += known[block].count
        }
        return count
    }

    /// Appends the rows of so many articles, which are all that were found.
    mutating func fill(_ articleCount: Int, columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>) {
        // Several blocks take turns, since each appends to the row of an article.
        let step = known.count == 1 ? articleCount : 1
        for first in stride(from: 0, to: articleCount, by: step) {
            for block in known.indices { fill(block, first..<first + step, columns: &columns, values: &values) }
        }
    }

    private mutating func fill(
        _ block: Int, _ articles: Range<Int>, columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>
    ) {
        let own = model.blocks[block]
        ends.removeAll(keepingCapacity: true)
        shares.removeAll(keepingCapacity: true)
        ends.append(addingCapacity: articles.count) { ends in
            shares.append(addingCapacity: articles.count) { shares in
                counters[block].fill(
                    known[block], articles, weighting, weight: own.weight, idf: own.idf,
                    firstFeature: model.blockStarts[block], columns: &columns, values: &values, ends: &ends, shares: &shares)
            }
        }
    }
}
