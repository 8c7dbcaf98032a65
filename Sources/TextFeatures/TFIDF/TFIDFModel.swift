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
                writer.add("idf", block.idf)
            }
        }
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let parameters = try reader.hyperparameters("parameters", of: TFIDFParameters.self)
        var blocks: [Block] = []
        for (position, block) in parameters.blocks.enumerated() {
            let reader = reader.scoped("\(position)")
            let idf = try reader.array("idf", of: Double.self)
            blocks.append(
                Block(
                    kind: block.kind, weight: block.weight, vocabulary: try Vocabulary(reading: reader, count: idf.count),
                    idf: idf))
        }
        self.init(parameters: parameters, blocks: blocks)
    }
}
