/// Operations on blocks of single-precision weights: for every feature a row of `width` vectors of four outputs.
enum DualWeights {
    /// Σ_j w_jc² for every output c, padding included; sums in a fixed order.
    static func squaredNorms(_ weights: [SIMD4<Float>], width: Int) -> [Double] {
        var norms = [Double](repeating: 0, count: 4 * width)
        var sums = [SIMD4<Float>](repeating: .zero, count: width)
        let featureCount = width > 0 ? weights.count / width : 0
        for start in stride(from: 0, to: featureCount, by: 1024) {
            for v in 0..<width { sums[v] = .zero }
            for j in start..<min(start + 1024, featureCount) {
                for v in 0..<width { sums[v] += weights[j * width + v] * weights[j * width + v] }
            }
            for c in 0..<(4 * width) { norms[c] += Double(sums[c / 4][c % 4]) }
        }
        return norms
    }

    /// The weights in double precision without the padding, [feature][output].
    static func unpadded(_ weights: [SIMD4<Float>], width: Int, outputCount: Int) -> [Double] {
        var result: [Double] = []
        let featureCount = width > 0 ? weights.count / width : 0
        result.reserveCapacity(featureCount * outputCount)
        for j in 0..<featureCount {
            for c in 0..<outputCount { result.append(Double(weights[j * width + c / 4][c % 4])) }
        }
        return result
    }
}
