import LinearAlgebra
import TextClassification

extension NMFModel {
    private enum Section {
        static let parameters = "parameters"
        static let shape = "shape"
        static let terms = "terms"
        static let gram = "gram"
        static let sums = "sums"
        static let namedTerms = "named-terms"
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add(Section.parameters, json: parameters)
        writer.add(Section.shape, [Int64(inputCount), Int64(topicCount), Int64(articleCount)])
        writer.add(Section.terms, terms)
        writer.add(Section.gram, gram.elements)
        writer.add(Section.sums, sums)
        writer.add(Section.namedTerms, namedTerms)
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        parameters = try reader.hyperparameters(Section.parameters, of: NMFParameters.self)
        let shape = try reader.array(Section.shape, of: Int64.self, count: 3).elements
        guard 1...Int64(Int32.max) / 2 ~= shape[0], 1...100_000 ~= shape[1], 0...Int64(Int32.max) ~= shape[2] else {
            throw reader.malformed(Section.shape, "holds \(shape)")
        }
        inputCount = Int(shape[0])
        topicCount = Int(shape[1])
        articleCount = Int(shape[2])
        stride = (topicCount + 7) / 8 * 8
        terms = try reader.array(Section.terms, of: Float.self, count: inputCount * stride)
        let products = try reader.array(Section.gram, of: Double.self, count: topicCount * topicCount).elements
        sums = try reader.array(Section.sums, of: Double.self, count: topicCount).elements
        guard products.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw reader.malformed(Section.gram, "holds a number that is negative or not finite")
        }
        guard sums.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw reader.malformed(Section.sums, "holds a number that is negative or not finite")
        }
        gram = DenseMatrix(rowCount: topicCount, columnCount: topicCount, elements: products)
        namedTerms = try reader.array(Section.namedTerms, of: Int32.self, count: topicCount * Self.namedTermCount).elements
        guard namedTerms.allSatisfy({ $0 >= -1 && Int($0) < inputCount }) else {
            throw reader.malformed(Section.namedTerms, "names a term outside 0..<\(inputCount)")
        }
    }
}
