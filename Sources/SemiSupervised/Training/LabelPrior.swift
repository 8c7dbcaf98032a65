#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How frequent the classes of a single-label task are in the archive.
struct LabelPrior: Sendable {
    private let choice: SemiSupervisedParameters.Prior
    /// How many labelled articles each class has.
    private let counts: [Double]

    /// - Parameter classes: those of the labelled articles.
    init(_ choice: SemiSupervisedParameters.Prior, classes: [Int], classCount: Int) {
        self.choice = choice
        var counts = [Double](repeating: 0, count: classCount)
        for c in classes { counts[c] += 1 }
        self.counts = counts
    }

    /// Whether the labelled articles rather were picked, so many of each class as there were, than taken at random from an archive of
    /// these shares: whether their counts are at least as likely under equal shares.
    func isPicked(_ shares: [Double]) -> Bool {
        let equal = -log(Double(counts.count))
        return zip(counts, shares).reduce(0) { $0 + $1.0 * (log(max($1.1, 1e-12)) - equal) } <= 1e-9
    }

    /// How skewed shares are, in nats from equal ones, when half of their logarithm is believed.
    private static let doubtedSkew = 0.2

    /// The shares of the classes, from scores under equal priors (articles × classes). Estimated: those of `estimated`, drawn towards
    /// equal ones.
    func shares(_ scores: [Double], rowCount: Int) -> [Double] {
        let shares = estimated(scores, rowCount: rowCount)
        switch choice {
        case .uniform, .labels: return shares
        case .archive: return Self.drawn(shares)
        case .automatic: return isPicked(shares) ? Self.drawn(shares) : own
        }
    }

    /// The shares as they are found on the archive: π = mean of softmax(score), the first step of Saerens, Latinne & Decaestecker (2002);
    /// one step only, since small classes die out on the way to the fixed point. Where nothing is to be estimated, those that are
    /// to be taken.
    func estimated(_ scores: [Double], rowCount: Int) -> [Double] {
        let equal = [Double](repeating: 1 / Double(counts.count), count: counts.count)
        switch choice {
        case .uniform: return equal
        case .labels: return own
        case .archive, .automatic:
            return ScoreTable.columnMeans(Self.posteriors(scores, equal), rowCount: rowCount, classCount: counts.count)
        }
    }

    /// The shares among the labelled articles, with one smoothing article a class.
    private var own: [Double] { counts.map { ($0 + 1) / (counts.reduce(0, +) + Double(counts.count)) } }

    /// Shares drawn towards equal ones, the more the nearer they are to them: π^γ, normalised, with γ = D / (D + 0.2) and D = Σ π ln(π K). What
    /// differs a little from equal shares is rather the noise of few labels; a real skew is large.
    static func drawn(_ shares: [Double]) -> [Double] {
        let k = Double(shares.count)
        let skew = max(0, shares.reduce(0) { $0 + ($1 > 0 ? $1 * log($1 * k) : 0) })
        let power = skew / (skew + doubtedSkew)
        let powers = shares.map { exp(power * log(max($0, 1e-12))) }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    /// Posteriors under the estimated shares.
    func posteriors(_ scores: [Double], rowCount: Int) -> [Double] {
        Self.posteriors(scores, shares(scores, rowCount: rowCount))
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
