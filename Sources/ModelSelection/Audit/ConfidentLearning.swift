import TextClassification

/// Which labels are likely to be wrong, from probabilities of articles that were held out: confident learning (Northcutt, Jiang &
/// Chuang, "Confident learning: estimating uncertainty in dataset labels", 2021), pruning by class and by noise rate together.
///
/// The confident joint estimates how many articles labelled i are of class j in truth. Of the articles labelled i, as many as are
/// not of i are taken by the smallest p_i, and for each j ≠ i as many as are of j by the greatest p_j − p_i. A label is suspect where
/// both take the article, unless its class is the most probable one anyway. Of several labels each is a problem of two classes for
/// itself. Labels nobody judged are left out, and so are articles with a probability that is no number.
public struct ConfidentLearning: Sendable {
    /// A label that is likely to be wrong.
    public struct Issue: Sendable, Equatable {
        public let article: Int
        /// The label that is given and suspect, or that is not given and should be; in a single-label task the class that is given.
        public let label: Int
        /// Whether the article has the label.
        public let isGiven: Bool
        /// In a single-label task the class that the article seems to be of.
        public let suggestion: Int?
        /// The probability of the label (multi-label) or the class (single-label) that the article has in the table.
        public let givenProbability: Double
        /// The probability of what it seems to be instead.
        public let suggestedProbability: Double
    }

    /// The suspect labels, those first that the probabilities contradict most.
    public let issues: [Issue]

    /// - Parameter probabilities: of articles by models that did not see them, articles × labels.
    /// - Complexity: O(articles × labels).
    public init(targets: Targets, probabilities: [Double]) {
        precondition(probabilities.count == targets.values.count, "probabilities of other articles")
        let labelCount = targets.labelCount
        var issues: [Issue] = []
        switch targets.task {
        case .single:
            let articles = (0..<targets.count).filter { article in
                targets.classIndex(of: article) != nil
                    && probabilities[article * labelCount..<(article + 1) * labelCount].allSatisfy { !$0.isNaN }
            }
            let given = articles.map { targets.classIndex(of: $0) ?? 0 }
            let rows = articles.map { Array(probabilities[$0 * labelCount..<($0 + 1) * labelCount]) }
            for (position, guess) in Self.suspects(given: given, rows: rows, classCount: labelCount) {
                issues.append(
                    Issue(
                        article: articles[position], label: given[position], isGiven: true, suggestion: guess,
                        givenProbability: rows[position][given[position]], suggestedProbability: rows[position][guess]))
            }
        case .multi:
            for label in 0..<labelCount {
                let articles = (0..<targets.count).filter {
                    targets[$0, label] != .missing && !probabilities[$0 * labelCount + label].isNaN
                }
                let given = articles.map { targets[$0, label] == .positive ? 1 : 0 }
                // With all articles on one side there is nothing to be contradicted by.
                guard given.contains(0), given.contains(1) else { continue }
                let rows = articles.map { [1 - probabilities[$0 * labelCount + label], probabilities[$0 * labelCount + label]] }
                for (position, guess) in Self.suspects(given: given, rows: rows, classCount: 2) {
                    issues.append(
                        Issue(
                            article: articles[position], label: label, isGiven: given[position] == 1, suggestion: nil,
                            givenProbability: rows[position][given[position]], suggestedProbability: rows[position][guess]))
                }
            }
        }
        self.issues = issues.sorted {
            ($1.suggestedProbability - $1.givenProbability, $0.article, $0.label)
                < ($0.suggestedProbability - $0.givenProbability, $1.article, $1.label)
        }
    }

    /// The rows whose class is suspect, and the most probable class of each.
    static func suspects(given: [Int], rows: [[Double]], classCount: Int) -> [(position: Int, guess: Int)] {
        let joint = ConfidentJoint(given: given, rows: rows, classCount: classCount)
        var members = [[Int]](repeating: [], count: classCount)
        for (position, label) in given.enumerated() { members[label].append(position) }
        var suspects: [(position: Int, guess: Int)] = []
        for (label, positions) in members.enumerated() where positions.count > 1 {
            let counts = joint.pruneCounts(of: label)
            func first(_ count: Int, by key: (Int) -> Double) -> ArraySlice<Int> {
                positions.map { (key($0), $0) }.sorted { $0 < $1 }.map(\.1).prefix(max(0, count))
            }
            let byClass = Set(first(positions.count - counts[label]) { rows[$0][label] })
            var byNoiseRate: Set<Int> = []
            for other in 0..<classCount where other != label && counts[other] > 0 {
                byNoiseRate.formUnion(first(counts[other]) { rows[$0][label] - rows[$0][other] })
            }
            for position in byClass.intersection(byNoiseRate).sorted() {
                // What is as probable as the given class is no contradiction.
                let best = rows[position].indices.max { rows[position][$0] < rows[position][$1] } ?? label
                if rows[position][best] > rows[position][label] + 1e-6 { suspects.append((position, best)) }
            }
        }
        return suspects
    }
}
