import LinearAlgebra
import TextClassification

/// A fitted `HashingVectorizer`.
public struct HashingModel: FeatureExtractorModel {
    struct Block: Sendable {
        let kind: TermKind
        let weight: Double
        /// The inverse document frequency of each bucket; 0 where it is not used.
        let weights: InverseFrequencies
        /// First and last position of each bucket's name.
        let nameOffsets: ModelArray<UInt32>
        let names: ModelArray<UInt8>
    }

    public let parameters: HashingParameters
    let blocks: [Block]

    var bucketCount: Int { 1 << parameters.bits }
    public var featureCount: Int { blocks.count * bucketCount }

    public func makeExtraction() -> any FeatureExtraction { HashingExtraction(self) }

    /// The first term that reached the bucket; an ellipsis says that others may share it.
    public func featureName(_ feature: Int) -> String {
        let block = blocks[feature / bucketCount]
        let bucket = feature % bucketCount
        let first = Int(block.nameOffsets[2 * bucket])
        let last = Int(block.nameOffsets[2 * bucket + 1])
        guard first < last, last <= block.names.count else { return "#\(feature)" }
        return block.names.withSpan { names in
            String(decoding: (first..<last).map { names[$0] }, as: UTF8.self) + " …"
        }
    }

    public func occurrences(in article: Article) -> [FeatureOccurrence] {
        parameters.text.occurrences(in: article) { scanner, report in
            for (position, block) in blocks.enumerated() {
                var enumerator = TermEnumerator(block.kind)
                var buckets = Buckets(bits: parameters.bits)
                enumerator.forEachTerm(scanner, in: &buckets) { _, node, place in
                    if block.weights[node - 1] != 0 { report(position * bucketCount + node - 1, place) }
                }
            }
        }
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add("parameters", json: parameters)
        for (position, block) in blocks.enumerated() {
            writer.scoped("\(position)") { writer in
                block.weights.write(to: &writer)
                writer.add("name-offsets", block.nameOffsets)
                writer.add("names", block.names)
            }
        }
    }

    init(parameters: HashingParameters, blocks: [Block]) {
        self.parameters = parameters
        self.blocks = blocks
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let parameters = try reader.hyperparameters("parameters", of: HashingParameters.self)
        var blocks: [Block] = []
        for (position, block) in parameters.text.blocks.enumerated() {
            let reader = reader.scoped("\(position)")
            blocks.append(
                Block(
                    kind: block.kind, weight: block.weight,
                    weights: try InverseFrequencies(reading: reader, count: 1 << parameters.bits),
                    nameOffsets: try reader.array("name-offsets", of: UInt32.self, count: 2 << parameters.bits),
                    names: try reader.array("names", of: UInt8.self)))
        }
        self.init(parameters: parameters, blocks: blocks)
    }
}
