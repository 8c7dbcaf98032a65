import LinearAlgebra
import TextClassification

extension TFIDFModel {
    /// The rows of articles whose terms were counted while fitting, given for each block by their features + 1.
    func rows(of terms: [[NumberedTerms]], threads: Int) -> SparseMatrix {
        var lengths: [Int] = []
        for pieces in terms {
            let own = pieces.flatMap(\.rowLengths)
            lengths = lengths.isEmpty ? own : zip(lengths, own).map { $0 + $1 }
        }
        var offsets = [0]
        offsets.reserveCapacity(lengths.count + 1)
        for length in lengths { offsets.append(offsets[offsets.count - 1] + length) }
        let weighting = TermWeighting(parameters)
        return SparseMatrix(rowOffsets: offsets, columnCount: featureCount, threads: threads) { rows, columns, values in
            var own = blocks.indices.map { CountedRow(terms[$0], termCount: blocks[$0].idf.count + 1) }
            let idfs = blocks.map(\.idf)
            let weights = blocks.map(\.weight)
            for row in rows {
                for position in own.indices {
                    idfs[position].withSpan { idf in
                        own[position].count(row, factors: idf)
                        own[position].weigh(
                            weighting, weight: weights[position], idf: idf, firstFeature: blockStarts[position],
                            columns: &columns, values: &values)
                    }
                }
            }
        }
    }
}
