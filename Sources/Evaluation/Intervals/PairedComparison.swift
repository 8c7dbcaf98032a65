import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Two sets of decisions on the same articles: how far they differ, and whether that may be chance.
///
/// All of it speaks about other articles of the same kind for these two trained models.
public struct PairedComparison: Sendable {
    private let metrics: (first: Metrics, second: Metrics)
    private let first: ArticleOutcomes
    private let second: ArticleOutcomes

    /// - Precondition: both have the same targets.
    public init(_ first: Metrics, _ second: Metrics) {
        precondition(first.targets == second.targets, "decisions on other articles")
        metrics = (first, second)
        self.first = ArticleOutcomes(first)
        self.second = ArticleOutcomes(second)
    }

    /// The figure of the second minus that of the first.
    /// - Precondition: the figure is one of decisions.
    public func difference(_ figure: HeadlineFigure) -> Double {
        precondition(figure.isOfDecisions, "\(figure) does not follow from decisions")
        return value(second, figure) - value(first, figure)
    }

    private func value(_ outcomes: ArticleOutcomes, _ figure: HeadlineFigure) -> Double {
        outcomes.counts(of: 0..<outcomes.count).value(of: figure)
    }

    /// The interval of the difference by the paired bootstrap: each resample takes the same articles for both.
    /// - Precondition: the figure is one of decisions, or a mean over articles such as the log-loss.
    public func interval(_ figure: HeadlineFigure, bootstrap: Bootstrap = Bootstrap()) -> ConfidenceInterval {
        precondition(figure.kind != .ranking, "\(figure) is not compared")
        if figure.kind == .articleMean {
            let first = ArticleMeans(metrics.first, figures: [figure])
            let second = ArticleMeans(metrics.second, figures: [figure])
            return bootstrap.intervals(
                count: first.count, figures: 1,
                onResample: { [second.values(of: $0)[0] - first.values(of: $0)[0]] },
                leavingOut: { articles in
                    zip(second.values(leavingOut: articles), first.values(leavingOut: articles)).map { [$0[0] - $1[0]] }
                })[0]
        }
        let (first, second) = (first, second)
        let intervals = bootstrap.intervals(
            count: first.count, figures: 1,
            onResample: { articles in
                [second.counts(of: articles).value(of: figure) - first.counts(of: articles).value(of: figure)]
            },
            leavingOut: { articles in
                zip(second.values(of: [figure], leavingOut: articles), first.values(of: [figure], leavingOut: articles))
                    .map { [$0[0] - $1[0]] }
            })
        return intervals[0]
    }

    /// McNemar's test on the articles that only one of the two got exactly right.
    public struct McNemarTest: Sendable, Equatable, Codable {
        /// Articles right in the first and wrong in the second.
        public let onlyFirstCount: Int
        /// Articles right in the second and wrong in the first.
        public let onlySecondCount: Int
        /// The exact two-sided probability of so uneven a division of the articles by tossing coins; 1 where there are none.
        public let pValue: Double
    }

    /// The exact test of McNemar (1947): 2 Σ_{k ≤ min} C(n, k) / 2ⁿ, at most 1. O(articles).
    public var mcNemarTest: McNemarTest {
        let onlyFirst = (0..<first.count).count { first.isExact[$0] && !second.isExact[$0] }
        let onlySecond = (0..<first.count).count { !first.isExact[$0] && second.isExact[$0] }
        return McNemarTest(
            onlyFirstCount: onlyFirst, onlySecondCount: onlySecond,
            pValue: Self.signTestProbability(min(onlyFirst, onlySecond), of: onlyFirst + onlySecond))
    }

    static func signTestProbability(_ smaller: Int, of count: Int) -> Double {
        guard 2 * smaller < count else { return 1 }
        // log C(n, k) step by step from k = 0; the sum runs from its largest term down.
        var logarithms = [-Double(count) * log(2.0)]
        for k in 0..<smaller { logarithms.append(logarithms[k] + log(Double(count - k) / Double(k + 1))) }
        return min(1, 2 * logarithms.reversed().reduce(0) { $0 + exp($1) })
    }

    /// The paired permutation test of a figure: how often would swapping the two decisions on articles, each with probability one
    /// half, give a difference at least as large?
    ///
    /// With up to 12 articles on which the two differ all swaps are tried and the probability is exact; with more it is
    /// (1 + hits) / (1 + permutations) for random swaps (Phipson & Smyth 2010), so never 0.
    /// - Complexity: O(permutations × (differing articles + labels)).
    public func permutationTest(
        _ figure: HeadlineFigure, permutations: Int = 10_000, seed: UInt64 = 0, threadCount: Int = 1
    ) -> Double {
        precondition(permutations > 0, "a test of \(permutations) permutations")
        precondition(figure.isOfDecisions, "\(figure) does not follow from decisions")
        let (first, second) = (first, second)
        let differing = (0..<first.count).filter { !first.agrees(with: second, on: $0) }
        let alike = (0..<first.count).filter { first.agrees(with: second, on: $0) }
        let base = first.counts(of: alike)
        let observed = abs(difference(figure)) - 1e-12
        /// The difference with the differing articles swapped where `swaps` says so.
        let isHit: @Sendable ((Int) -> Bool) -> Bool = { swaps in
            var counts = (base, base)
            for (position, article) in differing.enumerated() {
                let isSwapped = swaps(position)
                (isSwapped ? second : first).add(article, to: &counts.0)
                (isSwapped ? first : second).add(article, to: &counts.1)
                for label in counts.0.judged.indices {
                    counts.0.judged[label] += 1
                    counts.1.judged[label] += 1
                }
            }
            return abs(counts.1.value(of: figure) - counts.0.value(of: figure)) >= observed
        }
        if differing.count <= 12 {
            let all = 1 << differing.count
            let hits = (0..<all).count { pattern in isHit { pattern >> $0 & 1 == 1 } }
            return Double(hits) / Double(all)
        }
        let blockLength = 100
        let hits = parallelMap(count: (permutations + blockLength - 1) / blockLength, threads: threadCount) { block in
            var generator = RandomGenerator(seed: seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(block + 1))
            return (0..<min(blockLength, permutations - block * blockLength)).count { _ in
                let bits = (0...differing.count / 64).map { _ in generator.next() }
                return isHit { bits[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
            }
        }.reduce(0, +)
        return Double(1 + hits) / Double(1 + permutations)
    }
}

extension ConfidenceInterval {
    /// Whether the interval of a difference leaves out 0.
    public var showsDifference: Bool { lower > 0 || upper < 0 }

    /// The interval of a difference in words, such as "B is better by 0.031 (0.004 to 0.060)" or "no difference can be shown".
    ///
    /// - Parameter isLoss: whether the less is the better.
    public func comparison(
        of first: String, with second: String, isLoss: Bool = false, digits: Int = 3
    ) -> String {
        let size = "\(decimal(abs(estimate), digits: digits))"
        let ends = [lower, upper].map { estimate < 0 ? -$0 : $0 }.sorted().map { decimal($0, digits: digits) }
        guard showsDifference else {
            let signed = [lower, upper].map { decimal($0, digits: digits) }
            return "no difference can be shown between \(first) and \(second) "
                + "(\(decimal(estimate, digits: digits)), \(signed[0]) to \(signed[1]))"
        }
        return "\((estimate > 0) != isLoss ? second : first) is better by \(size) (\(ends[0]) to \(ends[1]))"
    }
}
