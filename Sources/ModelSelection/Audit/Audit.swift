import Evaluation
import TextClassification

/// What is wrong, or likely to be wrong, with labelled articles.
public struct Audit: Sendable {
    /// What a finding is about.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Articles with the same words.
        case exactDuplicate
        /// Articles with nearly the same words.
        case nearDuplicate
        /// Such articles with labels that contradict one another.
        case contradictoryLabels
        /// A label that models which did not see the article contradict.
        case labelError
        /// A label with too few articles.
        case fewArticles
        /// Words at the edge of articles that give a label away.
        case leakingToken
        /// An article for the test that stands, nearly so, among those for training.
        case duplicateAcrossSplit
    }

    /// Something to look at.
    public struct Finding: Sendable, Equatable {
        public let kind: Kind
        /// The positions of the articles concerned.
        public let articles: [Int]
        /// The label concerned, where it is one.
        public let label: String?
        /// Why.
        public let reason: String
        /// How sure it is, in 0...1, where that is known: findings of a kind come by falling score.
        public let score: Double?
    }

    /// All findings, kind by kind.
    public private(set) var findings: [Finding] = []

    /// Labels with fewer articles are told of.
    public static let fewArticlesLimit = 10

    /// Looks at the articles.
    ///
    /// - Parameters:
    ///   - corpus: the labelled articles.
    ///   - probabilities: of every article by models that did not see it, articles × labels; `nil` leaves likely label errors out.
    ///   - isTest: which articles are for the test, where there is a split to be looked at.
    /// - Complexity: O(words of all texts) with the constants of MinHash.
    public init(
        of corpus: Corpus, probabilities: [Double]?, isTest: [Bool]? = nil, threadCount: Int = 1
    ) {
        let groups = DuplicateGroups(of: corpus.articles, threadCount: threadCount)
        addDuplicates(groups, corpus, isTest)
        if let probabilities { addLabelErrors(corpus, probabilities) }
        for (label, count) in zip(corpus.labels, corpus.targets.positiveCounts) where count < Self.fewArticlesLimit {
            let consequence =
                count < 2
                ? "it cannot be learnt and measured" : "thresholds, intervals and cross-validation mean little for it"
            findings.append(
                Finding(
                    kind: .fewArticles, articles: [], label: label,
                    reason: "\(count) \(count == 1 ? "article" : "articles") with the label, fewer than "
                        + "\(Self.fewArticlesLimit): \(consequence)", score: nil))
        }
        for leak in EdgeTokens(articles: corpus.articles, targets: corpus.targets, threadCount: threadCount).leaks {
            findings.append(
                Finding(
                    kind: .leakingToken, articles: leak.articles, label: corpus.labels[leak.label],
                    reason: "\"\(leak.phrase)\" at the \(leak.place.rawValue): \(leak.labelledCount) of \(leak.articles.count) "
                        + "articles with it have the label, \(Self.percent(leak.labelShare)) of all that do",
                    score: Double(leak.labelledCount) / Double(leak.articles.count)))
        }
    }

    private mutating func addDuplicates(_ groups: DuplicateGroups, _ corpus: Corpus, _ isTest: [Bool]?) {
        var found: [Kind: [Finding]] = [:]
        for group in groups.duplicates {
            let isExact = groups.haveSameWords(group)
            found[isExact ? .exactDuplicate : .nearDuplicate, default: []].append(
                Finding(
                    kind: isExact ? .exactDuplicate : .nearDuplicate, articles: group, label: nil,
                    reason: isExact
                        ? "\(group.count) articles with the same words"
                        : "\(group.count) articles that share most of their words",
                    score: nil))
            for label in 0..<corpus.labels.count {
                let with = group.filter { corpus.targets[$0, label] == .positive }
                let without = group.filter { corpus.targets[$0, label] == .negative }
                guard !with.isEmpty, !without.isEmpty else { continue }
                found[.contradictoryLabels, default: []].append(
                    Finding(
                        kind: .contradictoryLabels, articles: with + without, label: corpus.labels[label],
                        reason:
                            "\"\(corpus.labels[label])\" is on \(with.count) of \(with.count + without.count) articles that are "
                            + (isExact ? "the same" : "nearly the same"), score: nil))
            }
            if let isTest, group.contains(where: { isTest[$0] }), group.contains(where: { !isTest[$0] }) {
                let test = group.filter { isTest[$0] }
                found[.duplicateAcrossSplit, default: []].append(
                    Finding(
                        kind: .duplicateAcrossSplit, articles: test + group.filter { !isTest[$0] }, label: nil,
                        reason: "\(test.count) \(test.count == 1 ? "article" : "articles") of the test "
                            + "\(test.count == 1 ? "is" : "are") \(isExact ? "" : "nearly ")among those for training", score: nil)
                )
            }
        }
        for kind in [Kind.duplicateAcrossSplit, .contradictoryLabels, .exactDuplicate, .nearDuplicate] {
            findings += found[kind] ?? []
        }
    }

    private mutating func addLabelErrors(_ corpus: Corpus, _ probabilities: [Double]) {
        for issue in ConfidentLearning(targets: corpus.targets, probabilities: probabilities).issues {
            let name = corpus.labels[issue.label]
            let reason: String
            if let suggestion = issue.suggestion {
                reason =
                    "\"\(name)\" has a probability of \(Self.decimal(issue.givenProbability)), "
                    + "\"\(corpus.labels[suggestion])\" one of \(Self.decimal(issue.suggestedProbability))"
            } else if issue.isGiven {
                reason = "has \"\(name)\", whose probability is \(Self.decimal(issue.givenProbability))"
            } else {
                reason = "does not have \"\(name)\", whose probability is \(Self.decimal(issue.suggestedProbability))"
            }
            findings.append(
                Finding(
                    kind: .labelError, articles: [issue.article], label: name, reason: reason,
                    score: min(max((1 + issue.suggestedProbability - issue.givenProbability) / 2, 0), 1)))
        }
    }

    private static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

    private static func decimal(_ value: Double) -> String {
        let thousandths = Int((min(max(value, 0), 1) * 1000).rounded())
        let digits = String(1000 + thousandths % 1000).dropFirst()
        return "\(thousandths / 1000).\(digits)"
    }
}
