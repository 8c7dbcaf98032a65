import LinearAlgebra
import TextClassification

// The inverse document frequencies of a block, in a model's file: numbers of single precision, as the values of rows are.
extension ModelWriter {
    mutating func addInverseFrequencies(_ frequencies: ModelArray<Float>) { add(InverseFrequencies.single, frequencies) }
}

extension ModelReader {
    /// - Parameter count: how many there must be, or `nil` for as many as there are.
    func inverseFrequencies(count: Int? = nil) throws(ModelFileError) -> ModelArray<Float> {
        guard has(InverseFrequencies.double) else { return try array(InverseFrequencies.single, of: Float.self, count: count) }
        let wide = try array(InverseFrequencies.double, of: Double.self, count: count)
        return ModelArray(wide.withSpan { wide in wide.indices.map { Float(wide[$0]) } })
    }
}

private enum InverseFrequencies {
    static let single = "idf-32-bit"
    /// In files written before November 2026.
    static let double = "idf"
}
