import LinearAlgebra
import TextClassification

/// A fitted `TFIDFVectorizer`.
public struct TFIDFModel: FeatureExtractorModel {
    /// The features of one kind of terms.
    struct Block: Sendable {
        let kind: TermKind
        let weight: Double
        let vocabulary: Vocabulary
        /// The inverse document frequency of each term.
        let idf: ModelArray<Double>
    }

    public let parameters: TFIDFParameters
    let blocks: [Block]
    /// The first feature of each block.
    let blockStarts: [Int]
    public let featureCount: Int

    init(parameters: TFIDFParameters, blocks: [Block]) {
        self.parameters = parameters
        self.blocks = blocks
        var starts: [Int] = []
        var count = 0
        for block in blocks {
            starts.append(count)
            count += block.vocabulary.count
        }
        blockStarts = starts
        featureCount = count
    }

    public func makeExtraction() -> any FeatureExtraction { TFIDFExtraction(self) }

    private func block(of feature: Int) -> (block: Block, term: Int) {
        let position = (blockStarts.lastIndex { $0 <= feature }) ?? 0
        return (blocks[position], feature - blockStarts[position])
    }

    /// The term; terms of characters are in quotation marks, with spaces for the edges of a word.
    public func featureName(_ feature: Int) -> String {
        let (block, term) = block(of: feature)
        let name = block.vocabulary.term(term)
        if case .characters = block.kind { return "\"\(name)\"" }
        return name
    }

    /// The rows of articles whose terms were counted while fitting.
    func rows(of counts: [TermCounts]) -> SparseMatrix {
        let rowCount = (counts.first?.rowOffsets.count ?? 1) - 1
        var rows = SparseMatrix(columnCount: featureCount)
        rows.reserveCapacity(rowCount: rowCount, elementCount: counts.reduce(0) { $0 + $1.terms.count })
        for row in 0..<rowCount {
            for (position, block) in blocks.enumerated() {
                let elements = counts[position].rowOffsets[row]..<counts[position].rowOffsets[row + 1]
                let terms = counts[position].terms
                let values = counts[position].counts
                block.idf.withSpan { idf in
                    parameters.weigh(
                        terms.span.extracting(elements), values.span.extracting(elements), weight: block.weight, idf: idf,
                        firstFeature: blockStarts[position], into: &rows)
                }
            }
            rows.endRow()
        }
        return rows
    }

    public func occurrences(in article: Article) -> [FeatureOccurrence] {
        parameters.occurrences(in: article, blockCount: blocks.count) { position, hash, text, start, end in
            var feature: Int?
            blocks[position].vocabulary.withSpans { lines, offsets, bytes in
                let term = blocks[position].vocabulary.feature(
                    hash, text, start, end, lines: lines, offsets: offsets, bytes: bytes)
                if term >= 0 { feature = blockStarts[position] + term }
            }
            return feature
        }
    }
}

extension Vocabulary {
    @inline(__always)
    func withSpans(_ body: (Span<UInt32>, Span<UInt32>, Span<UInt8>) -> Void) {
        lines.withSpan { lines in offsets.withSpan { offsets in bytes.withSpan { bytes in body(lines, offsets, bytes) } } }
    }
}

extension TFIDFModel {
    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add("parameters", json: parameters)
        for (position, block) in blocks.enumerated() {
            writer.scoped("\(position)") { writer in
                block.vocabulary.write(to: &writer)
                writer.add("idf", block.idf)
            }
        }
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let parameters = try reader.hyperparameters("parameters", of: TFIDFParameters.self)
        var blocks: [Block] = []
        for (position, block) in parameters.blocks.enumerated() {
            let reader = reader.scoped("\(position)")
            let vocabulary = try Vocabulary(reading: reader)
            blocks.append(
                Block(
                    kind: block.kind, weight: block.weight, vocabulary: vocabulary,
                    idf: try reader.array("idf", of: Double.self, count: vocabulary.count)))
        }
        self.init(parameters: parameters, blocks: blocks)
    }
}
