import TextClassification

/// Folds for cross-validation that can be trusted: stratified by label, with duplicates kept in one fold.
///
/// Exact and near duplicates (see `DuplicateGroups`), and articles of the same source where `groups` names one, never stand on
/// both sides of a division. The folds are fixed by corpus, fold count and seed, whatever the number of threads.
public struct StandardFolds: FoldAssigner {
    /// What may not be divided, such as the outlet, by the article's identifier; articles of the same value stay together.
    public var groups: [String: String]
    /// Whether duplicates are looked for.
    public var joinsDuplicates: Bool
    /// How many threads may look for them.
    public var threadCount: Int

    public init(groups: [String: String] = [:], joinsDuplicates: Bool = true, threadCount: Int = 1) {
        self.groups = groups
        self.joinsDuplicates = joinsDuplicates
        self.threadCount = threadCount
    }

    /// The fold of each article.
    ///
    /// `nil` when no label has positive articles in two groups, so that every division would leave one side without any. There
    /// are never more folds than groups, so the largest fold number may be less than `foldCount - 1`.
    public func folds(of corpus: Corpus, foldCount: Int, seed: UInt64) -> [Int]? {
        let grouping = articleGroups(of: corpus)
        let usedCount = min(foldCount, grouping.groupCount)
        guard usedCount >= 2, Self.canBeDivided(corpus.targets, grouping.groups) else { return nil }
        return IterativeStratification(foldCount: usedCount).parts(of: corpus.targets, groups: grouping.groups, seed: seed)
    }

    /// The groups of articles that must not be divided.
    public func articleGroups(of corpus: Corpus) -> DuplicateGroups {
        var joined =
            joinsDuplicates
            ? DuplicateGroups(of: corpus.articles, threadCount: threadCount) : DuplicateGroups(articleCount: corpus.count)
        if !groups.isEmpty { joined.join(corpus.identifiers.map { groups[$0] }) }
        return joined
    }

    /// Whether some label has positive articles in two groups.
    static func canBeDivided(_ targets: Targets, _ groups: [Int]) -> Bool {
        var firstGroup = [Int](repeating: -1, count: targets.labelCount)
        for article in 0..<targets.count {
            for label in 0..<targets.labelCount where targets[article, label] == .positive {
                if firstGroup[label] < 0 {
                    firstGroup[label] = groups[article]
                } else if firstGroup[label] != groups[article] {
                    return true
                }
            }
        }
        return false
    }
}
