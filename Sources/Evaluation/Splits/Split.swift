import LinearAlgebra
import TextClassification

/// Articles to train with and articles to test with, by position, both ascending. They share none.
public struct Split: Sendable, Equatable {
    public let training: [Int]
    public let test: [Int]

    public init(training: [Int], test: [Int]) {
        self.training = training
        self.test = test
    }

    /// The split whose test articles are those of a part, the training articles all others.
    public init(testing part: Int, of parts: [Int]) {
        self.init(
            training: parts.indices.filter { parts[$0] != part }, test: parts.indices.filter { parts[$0] == part })
    }

    /// A split for each fold, which is tested with once.
    public static func crossValidation(folds: [Int]) -> [Split] {
        (0..<((folds.max() ?? -1) + 1)).map { Split(testing: $0, of: folds) }
    }

    /// Independent stratified splits, each with about `testShare` of the articles of every label for the test.
    ///
    /// - Parameters:
    ///   - groups: the group of each article, numbered from 0 without gaps; a group is never divided. `DuplicateGroups` keeps
    ///     duplicates together, a field such as the outlet shows how a classifier does on outlets it has not seen.
    ///   - seed: the same arguments give the same splits.
    /// - Complexity: O(repetitions × (positives + labels² + groups log groups)).
    public static func repeatedStratified(
        _ targets: Targets, groups: [Int]? = nil, testShare: Double = 0.2, repetitions: Int = 1, seed: UInt64 = 0
    ) -> [Split] {
        precondition(testShare > 0 && testShare < 1, "a test share of \(testShare)")
        let stratification = IterativeStratification(shares: [1 - testShare, testShare])
        var seeds = RandomGenerator(seed: seed)
        return (0..<repetitions).map { _ in
            Split(testing: 1, of: stratification.parts(of: targets, groups: groups, seed: seeds.next()))
        }
    }

    /// The split by time: the latest articles, about `testShare` of those with a date, are for the test.
    ///
    /// Dates are compared as text, which is right for ISO 8601. Articles of the same date stay on one side, for the test if the
    /// border falls among them; articles without a date are in neither part. With `groups`, articles of a group whose members lie
    /// on both sides are taken out of the test.
    ///
    /// - Returns: `nil` when fewer than two distinct dates are known.
    /// - Complexity: O(n log n).
    public static func timeOrdered(dates: [String?], testShare: Double = 0.2, groups: [Int]? = nil) -> Split? {
        precondition(testShare > 0 && testShare < 1, "a test share of \(testShare)")
        let known = dates.compactMap { $0 }.sorted()
        guard let first = known.first, let last = known.last, first < last else { return nil }
        let position = min(max(1, Int((Double(known.count) * (1 - testShare)).rounded())), known.count - 1)
        // The earliest articles always train, so a border among them moves to the next date.
        let border = known[position] > first ? known[position] : known.first { $0 > first } ?? last
        var training: [Int] = []
        var test: [Int] = []
        for (article, date) in dates.enumerated() {
            guard let date else { continue }
            if date < border { training.append(article) } else { test.append(article) }
        }
        if let groups {
            let seen = Set(training.map { groups[$0] })
            test.removeAll { seen.contains(groups[$0]) }
        }
        return Split(training: training, test: test)
    }
}
