import LinearAlgebra
import TextClassification

/// Extraction of TF-IDF rows by one thread.
final class TFIDFExtraction: FeatureExtraction {
    private let model: TFIDFModel
    private var scanner: FieldScanner
    private var accumulators: [TermAccumulator]
    private var repairsBefore = 0

    init(_ model: TFIDFModel) {
        self.model = model
        scanner = FieldScanner(model.parameters)
        accumulators = model.blocks.map { TermAccumulator(termCount: $0.vocabulary.count) }
    }

    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
        for article in range {
            var known = 0
            var seen = 0
            model.parameters.forEachField(batch, article) { field, weight in
                scanner.scan(batch, field)
                count(weight: weight, &known, &seen)
            }
            for position in 0..<model.blocks.count {
                let block = model.blocks[position]
                block.idf.withSpan { idf in
                    accumulators[position].emit(
                        model.parameters, weight: block.weight, idf: idf, firstFeature: model.blockStarts[position],
                        into: &rows.matrix)
                }
            }
            rows.matrix.endRow()
            rows.coverage.append(seen == 0 ? 0 : Float(known) / Float(seen))
        }
        rows.repairCount += scanner.tokenizer.repairCount - repairsBefore
        repairsBefore = scanner.tokenizer.repairCount
    }

    /// Counts the terms of the words in the scanner; `known` and `seen` count those of the first block.
    private func count(weight: Float, _ known: inout Int, _ seen: inout Int) {
        for position in 0..<model.blocks.count {
            let block = model.blocks[position]
            var found = 0
            var total = 0
            // Taken out of `self` while it is written to, which costs nothing and spares a check at every term.
            var accumulator = TermAccumulator(termCount: 0)
            swap(&accumulator, &accumulators[position])
            block.vocabulary.withSpans { lines, offsets, bytes in
                scanner.forEachTerm(of: block.kind) { hash, text, start, end in
                    total += 1
                    let term = block.vocabulary.feature(
                        hash, text, start, end, lines: lines, offsets: offsets, bytes: bytes)
                    guard term >= 0 else { return }
                    found += 1
                    accumulator.add(term, weight: weight)
                }
            }
            swap(&accumulator, &accumulators[position])
            if position == 0 {
                known += found
                seen += total
            }
        }
    }
}
