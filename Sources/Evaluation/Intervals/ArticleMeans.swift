/// Figures that are means over articles, or over their judged labels: numerators and denominators of each article.
struct ArticleMeans: Sendable {
    /// Judged articles × figures.
    private let numerators: [Double]
    private let denominators: [Double]
    private let figureCount: Int
    let count: Int

    init(_ metrics: Metrics, figures: [HeadlineFigure]) {
        var numerators: [Double] = []
        var denominators: [Double] = []
        for article in metrics.judgedArticles {
            for figure in figures {
                let (sum, weight) = metrics.part(of: figure, article: article)
                numerators.append(sum)
                denominators.append(weight)
            }
        }
        self.numerators = numerators
        self.denominators = denominators
        figureCount = figures.count
        count = metrics.judgedArticles.count
    }

    /// The sums of numerators, then of denominators.
    private func sums(of articles: some Sequence<Int>) -> [Double] {
        var sums = [Double](repeating: 0, count: 2 * figureCount)
        for article in articles {
            for figure in 0..<figureCount {
                sums[figure] += numerators[article * figureCount + figure]
                sums[figureCount + figure] += denominators[article * figureCount + figure]
            }
        }
        return sums
    }

    func values(of articles: some Sequence<Int>) -> [Double] {
        let sums = sums(of: articles)
        return (0..<figureCount).map { quotient(sums[$0], sums[figureCount + $0]) }
    }

    /// The values with each of the given articles left out in turn. O(articles × figures).
    func values(leavingOut articles: Range<Int>) -> [[Double]] {
        let sums = sums(of: 0..<count)
        return articles.map { article in
            (0..<figureCount).map { figure in
                quotient(
                    sums[figure] - numerators[article * figureCount + figure],
                    sums[figureCount + figure] - denominators[article * figureCount + figure])
            }
        }
    }
}

extension Metrics {
    /// What an article adds to the numerator and the denominator of a figure that is a mean.
    fileprivate func part(of figure: HeadlineFigure, article: Int) -> (sum: Double, weight: Double) {
        switch figure {
        case .jaccard: (jaccard(of: article), 1)
        case .coverageError, .rankingLoss, .labelRankingAveragePrecision: (rankingFigure(figure, of: article), 1)
        case .logLoss: logLoss(of: article)
        case .brierScore: brierScore(of: article)
        default: (0, 0)
        }
    }
}
