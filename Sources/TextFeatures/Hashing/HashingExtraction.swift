import LinearAlgebra
import TextClassification

/// Extraction of hashed rows by one thread.
final class HashingExtraction: FeatureExtraction {
    private let model: HashingModel
    private var scanner: FieldScanner
    private var accumulators: [TermAccumulator]
    private var repairsBefore = 0

    init(_ model: HashingModel) {
        self.model = model
        scanner = FieldScanner(model.parameters.text)
        accumulators = model.blocks.map { _ in TermAccumulator(termCount: model.bucketCount) }
    }

    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
        for article in range {
            var known = 0
            var seen = 0
            model.parameters.text.forEachField(batch, article) { field, weight in
                scanner.scan(batch, field)
                count(weight: weight, &known, &seen)
            }
            for position in 0..<model.blocks.count {
                let block = model.blocks[position]
                block.weights.withSpan { weights in
                    accumulators[position].emit(
                        model.parameters.text, weight: block.weight, idf: weights,
                        firstFeature: position * model.bucketCount, into: &rows.matrix)
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
        let bits = model.parameters.bits
        for position in 0..<model.blocks.count {
            let block = model.blocks[position]
            var found = 0
            var total = 0
            var accumulator = TermAccumulator(termCount: 0)
            swap(&accumulator, &accumulators[position])
            block.weights.withSpan { weights in
                scanner.forEachTerm(of: block.kind) { hash, _, _, _ in
                    total += 1
                    let bucket = BucketTable.bucket(hash, bits: bits)
                    guard weights[bucket] != 0 else { return }
                    found += 1
                    accumulator.add(bucket, weight: weight)
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
