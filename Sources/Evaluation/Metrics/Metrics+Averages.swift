/// How the figures of labels become one.
public enum LabelAverage: String, Sendable, Codable, CaseIterable {
    /// The figure of the counts of all labels together: frequent labels count more.
    case micro
    /// The mean over the labels: every label counts the same, and one that neither occurs nor is given counts as 0.
    case macro
    /// The mean over the labels weighted by support.
    case weighted
}

extension Metrics {
    /// The average over labels of a figure of their counts; 0 where no label has support, for the weighted one. O(labels).
    public func average(_ average: LabelAverage, of figure: (ConfusionCounts) -> Double) -> Double {
        switch average {
        case .micro:
            return figure(totalCounts)
        case .macro:
            return quotient(labelCounts.reduce(0) { $0 + figure($1) }, Double(labelCount))
        case .weighted:
            let support = labelCounts.reduce(0) { $0 + $1.support }
            return quotient(labelCounts.reduce(0) { $0 + Double($1.support) * figure($1) }, Double(support))
        }
    }

    public func precision(_ average: LabelAverage) -> Double { self.average(average, of: \.precision) }
    public func recall(_ average: LabelAverage) -> Double { self.average(average, of: \.recall) }
    /// The average of the labels' F1 (for `macro`; not the F1 of averaged precision and recall).
    public func f1(_ average: LabelAverage) -> Double { self.average(average, of: \.f1) }
    public func fScore(beta: Double, _ average: LabelAverage) -> Double { self.average(average) { $0.fScore(beta: beta) } }
    public func jaccard(_ average: LabelAverage) -> Double { self.average(average, of: \.jaccard) }
}
