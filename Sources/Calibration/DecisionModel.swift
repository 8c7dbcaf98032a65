import TextClassification

/// A fitted decision rule: a threshold a label, one label at most, or both.
public struct DecisionModel: DecisionRuleModel, Equatable {
    /// The number of labels of a row.
    public let labelCount: Int
    /// Whether only the most probable label of an article may be given, as in a single-label task.
    public let isExclusive: Bool
    /// The probability from which on each label is given; `nil` where the most probable label is given whatever its probability.
    public let thresholds: [Double]?
    /// How far each threshold can be trusted; `nil` where they were not learnt, or it was not found out.
    public let thresholdEstimates: [ThresholdEstimate]?

    /// The rule that gives every label with a probability of at least its threshold.
    ///
    /// - Parameters:
    ///   - thresholds: one a label, in 0...1.
    ///   - isExclusive: whether only the most probable label of an article may be given; it is, if it reaches its threshold.
    ///   - estimates: how far each threshold can be trusted.
    public init(thresholds: [Double], isExclusive: Bool = false, estimates: [ThresholdEstimate]? = nil) {
        precondition(!thresholds.isEmpty, "a decision rule for no labels")
        precondition(estimates.map { $0.count == thresholds.count } ?? true, "estimates of other thresholds")
        precondition(thresholds.allSatisfy { 0...1 ~= $0 }, "a threshold outside of 0...1")
        labelCount = thresholds.count
        self.thresholds = thresholds
        self.isExclusive = isExclusive
        thresholdEstimates = estimates
    }

    /// The rule that gives the most probable label, whatever its probability.
    public init(mostProbableOf labelCount: Int) {
        precondition(labelCount > 0, "a decision rule for no labels")
        self.labelCount = labelCount
        thresholds = nil
        thresholdEstimates = nil
        isExclusive = true
    }

    /// Writes the decisions (articles × labels) over `decisions`, in time proportional to their number.
    ///
    /// Of labels that tie for the most probable the first in the model's order is taken. No label reaches a threshold with a
    /// probability that is not a number.
    public func decide(_ probabilities: borrowing [Double], into decisions: inout [Bool]) {
        let count = probabilities.count
        if decisions.count > count { decisions.removeLast(decisions.count - count) }
        let missing = count - decisions.count
        decisions.append(addingCapacity: missing) { $0.append(repeating: false, count: missing) }
        let source = probabilities.span
        var target = decisions.mutableSpan
        var start = 0
        while start < count {
            let end = min(start + labelCount, count)
            if isExclusive {
                // Which label it is nobody can foretell: without a branch. What is no number is not larger than anything.
                var largest = -Double.infinity
                for i in start..<end {
                    largest = source[i] > largest ? source[i] : largest
                    target[i] = false
                }
                var best = start
                for i in (start..<end).reversed() { best = source[i] == largest ? i : best }
                target[best] = if let thresholds { largest >= thresholds[best - start] } else { true }
            } else if let thresholds {
                for i in start..<end { target[i] = source[i] >= thresholds[i - start] }
            } else {
                for i in start..<end { target[i] = false }
            }
            start = end
        }
    }

    private static let kindSection = "rule"
    private static let thresholdSection = "thresholds"
    private static let estimateSection = "estimates"

    private struct Kind: Codable {
        let labelCount: Int
        let isExclusive: Bool
        let hasThresholds: Bool

        init(labelCount: Int, isExclusive: Bool, hasThresholds: Bool) {
            self.labelCount = labelCount
            self.isExclusive = isExclusive
            self.hasThresholds = hasThresholds
        }

        init(from decoder: any Decoder) throws {
            let members = DecodedMembers(decoder)
            labelCount = try members.value("labelCount")
            isExclusive = try members.value("isExclusive")
            hasThresholds = try members.value("hasThresholds")
        }
    }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let kind = try reader.value(Self.kindSection, of: Kind.self)
        guard 1...LabelShape.largestLabelCount ~= kind.labelCount else {
            throw reader.malformed(Self.kindSection, "claims \(kind.labelCount) labels")
        }
        guard kind.hasThresholds else {
            guard kind.isExclusive else { throw reader.malformed(Self.kindSection, "has neither thresholds nor a limit") }
            self.init(mostProbableOf: kind.labelCount)
            return
        }
        let thresholds = try reader.array(Self.thresholdSection, of: Double.self, count: kind.labelCount).elements
        guard thresholds.allSatisfy({ 0...1 ~= $0 }) else {
            throw reader.malformed(Self.thresholdSection, "holds a threshold outside of 0...1")
        }
        // Files of earlier versions, and thresholds that were not learnt, have no estimates.
        let estimates =
            reader.has(Self.estimateSection)
            ? try reader.array(Self.estimateSection, of: Double.self, count: 9 * kind.labelCount).elements : nil
        self.init(
            thresholds: thresholds, isExclusive: kind.isExclusive,
            estimates: estimates.map { numbers in
                stride(from: 0, to: numbers.count, by: 9).map { ThresholdEstimate(numbers: numbers[$0..<$0 + 9]) }
            })
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.add(
            Self.kindSection,
            json: Kind(
                labelCount: labelCount, isExclusive: isExclusive, hasThresholds: thresholds != nil))
        if let thresholds { writer.add(Self.thresholdSection, thresholds) }
        if let thresholdEstimates { writer.add(Self.estimateSection, thresholdEstimates.flatMap(\.numbers)) }
    }
}

extension ThresholdEstimate {
    /// Value and ends of threshold, precision and recall, in this order; what is not known is no number.
    fileprivate var numbers: [Double] {
        [threshold, precision, recall].flatMap { $0.map { [$0.value, $0.lower, $0.upper] } ?? [.nan, .nan, .nan] }
    }

    fileprivate init(numbers: ArraySlice<Double>) {
        func figure(_ position: Int) -> Figure? {
            let first = numbers.startIndex + 3 * position
            let figure = Figure(value: numbers[first], lower: numbers[first + 1], upper: numbers[first + 2])
            return [figure.value, figure.lower, figure.upper].allSatisfy(\.isFinite) ? figure : nil
        }
        let unknown = Figure(value: 0, lower: 0, upper: 1)
        self.init(threshold: figure(0) ?? unknown, precision: figure(1), recall: figure(2))
    }
}
