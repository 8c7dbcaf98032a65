/// What is known about the labels of a sequence of articles: for every article and label yes, no, or not judged.
public struct Targets: Sendable, Equatable {
    /// The judgement on one label of one article.
    public enum Judgement: Int8, Sendable {
        case missing = -1
        case negative = 0
        case positive = 1
    }

    /// The task the targets are for.
    public let task: ClassificationTask
    /// The number of labels.
    public let labelCount: Int
    /// One value a label, article after article: 1 positive, 0 negative, -1 not judged. Length `count * labelCount`.
    public private(set) var values: [Int8] = []

    public init(task: ClassificationTask, labelCount: Int) {
        self.task = task
        self.labelCount = labelCount
    }

    /// The number of articles.
    public var count: Int { labelCount == 0 ? 0 : values.count / labelCount }

    /// The judgement on a label of an article.
    public subscript(article: Int, label: Int) -> Judgement {
        Judgement(rawValue: values[article * labelCount + label]) ?? .missing
    }

    /// Appends an article with the given positive labels; labels that are neither positive nor missing are negative.
    public mutating func append(positive: some Sequence<Int>, missing: some Sequence<Int> = []) {
        let start = values.count
        values.append(contentsOf: repeatElement(0, count: labelCount))
        for label in missing { values[start + label] = Judgement.missing.rawValue }
        for label in positive { values[start + label] = Judgement.positive.rawValue }
    }

    /// Appends an article on which no label was judged.
    public mutating func appendUnlabelled() {
        values.append(contentsOf: repeatElement(Judgement.missing.rawValue, count: labelCount))
    }

    /// Takes back the judgement on a label of an article.
    public mutating func removeJudgement(article: Int, label: Int) {
        values[article * labelCount + label] = Judgement.missing.rawValue
    }

    /// Appends the targets of other articles for the same labels.
    public mutating func append(_ other: Targets) {
        precondition(other.labelCount == labelCount, "targets of another label set")
        values.append(contentsOf: other.values)
    }

    /// The one positive label of an article of a single-label task, or `nil` when it has none.
    public func classIndex(of article: Int) -> Int? {
        (0..<labelCount).first { values[article * labelCount + $0] == Judgement.positive.rawValue }
    }

    /// Whether any label of the article was judged.
    public func isLabelled(_ article: Int) -> Bool {
        values[article * labelCount..<(article + 1) * labelCount].contains { $0 != Judgement.missing.rawValue }
    }

    /// Whether all articles have the same judgements.
    public var areAllTheSame: Bool {
        for place in values.indices.dropFirst(labelCount) where values[place] != values[place - labelCount] { return false }
        return true
    }

    /// The number of articles judged positive for each label.
    public var positiveCounts: [Int] {
        var counts = [Int](repeating: 0, count: labelCount)
        for (position, value) in values.enumerated() where value == 1 { counts[position % labelCount] += 1 }
        return counts
    }

    /// The targets of the articles at the given positions, in their order.
    public func selecting(_ articles: some Sequence<Int>) -> Targets {
        var selected = Targets(task: task, labelCount: labelCount)
        for article in articles {
            selected.values.append(contentsOf: values[article * labelCount..<(article + 1) * labelCount])
        }
        return selected
    }
}
