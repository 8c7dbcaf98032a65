import LinearAlgebra

/// Confidence intervals by drawing articles anew, with replacement (Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993).
///
/// An interval speaks about other articles of the same kind and the same model; it does not contain how the model would vary with
/// other training articles. The same settings and data give the same interval, whatever the number of threads.
public struct Bootstrap: Sendable {
    /// How an interval is read off the resampled values.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// The quantiles of the resampled values.
        case percentile
        /// Quantiles corrected for bias and for a spread that changes with the value (Efron 1987).
        case biasCorrectedAccelerated = "bca"
    }

    /// How often articles are drawn; 2000 make the ends of a 95 % interval steady to about a tenth of its width.
    public var resampleCount: Int
    /// The probability that an interval states.
    public var confidence: Double
    public var method: Method
    public var seed: UInt64
    /// How many threads may draw.
    public var threadCount: Int

    public init(
        resampleCount: Int = 2000, confidence: Double = 0.95, method: Method = .biasCorrectedAccelerated, seed: UInt64 = 0,
        threadCount: Int = 1
    ) {
        precondition(resampleCount > 0, "a bootstrap of \(resampleCount) resamples")
        precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
        self.resampleCount = resampleCount
        self.confidence = confidence
        self.method = method
        self.seed = seed
        self.threadCount = threadCount
    }

    /// The interval of each figure, judged articles being the units.
    ///
    /// A label that is missing in a resample counts as 0 in macro averages, as it would in a report; with rare labels the interval
    /// of a macro average is therefore wide, and rightly so. The interval of fewer than two articles is the estimate alone.
    /// A figure that is undefined (an average precision without positives) has no interval.
    ///
    /// For figures of rankings, which take a pass over all pairs, the jackknife of BCa leaves out groups of articles, at most 200;
    /// the acceleration is the same, since the skewness of a group's sum and the number of groups change it in opposite ways.
    /// - Complexity: O(resamples × (articles × labels of an article + figures × labels)); with figures of rankings
    ///   O(resamples × articles × labels).
    public func intervals(
        of metrics: Metrics, figures: [HeadlineFigure] = HeadlineFigure.allCases
    ) -> [HeadlineFigure: ConfidenceInterval] {
        var result: [HeadlineFigure: ConfidenceInterval] = [:]
        func add(_ figures: [HeadlineFigure], _ intervals: [ConfidenceInterval]) {
            for (figure, interval) in zip(figures, intervals) { result[figure] = interval }
        }
        let counted = figures.filter { $0.kind == .decisions }
        if !counted.isEmpty {
            let outcomes = ArticleOutcomes(metrics)
            add(
                counted,
                intervals(
                    count: outcomes.count, figures: counted.count,
                    onResample: { articles in
                        let counts = outcomes.counts(of: articles)
                        return counted.map { counts.value(of: $0) }
                    },
                    leavingOut: { outcomes.values(of: counted, leavingOut: $0) }))
        }
        let averaged = figures.filter { $0.kind == .articleMean }
        if !averaged.isEmpty {
            let means = ArticleMeans(metrics, figures: averaged)
            add(
                averaged,
                intervals(
                    count: means.count, figures: averaged.count, onResample: { means.values(of: $0) },
                    leavingOut: { means.values(leavingOut: $0) }))
        }
        let total = metrics.totalCounts
        let ranked = figures.filter { figure in
            switch figure {
            case .averagePrecision: total.support > 0
            case .rocAUC: total.support > 0 && total.support < total.judgedCount
            default: figure.kind == .ranking
            }
        }
        if !ranked.isEmpty { add(ranked, intervals(of: RankedPairs(metrics, figures: ranked), figures: ranked.count)) }
        return result
    }

    /// The intervals of one figure of each label, from the same resamples. O(resamples × articles × labels of an article).
    public func labelIntervals(
        of metrics: Metrics, _ figure: @escaping @Sendable (ConfusionCounts) -> Double
    ) -> [ConfidenceInterval] {
        let outcomes = ArticleOutcomes(metrics)
        let labelCount = metrics.labelCount
        return intervals(
            count: outcomes.count, figures: labelCount,
            onResample: { articles in
                let counts = outcomes.counts(of: articles)
                return (0..<labelCount).map { figure(counts.counts(of: $0)) }
            },
            leavingOut: { articles in
                outcomes.leavingOut(articles) { counts in (0..<labelCount).map { figure(counts.counts(of: $0)) } }
            })
    }

    private func intervals(of pairs: RankedPairs, figures figureCount: Int) -> [ConfidenceInterval] {
        let count = pairs.count
        let groupCount = min(200, count)
        return intervals(
            count: count, figures: figureCount, leftOutCount: groupCount,
            onResample: { articles in
                var weights = [Int32](repeating: 0, count: count)
                for article in articles { weights[article] += 1 }
                return pairs.values(weights: weights)
            },
            leavingOut: { groups in
                groups.map { group in
                    pairs.values(weights: (0..<count).map { $0 % groupCount == group ? 0 : 1 })
                }
            })
    }

    /// The intervals of several statistics from the same resamples.
    ///
    /// - Parameters:
    ///   - count: the number of units.
    ///   - leftOutCount: how many units, or groups of units, the jackknife leaves out in turn; `nil` for every unit.
    ///   - onResample: the statistics of the units at the given positions, some of them repeated.
    ///   - leavingOut: for each of the given units, or groups, the statistics of all others.
    func intervals(
        count: Int, figures figureCount: Int, leftOutCount: Int? = nil, onResample: @Sendable ([Int]) -> [Double],
        leavingOut: @Sendable (Range<Int>) -> [[Double]]
    ) -> [ConfidenceInterval] {
        let estimates = onResample(Array(0..<count))
        guard count > 1 else { return estimates.map { interval(around: $0, replicates: [], leftOut: []) } }
        let replicates = resampled(count: count, onResample)
        let leftOutCount = leftOutCount ?? count
        let chunkLength = leftOutCount < count ? 20 : 512
        let leftOut =
            method == .percentile
            ? []
            : parallelMap(count: (leftOutCount + chunkLength - 1) / chunkLength, threads: threadCount) { chunk in
                leavingOut(chunk * chunkLength..<min(leftOutCount, (chunk + 1) * chunkLength))
            }.flatMap { $0 }
        return (0..<figureCount).map { figure in
            interval(
                around: estimates[figure], replicates: replicates.map { $0[figure] }, leftOut: leftOut.map { $0[figure] })
        }
    }

    /// The statistics of every resample. Each block of resamples has its own generator, so that blocks may run side by side.
    func resampled<Value: Sendable>(count: Int, _ statistic: @Sendable ([Int]) -> Value) -> [Value] {
        let blockLength = 50
        return parallelMap(count: (resampleCount + blockLength - 1) / blockLength, threads: threadCount) { block in
            var generator = RandomGenerator(seed: seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(block + 1))
            var articles = [Int](repeating: 0, count: count)
            return (0..<min(blockLength, resampleCount - block * blockLength)).map { _ in
                for position in articles.indices { articles[position] = generator.nextInt(below: count) }
                return statistic(articles)
            }
        }.flatMap { $0 }
    }

    /// The interval that follows from resampled values and, for BCa, from the values with each unit left out.
    ///
    /// With z₀ = Φ⁻¹(share of replicates below the estimate, ties half) and a = Σ d³ / (6 (Σ d²)^{3/2}) of the jackknife's
    /// deviations d = mean − value, the ends are the replicates' quantiles at Φ(z₀ + (z₀ + z)/(1 − a (z₀ + z))) for z = ±Φ⁻¹ of
    /// the confidence.
    func interval(around estimate: Double, replicates: [Double], leftOut: [Double]) -> ConfidenceInterval {
        let sorted = replicates.sorted()
        guard let least = sorted.first, let greatest = sorted.last else {
            return ConfidenceInterval(estimate: estimate, lower: estimate, upper: estimate, confidence: confidence)
        }
        let tail = (1 - confidence) / 2
        var levels = (lower: tail, upper: 1 - tail)
        if method == .biasCorrectedAccelerated, least < greatest {
            let below = Double(sorted.count { $0 < estimate }) + Double(sorted.count { $0 == estimate }) / 2
            let half = 0.5 / Double(sorted.count)
            let bias = NormalDistribution.quantile(min(max(below / Double(sorted.count), half), 1 - half))
            let acceleration = Self.acceleration(leftOut)
            func adjusted(_ level: Double) -> Double {
                let z = bias + NormalDistribution.quantile(level)
                let divisor = 1 - acceleration * z
                return divisor > 0 ? NormalDistribution.cumulative(bias + z / divisor) : level
            }
            levels = (adjusted(tail), adjusted(1 - tail))
        }
        return ConfidenceInterval(
            estimate: estimate, lower: Self.quantile(of: sorted, levels.lower), upper: Self.quantile(of: sorted, levels.upper),
            confidence: confidence)
    }

    private static func acceleration(_ leftOut: [Double]) -> Double {
        let mean = quotient(leftOut.reduce(0, +), Double(leftOut.count))
        var squares = 0.0
        var cubes = 0.0
        for value in leftOut {
            let deviation = mean - value
            squares += deviation * deviation
            cubes += deviation * deviation * deviation
        }
        return quotient(cubes, 6 * squares * squares.squareRoot())
    }

    /// The quantile of ascending values, linear between neighbours (Hyndman & Fan's definition 7, NumPy's default).
    static func quantile(of sorted: [Double], _ level: Double) -> Double {
        let position = min(max(level, 0), 1) * Double(sorted.count - 1)
        let below = Int(position.rounded(.down))
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
}
