extension Metrics {
    /// How far down the ranking of labels one must go to meet all true ones, on average over articles (1 is the least possible
    /// where each has one).
    ///
    /// The number of judged labels with a probability of at least that of the least probable true label; 0 for an article without
    /// label. Tsoumakas, Katakis & Vlahavas 2010. O(articles × labels).
    public var coverageError: Double { meanOverArticles(.coverageError) }

    /// The share of pairs of a true and a false label that are in the wrong order, on average over articles.
    ///
    /// Ties count as wrong, as scikit-learn has it; 0 for an article with no or all labels.
    /// Tsoumakas, Katakis & Vlahavas 2010. O(articles × labels × labels an article).
    public var rankingLoss: Double { meanOverArticles(.rankingLoss) }

    /// For each true label the share of true ones among the labels ranked at least as high, averaged within and over articles.
    ///
    /// Label ranking average precision (Tsoumakas, Katakis & Vlahavas 2010); 1 for an article with no or all labels.
    /// O(articles × labels × labels an article).
    public var labelRankingAveragePrecision: Double { meanOverArticles(.labelRankingAveragePrecision) }

    /// The mean over judged articles; 0 without articles.
    private func meanOverArticles(_ figure: HeadlineFigure) -> Double {
        quotient(judgedArticles.reduce(0) { $0 + rankingFigure(figure, of: $1) }, Double(judgedArticles.count))
    }

    /// One of the three figures above for an article alone.
    func rankingFigure(_ figure: HeadlineFigure, of article: Int) -> Double {
        var positives: [Double] = []
        var negatives: [Double] = []
        for label in 0..<labelCount {
            switch targets[article, label] {
            case .positive: positives.append(probabilities[article * labelCount + label])
            case .negative: negatives.append(probabilities[article * labelCount + label])
            case .missing: break
            }
        }
        switch figure {
        case .coverageError:
            guard let lowest = positives.min() else { return 0 }
            return Double(positives.count + negatives.count { $0 >= lowest })
        case .rankingLoss:
            let wrong = positives.reduce(0) { sum, positive in sum + negatives.count { $0 >= positive } }
            return quotient(wrong, positives.count * negatives.count)
        default:
            guard !positives.isEmpty, !negatives.isEmpty else { return 1 }
            var sum = 0.0
            for positive in positives {
                let trueCount = positives.count { $0 >= positive }
                sum += quotient(trueCount, trueCount + negatives.count { $0 >= positive })
            }
            return sum / Double(positives.count)
        }
    }
}
