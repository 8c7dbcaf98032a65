#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Metrics {
    /// The mean negative logarithm of the probability of the truth.
    ///
    /// Single-label: −ln p of the true class, over articles that have one. Multi-label: −ln p of each true and −ln (1 − p) of each
    /// false label, over judged pairs. Probabilities are kept within ε ... 1 − ε with ε = 2⁻⁵². O(articles × labels).
    public var logLoss: Double {
        func loss(_ probability: Double) -> Double {
            -log(min(max(probability, Double.ulpOfOne), 1 - Double.ulpOfOne))
        }
        var sum = 0.0
        var count = 0
        switch targets.task {
        case .single:
            for article in 0..<targets.count {
                guard let truth = targets.classIndex(of: article) else { continue }
                sum += loss(probabilities[article * labelCount + truth])
                count += 1
            }
        case .multi:
            for (probability, isPositive) in judged(labels: 0..<labelCount) {
                sum += isPositive ? loss(probability) : -log(min(max(1 - probability, Double.ulpOfOne), 1))
                count += 1
            }
        }
        return quotient(sum, Double(count))
    }

    /// The mean squared distance of probabilities and truth (Brier 1950).
    ///
    /// Single-label: summed over the labels of an article, so in 0...2 (scikit-learn halves it for two classes).
    /// Multi-label: per judged pair, so in 0...1. O(articles × labels).
    public var brierScore: Double {
        var sum = 0.0
        let judged = judged(labels: 0..<labelCount)
        for (probability, isPositive) in judged {
            let difference = probability - (isPositive ? 1 : 0)
            sum += difference * difference
        }
        return quotient(sum, Double(targets.task == .single ? judgedArticles.count : judged.count))
    }
}
