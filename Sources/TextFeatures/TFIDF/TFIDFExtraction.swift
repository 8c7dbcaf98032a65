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
            scan(batch, batch.titles[article], weight: model.parameters.titleWeight, &known, &seen)
            scan(batch, batch.bodies[article], weight: model.parameters.bodyWeight, &known, &seen)
            for (position, block) in model.blocks.enumerated() {
                accumulators[position].gather()
                let accumulator = accumulators[position]
                block.idf.withSpan { idf in
                    model.parameters.weigh(
                        accumulator.terms.span, accumulator.counts.span, weight: block.weight, idf: idf,
                        firstFeature: model.blockStarts[position], into: &rows.matrix)
                }
                accumulators[position].clear()
            }
            rows.matrix.endRow()
            rows.coverage.append(seen == 0 ? 0 : Float(known) / Float(seen))
        }
        rows.repairCount += scanner.tokenizer.repairCount - repairsBefore
        repairsBefore = scanner.tokenizer.repairCount
    }

    /// Counts the terms of a field; `known` and `seen` count those of the first block.
    private func scan(
        _ batch: borrowing ArticleBatch, _ field: Range<Int>, weight: Double, _ known: inout Int, _ seen: inout Int
    ) {
        guard !field.isEmpty, weight > 0 else { return }
        scanner.scan(batch, field)
        for (position, block) in model.blocks.enumerated() {
            var found = 0
            var total = 0
            block.vocabulary.withSpans { lines, offsets, bytes in
                scanner.forEachTerm(of: block.kind) { hash, text, start, end in
                    total += 1
                    let term = block.vocabulary.feature(
                        hash, text, start, end, lines: lines, offsets: offsets, bytes: bytes)
                    guard term >= 0 else { return }
                    found += 1
                    accumulators[position].add(term, weight: Float(weight))
                }
            }
            if position == 0 {
                known += found
                seen += total
            }
        }
    }
}

/// Sums weighted counts by term, in order of first occurrence.
struct TermAccumulator {
    private(set) var terms: [Int32] = []
    private var sums: [Float]
    /// The sums of `terms`, in their order; valid after `gather()`.
    private(set) var counts: [Float] = []

    init(termCount: Int) {
        sums = [Float](repeating: 0, count: termCount)
    }

    @inline(__always)
    mutating func add(_ term: Int, weight: Float) {
        let sum = sums[term]
        if sum == 0 { terms.append(Int32(truncatingIfNeeded: term)) }
        sums[term] = sum + weight
    }

    mutating func gather() {
        counts.removeAll(keepingCapacity: true)
        for term in terms { counts.append(sums[Int(term)]) }
    }

    mutating func clear() {
        for term in terms { sums[Int(term)] = 0 }
        terms.removeAll(keepingCapacity: true)
    }
}
