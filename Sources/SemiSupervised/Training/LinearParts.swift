import LinearAlgebra
import LinearModels

/// A function that is linear in the three blocks of features of an article: weights of features × outputs, a block without weights being
/// empty, and intercepts.
struct LinearParts: Sendable {
    /// On the features of the model that is kept.
    var terms: [Double] = []
    /// On article vectors.
    var vectors: [Double] = []
    /// On the tempered counts of words that have vectors.
    var words: [Double] = []
    var intercepts: [Double]

    private var outputCount: Int { intercepts.count }

    /// A constant.
    init(intercepts: [Double]) { self.intercepts = intercepts }

    /// A linear model on the kept features, or on these and article vectors.
    init(_ solution: LinearSolution, features: ArchiveFeatures) {
        intercepts = solution.intercepts
        let termWeightCount = features.terms.columnCount * solution.outputCount
        terms = Array(solution.weights[..<termWeightCount])
        vectors = solution.weights[termWeightCount...].map { $0 * features.vectorWeight }
    }

    /// Weights on article vectors and intercepts, one after another.
    init(onVectors weights: [Double], outputCount: Int) {
        vectors = Array(weights.dropLast(outputCount))
        intercepts = Array(weights.suffix(outputCount))
    }

    /// Weights on words in rows of vectors of four; what all outputs have in common is taken off, which the softmax does not see.
    mutating func setWords(_ block: [SIMD4<Float>]) {
        let k = outputCount
        let width = FeatureBlock.width(k)
        words = [Double](repeating: 0, count: block.count / width * k)
        for word in 0..<block.count / width {
            var mean = 0.0
            for c in 0..<k { mean += Double(block[word * width + c / 4][c % 4]) / Double(k) }
            for c in 0..<k { words[word * k + c] = Double(block[word * width + c / 4][c % 4]) - mean }
        }
    }

    /// Every output multiplied by a number of its own.
    func scaled(by scales: [Double]) -> LinearParts {
        var parts = self
        func scale(_ weights: inout [Double]) {
            for i in weights.indices { weights[i] *= scales[i % scales.count] }
        }
        scale(&parts.terms)
        scale(&parts.vectors)
        scale(&parts.words)
        scale(&parts.intercepts)
        return parts
    }

    static func + (a: LinearParts, b: LinearParts) -> LinearParts {
        func sum(_ a: [Double], _ b: [Double]) -> [Double] { a.isEmpty ? b : b.isEmpty ? a : zip(a, b).map(+) }
        var parts = LinearParts(intercepts: sum(a.intercepts, b.intercepts))
        parts.terms = sum(a.terms, b.terms)
        parts.vectors = sum(a.vectors, b.vectors)
        parts.words = sum(a.words, b.words)
        return parts
    }
}
