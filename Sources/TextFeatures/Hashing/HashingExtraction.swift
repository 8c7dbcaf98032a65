import TextClassification

/// Extraction of hashed rows by one thread.
final class HashingExtraction: FeatureExtraction {
    // A structure, so that access to it is checked once for many articles.
    private var extraction: RowExtraction<Buckets>

    init(_ model: HashingModel) {
        extraction = RowExtraction(
            model.parameters.text,
            blocks: model.blocks.enumerated().map { position, block in
                FeatureBlock(
                    kind: block.kind, weight: block.weight, index: Buckets(bits: model.parameters.bits, weights: block.weights),
                    idf: block.weights,
                    firstFeature: position * model.bucketCount)
            })
    }

    func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
        extraction.extract(batch, range, into: &rows)
    }
}

/// The buckets of terms: the upper bits of their hashes. The node of bucket b is b + 1.
struct Buckets: NgramIndex, Sendable {
    let bits: Int
    /// Those with weight 0 are no features; without weights all are.
    var weights: InverseFrequencies?

    static var usesHashes: Bool { true }

    func find(_ block: inout TermBlock, count: Int, first: Int, bytes: Span<UInt8>, edges: Span<UInt32>) {
        for term in 0..<count {
            let bucket = UInt32(truncatingIfNeeded: block.hashes[term] >> UInt64(64 - bits))
            block.nodes[term] = block.keys[term].low == 0 ? 0 : bucket + 1
        }
    }

    func findNgrams(
        prefix: Int, last: Int, count: Int, in nodes: inout [UInt32], hashes: inout [UInt64], at result: Int,
        unsure: inout [UInt32]
    ) {
        Kernels.extendHashes(prefix: prefix, last: last, count: count, in: &hashes, at: result)
        for term in 0..<count {
            let bucket = UInt32(truncatingIfNeeded: hashes[result + term] >> UInt64(64 - bits))
            nodes[result + term] = nodes[prefix + term] == 0 || nodes[last + term] == 0 ? 0 : bucket + 1
        }
    }

    func removeUnused(from nodes: inout [UInt32], _ range: Range<Int>) {
        weights?.codes.withSpan { codes in
            guard let values = weights?.values else { return }
            for place in range where nodes[place] != 0 {
                if values[Int(codes[Int(nodes[place]) - 1]) & (values.count - 1)] == 0 { nodes[place] = 0 }
            }
        }
    }
}
