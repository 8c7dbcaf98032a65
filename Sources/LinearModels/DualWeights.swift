/// Operations on blocks of single-precision weights: for every feature a row of `width` vectors of four outputs.
enum DualWeights {
    /// Σ_j w_jc² for every output c, padding included; sums in a fixed order.
    static func squaredNorms(_ weights: [SIMD4<Float>], width: Int) -> [Double] {
        var norms = [Double](repeating: 0, count: 4 * width)
        let featureCount = width > 0 ? weights.count / width : 0
        let weights = weights.span
        for start in stride(from: 0, to: featureCount, by: 1024) {
            for v in 0..<width {
                var sum = SIMD4<Float>.zero
                for j in start..<min(start + 1024, featureCount) { sum += weights[j * width + v] * weights[j * width + v] }
                for lane in 0..<4 { norms[4 * v + lane] += Double(sum[lane]) }
            }
        }
        return norms
    }

    /// The weights without the padding, [feature][output].
    static func unpadded(_ weights: [SIMD4<Float>], width: Int, outputCount: Int) -> [Float] {
        let featureCount = width > 0 ? weights.count / width : 0
        var result = [Float](largeRepeating: 0, count: featureCount * outputCount)
        unpad(weights, width: width, outputCount: outputCount, into: &result, first: 0, of: outputCount)
        return result
    }

    /// Writes the weights without the padding to the outputs from `first` on of `result`, which has `totalCount` for every feature.
    static func unpad(
        _ weights: [SIMD4<Float>], width: Int, outputCount: Int, into result: inout [Float], first: Int, of totalCount: Int
    ) {
        let featureCount = width > 0 ? weights.count / width : 0
        let weights = weights.span
        var result = result.mutableSpan
        for j in 0..<featureCount {
            let place = j * totalCount + first
            for v in 0..<width {
                let four = weights[j * width + v]
                let c = 4 * v
                if c < outputCount { result[place + c] = four.x }
                if c + 1 < outputCount { result[place + c + 1] = four.y }
                if c + 2 < outputCount { result[place + c + 2] = four.z }
                if c + 3 < outputCount { result[place + c + 3] = four.w }
            }
        }
    }
}
