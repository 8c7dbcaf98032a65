/// Which labels of an article cannot be ruled out, and which given labels cannot be taken for certain, at a stated coverage.
///
/// The answers that are possible for a label (given, absent, or both) hold the true one with at least the probability `coverage`,
/// among the articles that have the label as well as among those that do not. The answer of the decision rule is always one of them, so
/// that only the other one needs telling.
public struct PredictionSets: Sendable, Equatable {
    /// The promised probability that the true answer is possible.
    public let coverage: Double
    /// Whether an article has exactly one label: then a label that is given is never in doubt by itself, but others beside it may be
    /// possible.
    public let isExclusive: Bool
    /// The probability from which on each label is possible; 0 where it never can be ruled out.
    public let possibleFrom: [Double]
    /// The probability up to which each label's absence is possible; 1 where it always is, −1 in single-label tasks.
    public let absentUpTo: [Double]
    /// The share of held-out training articles on which each label was unsure.
    public let expectedUnsureShares: [Double]
    /// The share of held-out training articles that a person should look at; `nil` where none were held out.
    public let expectedReviewShare: Double?

    public init(
        coverage: Double, isExclusive: Bool, possibleFrom: [Double], absentUpTo: [Double],
        expectedUnsureShares: [Double] = [], expectedReviewShare: Double? = nil
    ) {
        precondition(possibleFrom.count == absentUpTo.count, "bounds of different label sets")
        self.coverage = coverage
        self.isExclusive = isExclusive
        self.possibleFrom = possibleFrom
        self.absentUpTo = absentUpTo
        self.expectedUnsureShares = expectedUnsureShares
        self.expectedReviewShare = expectedReviewShare
    }

    public var labelCount: Int { possibleFrom.count }

    /// Whether a label is unsure: not given although it is possible, or given although its absence is possible.
    public func isUnsure(_ label: Int, probability: Double, isGiven: Bool) -> Bool {
        // A probability that is not a number rules nothing out.
        isGiven ? !isExclusive && !(probability > absentUpTo[label]) : !(probability < possibleFrom[label])
    }

    /// Whether each label is unsure, articles × labels. O(articles × labels).
    public func unsure(probabilities: [Double], decisions: [Bool]) -> [Bool] {
        probabilities.indices.map {
            isUnsure($0 % labelCount, probability: probabilities[$0], isGiven: decisions[$0])
        }
    }

    /// Whether a person should look at an article: some label is unsure, or none is given where one must be.
    ///
    /// - Parameters:
    ///   - decisions: of the article.
    ///   - unsure: of the article.
    public func needsReview(decisions: some Sequence<Bool>, unsure: some Sequence<Bool>) -> Bool {
        unsure.contains(true) || isExclusive && !decisions.contains(true)
    }
}

/// A threshold that was learnt, and how far it can be trusted.
public struct ThresholdEstimate: Sendable, Equatable, Codable {
    /// A figure with the ends of its 90 % interval.
    public struct Figure: Sendable, Equatable, Codable {
        public let value: Double
        public let lower: Double
        public let upper: Double

        public init(value: Double, lower: Double, upper: Double) {
            self.value = value
            self.lower = lower
            self.upper = upper
        }
    }

    public let threshold: Figure
    /// The precision to be expected at the threshold; `nil` where no held-out article reached it.
    public let precision: Figure?
    /// The recall to be expected at the threshold; `nil` where no held-out article had the label.
    public let recall: Figure?

    public init(threshold: Figure, precision: Figure?, recall: Figure?) {
        self.threshold = threshold
        self.precision = precision
        self.recall = recall
    }
}
