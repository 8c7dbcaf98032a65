import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Log-odds z = a·s + b of scores s, by the likelihood of held-out judgements with Platt's smoothed targets (Platt 2000; solved by
/// Newton's method, Lin, Lin & Weng 2007).
struct PlattLine: Sendable, Equatable {
    var slope: Double
    var intercept: Double

    init(slope: Double = 1, intercept: Double = 0) {
        self.slope = slope
        self.intercept = intercept
    }

    /// The line for scores and judgements in the same order. O(scores) a step.
    init(scores: [Double], judgements: [Bool]) {
        self.init()
        let positives = Double(judgements.count { $0 })
        let negatives = Double(judgements.count) - positives
        guard positives > 0, negatives > 0 else { return }
        let high = (positives + 1) / (positives + 2)
        let low = 1 / (negatives + 2)
        func loss(_ a: Double, _ b: Double) -> Double {
            var sum = 0.0
            for (score, judgement) in zip(scores, judgements) {
                let z = a * score + b
                sum += softplus(z) - (judgement ? high : low) * z
            }
            return sum
        }
        var (a, b) = (0.0, log((positives + 1) / (negatives + 1)))
        var value = loss(a, b)
        for _ in 0..<100 {
            var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 1e-10, 0.0, 1e-10)
            for (score, judgement) in zip(scores, judgements) {
                let probability = sigmoid(a * score + b)
                let difference = probability - (judgement ? high : low)
                let curvature = probability * (1 - probability)
                ga += difference * score
                gb += difference
                haa += curvature * score * score
                hab += curvature * score
                hbb += curvature
            }
            let determinant = haa * hbb - hab * hab
            guard determinant > 0, abs(ga) + abs(gb) > 1e-9 * Double(scores.count) else { break }
            let (da, db) = (-(hbb * ga - hab * gb) / determinant, -(haa * gb - hab * ga) / determinant)
            var step = 1.0
            while step > 1e-6, loss(a + step * da, b + step * db) > value { step /= 2 }
            guard step > 1e-6 else { break }
            (a, b) = (a + step * da, b + step * db)
            value = loss(a, b)
        }
        // A score that speaks against its label on held-out articles says nothing.
        if a > 0 { (slope, intercept) = (a, b) } else { (slope, intercept) = (0, log((positives + 1) / (negatives + 1))) }
    }

    func callAsFunction(_ score: Double) -> Double { slope * score + intercept }

    /// The line of a linear function.
    func callAsFunction(_ parts: LinearParts) -> LinearParts {
        var line = parts.scaled(by: [Double](repeating: slope, count: parts.intercepts.count))
        for c in line.intercepts.indices { line.intercepts[c] += intercept }
        return line
    }
}
