import TextClassification

/// Which labels are likely to be wrong, from probabilities of articles that were held out: confident learning (Northcutt, Jiang &
/// Chuang, "Confident learning: estimating uncertainty in dataset labels", 2021).
///
/// The threshold t_j of a class is the mean probability of j over the articles that are labelled j. An article labelled i counts for
/// class j where p_j ≥ t_j, of several such classes for the most probable one; where j ≠ i, and i is not the most probable class
/// anyway, the label is suspect. Of several labels each is a problem of two classes for itself. Labels nobody judged are left out.
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
            let articles = (0..<targets.count).filter { targets.classIndex(of: $0) != nil }
            let given = articles.map { targets.classIndex(of: $0) ?? 0 }
            let rows = articles.map { Array(probabilities[$0 * labelCount..<($0 + 1) * labelCount]) }
            for (position, guess) in Self.suspects(given: given, rows: rows) {
                issues.append(
                    Issue(
                        article: articles[position], label: given[position], isGiven: true, suggestion: guess,
                        givenProbability: rows[position][given[position]], suggestedProbability: rows[position][guess]))
            }
        case .multi:
            for label in 0..<labelCount {
                let articles = (0..<targets.count).filter { targets[$0, label] != .missing }
                let given = articles.map { targets[$0, label] == .positive ? 1 : 0 }
                // With all articles on one side there is nothing to be contradicted by.
                guard given.contains(0), given.contains(1) else { continue }
                let rows = articles.map { [1 - probabilities[$0 * labelCount + label], probabilities[$0 * labelCount + label]] }
                for (position, guess) in Self.suspects(given: given, rows: rows) {
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

    /// The rows whose class is suspect, and the class that each seems to be of.
    static func suspects(given: [Int], rows: [[Double]]) -> [(position: Int, guess: Int)] {
        let classCount = rows.first?.count ?? 0
        var sums = [Double](repeating: 0, count: classCount)
        var counts = [Int](repeating: 0, count: classCount)
        for (label, row) in zip(given, rows) {
            sums[label] += row[label]
            counts[label] += 1
        }
        // A class without articles has no threshold, and nothing is said to be of it.
        let thresholds = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) - 1e-6 : Double.infinity }
        var suspects: [(position: Int, guess: Int)] = []
        for (position, row) in rows.enumerated() {
            var guess: Int?
            var best = 0
            for label in 0..<classCount {
                if row[label] > row[best] { best = label }
                if row[label] >= thresholds[label], guess.map({ row[label] > row[$0] }) ?? true { guess = label }
            }
            if let guess, guess != given[position], best != given[position] { suspects.append((position, guess)) }
        }
        return suspects
    }
}
