#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How frequent the classes of a single-label task are in the archive.
struct LabelPrior: Sendable {
    private let steps: Int
    private let start: [Double]

    /// - Parameter classes: those of the labelled articles.
    init(_ choice: SemiSupervisedParameters.Prior, classes: [Int], classCount: Int) {
        var counts = [Double](repeating: 0, count: classCount)
        for c in classes { counts[c] += 1 }
        let uniform = [Double](repeating: 1 / Double(classCount), count: classCount)
        // One smoothing article a class.
        let shares = counts.map { ($0 + 1) / (Double(classes.count) + Double(classCount)) }
        switch choice {
        case .uniform: (steps, start) = (0, uniform)
        case .labels: (steps, start) = (0, shares)
        case .archive: (steps, start) = (2, uniform)
        case .automatic:
            (steps, start) = Self.isBalanced(counts) ? (2, uniform) : (0, shares)
        }
    }

    /// Whether the counts are more alike than those of articles taken at random would be even if all classes were equally frequent:
    /// their variance is below half the mean, where chance alone would make it equal to the mean.
    static func isBalanced(_ counts: [Double]) -> Bool {
        let mean = counts.reduce(0, +) / Double(max(1, counts.count))
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, counts.count))
        return variance <= 0.5 * mean
    }

    /// The shares of the classes, from scores under equal priors (articles × classes): π ← mean of softmax(score + ln π K), so many
    /// times (Saerens, Latinne & Decaestecker 2002; two steps, since small classes die out on the way to the fixed point).
    func shares(_ scores: [Double], rowCount: Int) -> [Double] {
        var shares = start
        for _ in 0..<steps {
            shares = ScoreTable.columnMeans(
                Self.posteriors(scores, shares), rowCount: rowCount, classCount: shares.count)
        }
        return shares
    }

    /// Posteriors under the estimated shares. The two steps give these beside the shares of the last one.
    func posteriors(_ scores: [Double], rowCount: Int) -> [Double] {
        guard steps > 0 else { return Self.posteriors(scores, start) }
        var shares = start
        var posteriors: [Double] = []
        for _ in 0..<steps {
            posteriors = Self.posteriors(scores, shares)
            shares = ScoreTable.columnMeans(posteriors, rowCount: rowCount, classCount: shares.count)
        }
        return posteriors
    }

    static func posteriors(_ scores: [Double], _ shares: [Double]) -> [Double] {
        let k = shares.count
        let bias = shares.map { log(max($0 * Double(k), 1e-12)) }
        var table = scores
        for i in table.indices { table[i] += bias[i % k] }
        ScoreTable.softmaxRows(&table, classCount: k)
        return table
    }
}
