import LinearAlgebra
import TextClassification

extension TFIDFModel {
    /// The rows of articles whose terms were counted while fitting, given by their features + 1, one block after the other.
    func rows(of numbered: NumberedTerms, threads: Int) -> SparseMatrix {
        var offsets = [0]
        offsets.reserveCapacity(numbered.rowLengths.count + 1)
        for length in numbered.rowLengths { offsets.append(offsets[offsets.count - 1] + length) }
        let rowCount = numbered.rowLengths.count
        let weighting = TermWeighting(parameters)
        return SparseMatrix(rowOffsets: offsets, columnCount: featureCount, threads: threads) { rows, columns, values in
            var own = blocks.map { CountedRow(termCount: $0.idf.count) }
            let idfs = blocks.map(\.idf)
            let weights = blocks.map(\.weight)
            let (terms, fields, ends) = (numbered.terms, numbered.fields, numbered.fieldEnds)
            let (termSpan, fieldSpan, endSpan) = (terms.span, fields.span, ends.span)
            for row in rows {
                for block in own.indices {
                    let article = NumberedTerms.fields(of: row, block: block, rowCount: rowCount, endSpan)
                    idfs[block].withSpan { idf in
                        own[block].count(termSpan, fieldSpan.extracting(article), factors: idf)
                        own[block].weigh(
                            weighting, weight: weights[block], idf: idf, firstFeature: blockStarts[block], columns: &columns,
                            values: &values)
                    }
                }
            }
        }
    }
}
