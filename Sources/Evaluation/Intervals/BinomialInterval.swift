/// The exact interval of a share: Clopper & Pearson, "The use of confidence or fiducial limits" (1934).
enum BinomialInterval {
    /// The ends, quantiles of beta distributions, by bisection; 0...1 for no trials.
    static func exact(_ successes: Int, of count: Int, confidence: Double = 0.95) -> (lower: Double, upper: Double) {
        guard count > 0 else { return (0, 1) }
        let tail = (1 - confidence) / 2
        let (k, n) = (Double(successes), Double(count))
        return (
            successes == 0 ? 0 : quantile(tail, k, n - k + 1), successes == count ? 1 : quantile(1 - tail, k + 1, n - k)
        )
    }

    /// The x with I_x(a, b) = p.
    private static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while high - low > 1e-14 {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if StudentDistribution.regularizedBeta(middle, a, b) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

extension ConfidenceInterval {
    /// A share of so many trials with its exact interval of 95 %.
    init(share successes: Int, of count: Int) {
        let (lower, upper) = BinomialInterval.exact(successes, of: count)
        self.init(estimate: quotient(successes, count), lower: lower, upper: upper, confidence: 0.95)
    }
}
