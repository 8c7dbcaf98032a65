import LinearAlgebra
import TextClassification

extension TFIDFModel {
    /// The rows of articles whose terms were counted while fitting.
    /// - Parameters:
    ///   - counters: for each part of the articles, and each block, the counts.
    ///   - fitted: for each block the vocabulary that was made of its counters.
    func rows(of counters: [[TermCounter]], _ fitted: [FittedVocabulary], threads: Int) -> SparseMatrix {
        let pieceLength = 2048
        var pieces: [(part: Int, rows: Range<Int>)] = []
        for (part, blocks) in counters.enumerated() {
            let rowCount = blocks[0].rowCount
            for first in stride(from: 0, to: rowCount, by: pieceLength) {
                pieces.append((part, first..<min(rowCount, first + pieceLength)))
            }
        }
        let allPieces = pieces
        let matrices = parallelMap(count: pieces.count, threads: threads) { number in
            let piece = allPieces[number]
            return rows(piece.rows, of: counters[piece.part], fitted, part: piece.part)
        }
        return SparseMatrix(stacking: matrices, columnCount: featureCount)
    }

    private func rows(
        _ range: Range<Int>, of counters: [TermCounter], _ fitted: [FittedVocabulary], part: Int
    ) -> SparseMatrix {
        let weighting = TermWeighting(parameters)
        var rows = SparseMatrix(columnCount: featureCount)
        var terms: [UInt32] = []
        var counts: [Float] = []
        for row in range {
            for (position, block) in blocks.enumerated() {
                counters[position].keptElements(of: row, fitted[position], part: part, &terms, &counts)
                block.idf.withSpan { idf in
                    weighting.append(
                        terms.span, counts.span, weight: block.weight, idf: idf, firstFeature: blockStarts[position], to: &rows)
                }
            }
            rows.endRow()
        }
        return rows
    }
}

extension TermCounter {
    /// Replaces `terms` and `counts` by the elements of a row whose terms became features, with these as terms.
    fileprivate func keptElements(
        of row: Int, _ fitted: FittedVocabulary, part: Int, _ terms: inout [UInt32], _ counts: inout [Float]
    ) {
        let elements = rowOffsets[row]..<rowOffsets[row + 1]
        let rowTerms = self.rowTerms.span.extracting(elements)
        let rowCounts = self.rowCounts.span.extracting(elements)
        let numbers = fitted.terms.span.extracting(fitted.bases[part]..<fitted.bases[part + 1])
        terms.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        terms.append(addingCapacity: elements.count) { terms in
            counts.append(addingCapacity: elements.count) { counts in
                for position in 0..<elements.count {
                    let number = numbers[Int(rowTerms[position])]
                    guard number != 0 else { continue }
                    terms.append(number)
                    counts.append(rowCounts[position])
                }
            }
        }
    }
}
