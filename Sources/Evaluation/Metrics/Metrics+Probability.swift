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
    public var logLoss: Double { mean { logLoss(of: $0) } }

    /// The sum of the losses of an article, and of how many.
    func logLoss(of article: Int) -> (sum: Double, weight: Double) {
        func loss(_ probability: Double) -> Double {
            -log(min(max(probability, Double.ulpOfOne), 1 - Double.ulpOfOne))
        }
        switch targets.task {
        case .single:
            guard let truth = targets.classIndex(of: article) else { return (0, 0) }
            return (loss(probabilities[article * labelCount + truth]), 1)
        case .multi:
            return sum(of: article) { probability, isPositive in
                isPositive ? loss(probability) : -log(min(max(1 - probability, Double.ulpOfOne), 1))
            }
        }
    }

    /// The mean squared distance of probabilities and truth (Brier 1950).
    ///
    /// Single-label: summed over the labels of an article, so in 0...2 (scikit-learn halves it for two classes).
    /// Multi-label: per judged pair, so in 0...1. O(articles × labels).
    public var brierScore: Double { mean { brierScore(of: $0) } }

    /// The sum of the squares of an article, and the number by which their sum is divided.
    func brierScore(of article: Int) -> (sum: Double, weight: Double) {
        let (sum, count) = sum(of: article) { probability, isPositive in
            let difference = probability - (isPositive ? 1 : 0)
            return difference * difference
        }
        return (sum, targets.task == .single ? 1 : count)
    }

    /// The sum of a figure over the judged labels of an article, and their number.
    private func sum(of article: Int, _ figure: (Double, Bool) -> Double) -> (sum: Double, weight: Double) {
        var (sum, count) = (0.0, 0.0)
        for label in 0..<labelCount where targets[article, label] != .missing {
            sum += figure(probabilities[article * labelCount + label], targets[article, label] == .positive)
            count += 1
        }
        return (sum, count)
    }

    private func mean(_ part: (Int) -> (sum: Double, weight: Double)) -> Double {
        var (sum, weight) = (0.0, 0.0)
        for article in judgedArticles {
            let part = part(article)
            sum += part.sum
            weight += part.weight
        }
        return quotient(sum, weight)
    }
}
