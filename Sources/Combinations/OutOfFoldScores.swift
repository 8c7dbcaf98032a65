import Evaluation
import LinearAlgebra
import TextClassification

/// The scores that members gave to articles that they were fitted without.
///
/// A member that was fitted without any article of a label says nothing about it. Its score of the label is the lowest that it gave to
/// the article in a single-label task, and in a multi-label one the mean of what members of other folds gave; the judgement on the label is taken back for those
/// articles, so that nobody learns from it.
struct OutOfFoldScores {
    /// For every member articles × labels.
    private(set) var scores: [[Double]]
    /// Without judgements on labels that could not be learnt.
    private(set) var targets: Targets
    /// The articles and labels of which no member could know anything, articles × labels.
    private var isUnknown: [Bool]

    init(memberCount: Int, targets: Targets) {
        self.targets = targets
        scores = Array(repeating: Array(repeating: 0, count: targets.values.count), count: memberCount)
        isUnknown = Array(repeating: false, count: targets.values.count)
    }

    mutating func set(_ found: [Double], of articles: [Int], member: Int) {
        let labelCount = targets.labelCount
        for (position, article) in articles.enumerated() {
            for label in 0..<labelCount {
                scores[member][article * labelCount + label] = found[position * labelCount + label]
            }
        }
    }

    /// Marks what the members of a fold could not learn.
    mutating func removeJudgements(on articles: [Int], labelsLearnable: [Bool]) {
        for label in 0..<targets.labelCount where !labelsLearnable[label] {
            for article in articles {
                isUnknown[article * targets.labelCount + label] = true
                targets.removeJudgement(article: article, label: label)
            }
        }
    }

    /// Replaces the scores of what members could not know.
    func imputed() -> OutOfFoldScores {
        guard isUnknown.contains(true) else { return self }
        var imputed = self
        let labelCount = targets.labelCount
        for member in scores.indices {
            let means = (0..<labelCount).map { label in mean(member, label) }
            for article in 0..<targets.count {
                let places = article * labelCount..<(article + 1) * labelCount
                let known = places.filter { !isUnknown[$0] }.map { scores[member][$0] }
                for place in places where isUnknown[place] {
                    imputed.scores[member][place] =
                        targets.task == .single ? known.min() ?? 0 : means[place - places.lowerBound]
                }
            }
        }
        return imputed
    }

    private func mean(_ member: Int, _ label: Int) -> Double {
        var (sum, count) = (0.0, 0)
        for place in stride(from: label, to: isUnknown.count, by: targets.labelCount) where !isUnknown[place] {
            sum += scores[member][place]
            count += 1
        }
        return count > 0 ? sum / Double(count) : 0
    }

    /// The fold of each article: stratified by label, identical articles in one fold.
    ///
    /// Neither repetitions of articles nor articles without any label change the folds of those before them, so that what is learnt about a label does
    /// not depend on articles that say nothing about it.
    ///
    /// `nil` where there are fewer than two different rows.
    /// - Complexity: O(elements + positives · folds + labels²).
    static func folds(_ rows: SparseMatrix, _ targets: Targets, foldCount: Int, seed: UInt64) -> [Int]? {
        struct Row: Hashable {
            let columns: ArraySlice<Int32>
            let values: [UInt32]
        }
        struct LabelledRow: Hashable {
            let group: Int
            let labels: ArraySlice<Int8>
        }
        var groups: [Row: Int] = [:]
        var items: [LabelledRow: Int] = [:]
        var groupOfItem: [Int] = []
        var distinct: [Int] = []
        let labelCount = targets.labelCount
        let itemOfArticle = (0..<rows.rowCount).map { article in
            let elements = rows.row(article)
            let row = Row(columns: rows.columnIndices[elements], values: rows.values[elements].map(\.bitPattern))
            let group = groups[row] ?? groups.count
            groups[row] = group
            let labelled = LabelledRow(
                group: group, labels: targets.values[article * labelCount..<(article + 1) * labelCount])
            if let item = items[labelled] { return item }
            items[labelled] = distinct.count
            groupOfItem.append(group)
            distinct.append(article)
            return distinct.count - 1
        }
        let usedCount = min(foldCount, groups.count)
        guard usedCount >= 2 else { return nil }
        let distinctTargets = targets.selecting(distinct)
        return partsByGroup(distinctTargets, groupOfItem, groupCount: groups.count, foldCount: usedCount, seed: seed)
            .map { parts in itemOfArticle.map { parts[groupOfItem[$0]] } }
    }

    /// The fold of each group: those with a label by stratification, the others in turn, in a random order of the folds each time.
    private static func partsByGroup(
        _ targets: Targets, _ groups: [Int], groupCount: Int, foldCount: Int, seed: UInt64
    ) -> [Int]? {
        let labelCount = targets.labelCount
        var hasLabel = [Bool](repeating: false, count: groupCount)
        for (place, value) in targets.values.enumerated() where value == 1 { hasLabel[groups[place / labelCount]] = true }
        let labelled = groups.indices.filter { hasLabel[groups[$0]] }
        // Groups are numbered by their first item.
        var numbers: [Int: Int] = [:]
        let numbered = labelled.map { item in
            let number = numbers[groups[item]] ?? numbers.count
            numbers[groups[item]] = number
            return number
        }
        let parts = IterativeStratification(foldCount: foldCount).parts(
            of: targets.selecting(labelled), groups: numbered, seed: seed)
        var found = [Int](repeating: 0, count: groupCount)
        for (item, part) in zip(labelled, parts) { found[groups[item]] = part }
        var generator = RandomGenerator(seed: seed &+ 1)
        var turn: [Int] = []
        for group in 0..<groupCount where !hasLabel[group] {
            if turn.isEmpty { turn = generator.permutation(foldCount) }
            found[group] = turn.removeLast()
        }
        return Set(found).count > 1 ? found : nil
    }
}
