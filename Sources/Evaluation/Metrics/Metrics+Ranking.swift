extension Metrics {
    /// How far down the ranking of labels one must go to meet all true ones, on average over articles (1 is the least possible
    /// where each has one).
    ///
    /// The number of judged labels with a probability of at least that of the least probable true label; 0 for an article without
    /// label. Tsoumakas, Katakis & Vlahavas 2010. O(articles × labels).
    public var coverageError: Double {
        meanOverArticles { positives, negatives in
            guard let lowest = positives.min() else { return 0 }
            return Double(positives.count + negatives.filter { $0 >= lowest }.count)
        }
    }

    /// The share of pairs of a true and a false label that are in the wrong order, on average over articles.
    ///
    /// Ties count as wrong, as scikit-learn has it; 0 for an article with no or all labels.
    /// Tsoumakas, Katakis & Vlahavas 2010. O(articles × labels × labels an article).
    public var rankingLoss: Double {
        meanOverArticles { positives, negatives in
            var wrong = 0
            for positive in positives { wrong += negatives.filter { $0 >= positive }.count }
            return quotient(wrong, positives.count * negatives.count)
        }
    }

    /// For each true label the share of true ones among the labels ranked at least as high, averaged within and over articles.
    ///
    /// Label ranking average precision (Tsoumakas, Katakis & Vlahavas 2010); 1 for an article with no or all labels.
    /// O(articles × labels × labels an article).
    public var labelRankingAveragePrecision: Double {
        meanOverArticles { positives, negatives in
            guard !positives.isEmpty, !negatives.isEmpty else { return 1 }
            var sum = 0.0
            for positive in positives {
                let trueCount = positives.filter { $0 >= positive }.count
                sum += quotient(trueCount, trueCount + negatives.filter { $0 >= positive }.count)
            }
            return sum / Double(positives.count)
        }
    }

    /// The mean over judged articles of a figure of the probabilities of true and of false labels; 0 without articles.
    private func meanOverArticles(_ figure: (_ positives: [Double], _ negatives: [Double]) -> Double) -> Double {
        var sum = 0.0
        var positives: [Double] = []
        var negatives: [Double] = []
        for article in judgedArticles {
            positives.removeAll(keepingCapacity: true)
            negatives.removeAll(keepingCapacity: true)
            for label in 0..<labelCount {
                switch targets[article, label] {
                case .positive: positives.append(probabilities[article * labelCount + label])
                case .negative: negatives.append(probabilities[article * labelCount + label])
                case .missing: break
                }
            }
            sum += figure(positives, negatives)
        }
        return quotient(sum, Double(judgedArticles.count))
    }
}
