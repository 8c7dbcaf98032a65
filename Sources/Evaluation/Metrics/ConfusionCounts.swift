/// How often a label was given rightly and wrongly, and what follows from it.
///
/// Every quotient 0/0 is 0 (as with scikit-learn's `zero_division=0`), so no figure is ever NaN. All take constant time.
public struct ConfusionCounts: Sendable, Equatable, Codable {
    /// Articles that have the label and were given it.
    public var truePositives = 0
    /// Articles that were given the label and do not have it.
    public var falsePositives = 0
    /// Articles that have the label and were not given it.
    public var falseNegatives = 0
    /// Articles that neither have the label nor were given it.
    public var trueNegatives = 0

    public init() {}

    public init(truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int) {
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
    }

    /// Counts one judged article.
    public mutating func count(isPositive: Bool, isGiven: Bool) {
        switch (isPositive, isGiven) {
        case (true, true): truePositives += 1
        case (false, true): falsePositives += 1
        case (true, false): falseNegatives += 1
        case (false, false): trueNegatives += 1
        }
    }

    public static func += (total: inout ConfusionCounts, other: ConfusionCounts) {
        total.truePositives += other.truePositives
        total.falsePositives += other.falsePositives
        total.falseNegatives += other.falseNegatives
        total.trueNegatives += other.trueNegatives
    }

    /// Articles that have the label.
    public var support: Int { truePositives + falseNegatives }
    /// Articles that were given the label.
    public var givenCount: Int { truePositives + falsePositives }
    /// Articles on which the label was judged.
    public var judgedCount: Int { truePositives + falsePositives + falseNegatives + trueNegatives }

    /// Wrong decisions.
    var errorCount: Int { falsePositives + falseNegatives }

    /// TP / (TP + FP).
    public var precision: Double { quotient(truePositives, givenCount) }
    /// TP / (TP + FN), the sensitivity.
    public var recall: Double { quotient(truePositives, support) }
    /// TN / (TN + FP).
    public var specificity: Double { quotient(trueNegatives, trueNegatives + falsePositives) }
    /// The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).
    public var f1: Double { quotient(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }
    /// TP / (TP + FP + FN).
    public var jaccard: Double { quotient(truePositives, truePositives + falsePositives + falseNegatives) }
    /// (TP + TN) / all.
    public var accuracy: Double { quotient(truePositives + trueNegatives, judgedCount) }

    /// (1 + β²) TP / ((1 + β²) TP + β² FN + FP): recall counts β times as much as precision.
    public func fScore(beta: Double) -> Double {
        let square = beta * beta
        return quotient(
            (1 + square) * Double(truePositives),
            (1 + square) * Double(truePositives) + square * Double(falseNegatives) + Double(falsePositives))
    }

    /// The mean of recall and specificity; where only positive or only negative articles were judged, the one that is defined.
    public var balancedAccuracy: Double {
        if support == 0 { return specificity }
        return support == judgedCount ? recall : (recall + specificity) / 2
    }

    /// Cohen's kappa of truth and decision; 0 where chance alone would agree always (scikit-learn: NaN).
    public var cohenKappa: Double {
        let total = Double(judgedCount)
        let expected =
            Double(support) * Double(givenCount) + Double(judgedCount - support) * Double(judgedCount - givenCount)
        return quotient(total * Double(truePositives + trueNegatives) - expected, total * total - expected)
    }

    /// Matthews' correlation of truth and decision; 0 where one of them never varies.
    public var matthewsCorrelation: Double {
        let tp = Double(truePositives)
        let fp = Double(falsePositives)
        let fn = Double(falseNegatives)
        let tn = Double(trueNegatives)
        let product = ((tp + fp) * (tp + fn)).squareRoot() * ((tn + fp) * (tn + fn)).squareRoot()
        return quotient(tp * tn - fp * fn, product)
    }
}

/// a / b, and 0 for 0/0.
func quotient(_ a: Int, _ b: Int) -> Double { b == 0 ? 0 : Double(a) / Double(b) }

/// a / b, and 0 where b is 0.
func quotient(_ a: Double, _ b: Double) -> Double { b == 0 ? 0 : a / b }
