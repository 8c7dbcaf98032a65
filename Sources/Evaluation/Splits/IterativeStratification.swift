import LinearAlgebra
import TextClassification

/// Divides articles into parts of given shares so that every label has about its share in each part, and groups stay whole.
///
/// The iterative stratification of Sechidis, Tsoumakas & Vlahavas, "On the stratification of multi-label data" (ECML PKDD 2011):
/// the label with the fewest articles left is dealt out first, each article to the part that still lacks most of the label, ties
/// to the part that lacks most articles, further ties at random. A group counts as one article with the sums of its members;
/// large groups are dealt out before small ones. Labels nobody judged count as negative. With one label an article this is
/// ordinary stratification: without groups, the counts of a class in parts of equal share differ by one at most.
public struct IterativeStratification: Sendable {
    /// The share of each part, positive, with the sum 1.
    public let shares: [Double]

    /// Parts of the given relative sizes.
    public init(shares: [Double]) {
        precondition(!shares.isEmpty && shares.allSatisfy { $0 > 0 && $0.isFinite }, "shares must be positive")
        let sum = shares.reduce(0, +)
        self.shares = shares.map { $0 / sum }
    }

    /// Parts of equal size.
    public init(foldCount: Int) {
        self.init(shares: Array(repeating: 1, count: foldCount))
    }

    /// The part of each article, from 0 up to (not including) the number of shares.
    ///
    /// - Parameters:
    ///   - groups: the group of each article, numbered from 0 without gaps; articles of a group come into one part. `nil` makes
    ///     every article a group.
    ///   - seed: decides ties; the same arguments give the same parts.
    /// - Complexity: O(positives × parts + labels² + groups log groups).
    public func parts(of targets: Targets, groups: [Int]? = nil, seed: UInt64) -> [Int] {
        let groups = groups ?? Array(0..<targets.count)
        precondition(groups.count == targets.count, "a group for each article")
        let items = Self.items(of: targets, groups: groups)
        var generator = RandomGenerator(seed: seed)
        let shuffled = generator.permutation(items.count)
        let order = shuffled.indices
            .sorted { (-items[shuffled[$0]].size, $0) < (-items[shuffled[$1]].size, $1) }
            .map { shuffled[$0] }
        var dealer = StratifyingDealer(shares: shares, labelCount: targets.labelCount, items: items)
        let parts = dealer.deal(order, generator: &generator)
        return groups.map { parts[$0] }
    }

    private static func items(of targets: Targets, groups: [Int]) -> [StratifyingDealer.Item] {
        var items = [StratifyingDealer.Item](repeating: .init(), count: (groups.max() ?? -1) + 1)
        var counts: [[Int: Int]] = Array(repeating: [:], count: items.count)
        for (article, group) in groups.enumerated() {
            items[group].size += 1
            for label in 0..<targets.labelCount where targets[article, label] == .positive {
                counts[group][label, default: 0] += 1
            }
        }
        for group in items.indices {
            items[group].labels = counts[group].sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        return items
    }
}

/// The state of iterative stratification: what each part has got so far.
private struct StratifyingDealer {
    /// A group of articles on its way to a part.
    struct Item {
        var size = 0
        /// Positive articles of each label that occurs in the group, in the labels' order.
        var labels: [(label: Int, count: Int)] = []
    }

    let shares: [Double]
    let labelCount: Int
    let items: [Item]
    let articleCount: Int
    var labelTotals: [Int]
    var remaining: [Int]
    var articlesOfPart: [Int]
    /// Parts × labels.
    var positivesOfPart: [Int]
    var parts: [Int]

    init(shares: [Double], labelCount: Int, items: [Item]) {
        self.shares = shares
        self.labelCount = labelCount
        self.items = items
        articleCount = items.reduce(0) { $0 + $1.size }
        labelTotals = Array(repeating: 0, count: labelCount)
        for item in items { for (label, count) in item.labels { labelTotals[label] += count } }
        remaining = labelTotals
        articlesOfPart = Array(repeating: 0, count: shares.count)
        positivesOfPart = Array(repeating: 0, count: shares.count * labelCount)
        parts = Array(repeating: -1, count: items.count)
    }

    mutating func deal(_ order: [Int], generator: inout RandomGenerator) -> [Int] {
        var itemsOfLabel: [[Int]] = Array(repeating: [], count: labelCount)
        for item in order { for (label, _) in items[item].labels { itemsOfLabel[label].append(item) } }
        while let label = rarestLabel() {
            for item in itemsOfLabel[label] where parts[item] < 0 { give(item, for: label, &generator) }
        }
        for item in order where parts[item] < 0 { give(item, for: nil, &generator) }
        return parts
    }

    private func rarestLabel() -> Int? {
        var rarest: Int?
        for label in 0..<labelCount where remaining[label] > 0 {
            if rarest.map({ remaining[label] < remaining[$0] }) ?? true { rarest = label }
        }
        return rarest
    }

    private mutating func give(_ item: Int, for label: Int?, _ generator: inout RandomGenerator) {
        var best: [Int] = []
        var bestLack = (positives: -Double.infinity, articles: -Double.infinity)
        for part in shares.indices {
            let lack = (
                positives: label.map {
                    shares[part] * Double(labelTotals[$0]) - Double(positivesOfPart[part * labelCount + $0])
                } ?? 0,
                articles: shares[part] * Double(articleCount) - Double(articlesOfPart[part])
            )
            if lack > bestLack {
                best = [part]
                bestLack = lack
            } else if lack == bestLack {
                best.append(part)
            }
        }
        let part = best.count == 1 ? best[0] : best[generator.nextInt(below: best.count)]
        parts[item] = part
        articlesOfPart[part] += items[item].size
        for (label, count) in items[item].labels {
            positivesOfPart[part * labelCount + label] += count
            remaining[label] -= count
        }
    }
}
