import LinearAlgebra
import TextClassification

/// Thresholds from held-out probabilities, shrunk towards one another, and how they vary with the articles.
///
/// What stands in `CrossValidatedThresholds` about the formulas holds here. In a single-label task an article counts for its most
/// probable label alone, since no other can be given.
struct ThresholdLearning {
    let parameters: CrossValidatedThresholds.Parameters
    /// The judged articles of each label by falling probability.
    private let labels: [[ThresholdSearch.Item]]
    /// Those of all labels.
    private let pooled: [ThresholdSearch.Item]
    private let articleCount: Int

    init(_ parameters: CrossValidatedThresholds.Parameters, probabilities: [Double], targets: Targets) {
        precondition(probabilities.count == targets.values.count, "probabilities of other articles")
        self.parameters = parameters
        let labelCount = targets.labelCount
        var judged = [[(probability: Double, isPositive: Bool, article: Int)]](repeating: [], count: labelCount)
        for article in 0..<targets.count {
            let row = article * labelCount
            var candidates = 0..<labelCount
            if targets.task == .single {
                var best = 0
                for label in 1..<labelCount where probabilities[row + label] > probabilities[row + best] { best = label }
                candidates = best..<best + 1
            }
            for label in candidates where targets[article, label] != .missing {
                judged[label].append((probabilities[row + label], targets[article, label] == .positive, article))
            }
        }
        labels = judged.map { ThresholdSearch.sorted($0) }
        pooled = ThresholdSearch.sorted(judged.flatMap { $0 })
        articleCount = targets.count
    }

    /// The threshold of each label, as a probability, with each article counting as often as `weights` says.
    func thresholds(weights: [Int32]? = nil) -> [Double] {
        let common = shrunkOptimum(
            pooled, weights, towards: ThresholdSearch.position(of: parameters.anchor), strength: parameters.pooledShrinkage)
        return labels.map { items in
            parameters.bounded(shrunkOptimum(items, weights, towards: common, strength: parameters.shrinkage))
        }
    }

    private func shrunkOptimum(
        _ items: [ThresholdSearch.Item], _ weights: [Int32]?, towards prior: Double, strength: Double
    ) -> Double {
        let search = ThresholdSearch(sorted: items, weights: weights)
        guard let optimum = search.optimum(for: parameters.aim, target: parameters.target) else { return prior }
        let weight = Double(search.positiveCount)
        return (weight * optimum + strength * prior) / (weight + strength)
    }

    /// How far the thresholds can be trusted, by the bootstrap with articles as units.
    ///
    /// In every resample all thresholds are learnt anew; the interval of a threshold is that of the resamples. Precision and recall of
    /// the given threshold, which on the articles that it was chosen by are too good, are lessened by the mean difference between
    /// those that a resample's threshold has on the resample and on all articles (the optimism of Efron & Tibshirani 1993, ch. 17). Their
    /// intervals are Wilson's (1927), which say something also where all of a few articles are right.
    /// - Complexity: O(resamples × articles × labels); fewer resamples are drawn where that would take seconds.
    func estimates(for thresholds: [Double], seed: UInt64, threadCount: Int) -> [ThresholdEstimate]? {
        let affordable = 20_000_000 / max(1, 2 * pooled.count)
        let count = min(parameters.resamples, max(20, affordable))
        guard parameters.resamples > 0, articleCount > 1 else { return nil }
        let draws = parallelMap(count: count, threads: threadCount) { draw in
            var generator = RandomGenerator(seed: seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(draw + 1))
            var weights = [Int32](repeating: 0, count: articleCount)
            for _ in 0..<articleCount { weights[generator.nextInt(below: articleCount)] += 1 }
            let learnt = self.thresholds(weights: weights)
            return labels.indices.map { label in
                Draw(
                    threshold: learnt[label], own: rates(label, learnt[label], weights),
                    all: rates(label, learnt[label], nil))
            }
        }
        return labels.indices.map { label in
            let own = draws.map { $0[label] }
            let apparent = rates(label, thresholds[label], nil)
            return ThresholdEstimate(
                threshold: Self.figure(thresholds[label], own.map(\.threshold)),
                precision: Self.figure(apparent.precision, of: apparent.givenCount, own, \.precision),
                recall: Self.figure(apparent.recall, of: apparent.positiveCount, own, \.recall))
        }
    }

    private struct Draw {
        let threshold: Double
        /// What the threshold achieves on the resample and on all articles.
        let own: Rates
        let all: Rates
    }

    private struct Rates {
        let hitCount: Int
        let givenCount: Int
        let positiveCount: Int

        var precision: Double? { givenCount > 0 ? Double(hitCount) / Double(givenCount) : nil }
        var recall: Double? { positiveCount > 0 ? Double(hitCount) / Double(positiveCount) : nil }
    }

    private func rates(_ label: Int, _ threshold: Double, _ weights: [Int32]?) -> Rates {
        let border = ThresholdSearch.position(of: threshold)
        var (hits, given, positives) = (0, 0, 0)
        for item in labels[label] {
            let weight = weights.map { Int($0[item.article]) } ?? 1
            if item.isPositive { positives += weight }
            guard item.logit >= border else { continue }
            given += weight
            if item.isPositive { hits += weight }
        }
        return Rates(hitCount: hits, givenCount: given, positiveCount: positives)
    }

    /// The 90 % interval of resampled values.
    private static func figure(_ value: Double, _ resampled: [Double]) -> ThresholdEstimate.Figure {
        let sorted = resampled.sorted()
        let tail = Int(0.05 * Double(sorted.count))
        return ThresholdEstimate.Figure(value: value, lower: sorted[tail], upper: sorted[sorted.count - 1 - tail])
    }

    /// A rate of so many articles lessened by the optimism, with its interval; `nil` where there is no rate.
    private static func figure(
        _ apparent: Double?, of count: Int, _ draws: [Draw], _ rate: (Rates) -> Double?
    ) -> ThresholdEstimate.Figure? {
        guard let apparent else { return nil }
        let differences = draws.compactMap { draw in
            rate(draw.own).flatMap { own in rate(draw.all).map { own - $0 } }
        }
        let optimism = differences.isEmpty ? 0 : differences.reduce(0, +) / Double(differences.count)
        let value = min(max(apparent - optimism, 0), 1)
        let square = 1.6448536269514722 * 1.6448536269514722 / Double(count)  // z² / n
        let middle = (value + square / 2) / (1 + square)
        let reach = (square * value * (1 - value) + square * square / 4).squareRoot() / (1 + square)
        return ThresholdEstimate.Figure(value: value, lower: max(0, middle - reach), upper: min(1, middle + reach))
    }
}
