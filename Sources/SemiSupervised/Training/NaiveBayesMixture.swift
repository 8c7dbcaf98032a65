import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Multinomial naive Bayes over components, some of which may belong to no class: the two steps of expectation maximisation (Nigam,
/// McCallum, Thrun & Mitchell 2000) on tempered counts X.
struct NaiveBayesMixture: Sendable {
    /// Smoothing: this share of the components' mean mass is added to each, half of it spread as in the archive, half evenly.
    var smoothing = 0.3

    /// ln θ, features × components in rows of vectors of four, given the responsibilities R (articles × components, one row after
    /// another) and the articles' weights m:
    ///
    ///     N_c = Σ_i m_i R_ic X_i;   N_c += smoothing · mean_c |N_c| · (½ archive + ½ / V);   θ_c = N_c / |N_c|
    func logProbabilities(
        _ responsibilities: [Double], weights: [Double], componentCount: Int, counts: TemperedCounts, threads: Int
    ) -> [SIMD4<Float>] {
        let width = FeatureBlock.width(componentCount)
        var packed = [SIMD4<Float>](repeating: .zero, count: counts.block.rowCount * width)
        do {
            var output = packed.mutableSpan
            for article in 0..<counts.block.rowCount {
                for c in 0..<componentCount {
                    let value = responsibilities[article * componentCount + c] * weights[article]
                    output[article * width + c / 4][c % 4] = Float(value)
                }
            }
        }
        var sums = counts.block.transposedProduct(packed, width: width, threads: threads)
        let featureCount = counts.block.featureCount
        var totals = [Double](repeating: 0, count: componentCount)
        for feature in 0..<featureCount {
            for c in 0..<componentCount { totals[c] += Double(sums[feature * width + c / 4][c % 4]) }
        }
        let mass = smoothing * totals.reduce(0, +) / Double(componentCount)
        let archiveTotal = max(counts.sums.reduce(0, +), .leastNormalMagnitude)
        let logTotals = totals.map { log($0 + mass) }
        var output = sums.mutableSpan
        for feature in 0..<featureCount {
            let background = mass * (0.5 * counts.sums[feature] / archiveTotal + 0.5 / Double(featureCount))
            for c in 0..<componentCount {
                let value = Double(output[feature * width + c / 4][c % 4]) + background
                output[feature * width + c / 4][c % 4] = Float(log(max(value, 1e-30)) - logTotals[c])
            }
        }
        return sums
    }

    /// X · ln θ, articles × components.
    func logLikelihoods(
        _ logProbabilities: [SIMD4<Float>], componentCount: Int, counts: TemperedCounts, threads: Int
    ) -> [Double] {
        ScoreTable.unpacked(
            counts.block.product(
                logProbabilities, width: FeatureBlock.width(componentCount), threads: threads),
            classCount: componentCount, adding: [Double](repeating: 0, count: componentCount))
    }
}
