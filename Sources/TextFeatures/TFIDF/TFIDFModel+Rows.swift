import LinearAlgebra
import TextClassification

extension TFIDFModel {
    /// The rows of articles whose terms were counted while fitting, given for each part of the articles, and each block.
    func rows(of parts: [[KeptCounts]], threads: Int) -> SparseMatrix {
        var firstRows = [0]
        for blocks in parts { firstRows.append(firstRows[firstRows.count - 1] + blocks[0].rowCount) }
        let starts = firstRows
        var offsets = [0]
        offsets.reserveCapacity(starts[parts.count] + 1)
        for counts in parallelMap(count: parts.count, threads: threads, { Self.rowLengths(parts[$0]) }) {
            for count in counts { offsets.append(offsets[offsets.count - 1] + count) }
        }
        let weighting = TermWeighting(parameters)
        return SparseMatrix(rowOffsets: offsets, columnCount: featureCount, threads: threads) { rows, columns, values in
            var terms: [UInt32] = []
            var counts: [Float] = []
            var part = 0
            for row in rows {
                while row >= starts[part + 1] { part += 1 }
                for (position, block) in blocks.enumerated() {
                    parts[part][position].replace(&terms, &counts, row: row - starts[part])
                    block.idf.withSpan { idf in
                        weighting.append(
                            terms.span, counts.span, weight: block.weight, idf: idf, firstFeature: blockStarts[position],
                            columns: &columns, values: &values)
                    }
                }
            }
        }
    }

    /// How many features each row of one part has, all blocks together.
    private static func rowLengths(_ blocks: [KeptCounts]) -> [Int] {
        var lengths = [Int](repeating: 0, count: blocks[0].rowCount)
        for block in blocks { block.addRowLengths(to: &lengths) }
        return lengths
    }
}

/// The counts of a counter, as far as their terms became features.
struct KeptCounts: Sendable {
    private let rowOffsets: [Int]
    private let rowTerms: [UInt32]
    private let rowCounts: [Float]
    /// The features + 1 of the nodes of all counters, 0 for what is none, and where those of this one begin.
    private let features: [UInt32]
    private let base: Int

    init(_ counter: TermCounter, _ fitted: FittedVocabulary, part: Int) {
        rowOffsets = counter.rowOffsets
        rowTerms = counter.rowTerms
        rowCounts = counter.rowCounts
        features = fitted.terms
        base = fitted.bases[part]
    }

    var rowCount: Int { rowOffsets.count - 1 }

    func addRowLengths(to lengths: inout [Int]) {
        let features = self.features.span
        let terms = rowTerms.span
        for row in lengths.indices {
            for element in rowOffsets[row]..<rowOffsets[row + 1] {
                lengths[row] += features[base + Int(terms[element])] != 0 ? 1 : 0
            }
        }
    }

    /// Replaces `terms` and `counts` by those of a row.
    func replace(_ terms: inout [UInt32], _ counts: inout [Float], row: Int) {
        let elements = rowOffsets[row]..<rowOffsets[row + 1]
        let features = self.features.span
        let rowTerms = self.rowTerms.span
        let rowCounts = self.rowCounts.span
        terms.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        terms.append(addingCapacity: elements.count) { terms in
            counts.append(addingCapacity: elements.count) { counts in
                for element in elements {
                    let feature = features[base + Int(rowTerms[element])]
                    guard feature != 0 else { continue }
                    terms.append(feature)
                    counts.append(rowCounts[element])
                }
            }
        }
    }
}
