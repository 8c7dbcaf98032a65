import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A fitted `TFIDFVectorizer`.
public struct TFIDFModel: FeatureExtractorModel {
    /// The features of one kind of terms.
    struct Block: Sendable {
        let kind: TermKind
        let weight: Double
        let vocabulary: Vocabulary
        let idf: InverseFrequencies
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

    /// Rows are normalised over the features that are left. (To bring them to the length of their share in a typical row instead costs
    /// more accuracy: articles of a label hold more of its features than others.)
    public func selecting(_ features: [Int]) -> TFIDFModel? {
        var selected: [Block] = []
        for (block, start) in zip(blocks, blockStarts) {
            let terms = features.filter { start..<start + block.vocabulary.count ~= $0 }.map { $0 - start }
            guard let vocabulary = block.vocabulary.selecting(terms) else { return nil }
            let idf = block.idf.selecting(terms)
            selected.append(Block(kind: block.kind, weight: block.weight, vocabulary: vocabulary, idf: idf))
        }
        return TFIDFModel(parameters: parameters, blocks: selected)
    }

    /// The inverse document frequency times the root of the share of articles that have the term, which is e^(1 - idf).
    public func typicalValue(_ feature: Int) -> Double {
        let (block, term) = block(of: feature)
        let idf = Double(block.idf[term])
        return block.weight * idf * exp((1 - idf) / 2)
    }

    public func occurrences(in article: Article) -> [FeatureOccurrence] {
        parameters.occurrences(in: article) { scanner, report in
            for (block, firstFeature) in zip(blocks, blockStarts) {
                var enumerator = TermEnumerator(block.kind)
                var vocabulary = block.vocabulary
                enumerator.forEachTerm(scanner, in: &vocabulary) { _, node, place in
                    if node <= block.vocabulary.count { report(firstFeature + node - 1, place) }
                }
            }
        }
    }
}

extension TFIDFModel {
    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add("parameters", json: parameters)
        for (position, block) in blocks.enumerated() {
            writer.scoped("\(position)") { writer in
                block.vocabulary.write(to: &writer)
                block.idf.write(to: &writer)
            }
        }
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let parameters = try reader.hyperparameters("parameters", of: TFIDFParameters.self)
        var blocks: [Block] = []
        for (position, block) in parameters.blocks.enumerated() {
            let reader = reader.scoped("\(position)")
            let idf = try InverseFrequencies(reading: reader)
            blocks.append(
                Block(
                    kind: block.kind, weight: block.weight, vocabulary: try Vocabulary(reading: reader, count: idf.count),
                    idf: idf))
        }
        self.init(parameters: parameters, blocks: blocks)
    }
}
