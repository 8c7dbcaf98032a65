import LinearAlgebra
import TextClassification

/// The decision rule that beside its decisions tells what else is possible, at a stated coverage: conformal prediction.
///
/// Decisions are those of another rule, `rule`. Held-out probabilities give each label two more bounds, so that of articles that
/// have the label, and as well of those that do not, at least the share `coverage` is told the truth among the possible answers:
///
///     possible from   q_l = the ⌊α (n₁ + 1)⌋-th smallest probability among the n₁ articles with label l     α = 1 − coverage
///     absent up to    r_l = the ⌊α (n₀ + 1)⌋-th largest probability among the n₀ articles without
///
/// The label is possible where p_l ≥ q_l, its absence where p_l ≤ r_l (in single-label tasks only the first is asked, which gives the
/// sets of Sadinle, Lei & Wasserman, "Least ambiguous set-valued classifiers with bounded error levels", 2019). This is
/// label-conditional (Mondrian) split conformal prediction (Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random World*, 2005;
/// Vovk, "Conditional validity of inductive conformal predictors", 2012), for several labels one binary problem each. The answer
/// of the rule is added to the possible ones, so that no set is empty; that can only raise the coverage.
///
/// The promise holds for articles drawn like the training articles, on average over training sets. Two things bend it: the kept
/// model has seen all articles, the models that gave the held-out probabilities four fifths of them (cross-conformal prediction, Vovk
/// 2015; Barber et al., "Predictive inference with the jackknife+", 2021, prove 1 − 2α for the worst case, and in practice 1 − α
/// holds, since the kept model is the better one); and a stream may be unlike the training articles, which `evaluate` shows.
///
/// A label with fewer than 1/α − 1 articles can never be ruled out: nine are needed for 90 %.
public struct ConformalSets: DecisionRule {
    public struct Parameters: Hyperparameters {
        /// The promised share of articles whose truth is among the possible answers.
        public var coverage = 0.9
        /// The rule that decides.
        public var rule = BaseRule.crossValidated
        var learnt = CrossValidatedThresholds.Parameters()
        var fixed = FixedThreshold.Parameters()

        public init() {}

        public static var schema: [Hyperparameter<Parameters>] {
            [
                .init(
                    "coverage", \.coverage, .number(0.5...0.999),
                    help: "share of the articles with a label, and without, whose truth is among the possible answers"),
                .init(
                    "rule", \.rule, .choice(BaseRule.allCases.map(\.rawValue)), help: "the rule that decides"),
            ] + CrossValidatedThresholds.Parameters.schema.map { $0.lifted(\.learnt) }
                + FixedThreshold.Parameters.schema.map { $0.lifted(\.fixed) }
        }
    }

    /// The rules that can decide.
    public enum BaseRule: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
        case crossValidated = "cross-validated-thresholds"
        case fixed = "fixed-threshold"
        case mostProbable = "argmax"
    }

    public static let identifier = "conformal-sets"
    public static let summary = "decisions of another rule, and which labels cannot be ruled out at a stated coverage"
    public let parameters: Parameters

    public init(_ parameters: Parameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutProbabilities(for task: ClassificationTask) -> Bool { true }

    /// Fits the rule and finds the bounds. Without held-out probabilities nothing can be ruled out. O(n log n).
    /// - Throws: what the rule throws.
    public func fitted(
        toHeldOut probabilities: [Double]?, targets: Targets, context: TrainingContext
    ) throws(TrainingError) -> ConformalSetsModel {
        let decision =
            switch parameters.rule {
            case .crossValidated:
                try CrossValidatedThresholds(parameters.learnt)
                    .fitted(toHeldOut: probabilities, targets: targets, context: context)
            case .fixed:
                try FixedThreshold(parameters.fixed).fitted(toHeldOut: probabilities, targets: targets, context: context)
            case .mostProbable:
                MostProbableLabel().fitted(toHeldOut: probabilities, targets: targets, context: context)
            }
        return ConformalSetsModel(
            decision: decision,
            sets: PredictionSets(
                coverage: parameters.coverage, heldOut: probabilities, targets: targets, decision: decision))
    }
}

extension PredictionSets {
    /// Bounds from held-out probabilities, and how many articles a person would have to look at.
    init(coverage: Double, heldOut probabilities: [Double]?, targets: Targets, decision: DecisionModel) {
        let labelCount = targets.labelCount
        let isExclusive = targets.task == .single
        guard let probabilities else {
            self.init(
                coverage: coverage, isExclusive: isExclusive, possibleFrom: Array(repeating: 0, count: labelCount),
                absentUpTo: Array(repeating: isExclusive ? -1 : 1, count: labelCount),
                expectedUnsureShares: Array(repeating: 1, count: labelCount))
            return
        }
        precondition(probabilities.count == targets.values.count, "probabilities of other articles")
        let alpha = 1 - coverage
        var possibleFrom = [Double](repeating: 0, count: labelCount)
        var absentUpTo = [Double](repeating: isExclusive ? -1 : 1, count: labelCount)
        for label in 0..<labelCount {
            func judged(_ judgement: Targets.Judgement) -> [Double] {
                (0..<targets.count).filter { targets[$0, label] == judgement }
                    .map { Self.bounded(probabilities[$0 * labelCount + label]) }.sorted()
            }
            let positives = judged(.positive)
            if let rank = Self.rank(alpha, count: positives.count) { possibleFrom[label] = positives[rank - 1] }
            if isExclusive { continue }
            let negatives = judged(.negative)
            if let rank = Self.rank(alpha, count: negatives.count) { absentUpTo[label] = negatives[negatives.count - rank] }
        }
        let sets = PredictionSets(
            coverage: coverage, isExclusive: isExclusive, possibleFrom: possibleFrom, absentUpTo: absentUpTo)
        var decisions: [Bool] = []
        decision.decide(probabilities, into: &decisions)
        let unsure = sets.unsure(probabilities: probabilities, decisions: decisions)
        // What was not judged says nothing: a label counts where it was judged, an article where all its labels were, and so do the
        // labels of which one excludes the others.
        var unsureCounts = [Int](repeating: 0, count: labelCount)
        var judgedCounts = unsureCounts
        var (reviewCount, completeCount) = (0, 0)
        for article in 0..<targets.count {
            let row = article * labelCount..<(article + 1) * labelCount
            let isComplete = (0..<labelCount).allSatisfy { targets[article, $0] != .missing }
            for label in 0..<labelCount where isExclusive ? isComplete : targets[article, label] != .missing {
                judgedCounts[label] += 1
                if unsure[row.lowerBound + label] { unsureCounts[label] += 1 }
            }
            guard isComplete else { continue }
            completeCount += 1
            if sets.needsReview(decisions: decisions[row], unsure: unsure[row]) { reviewCount += 1 }
        }
        self.init(
            coverage: coverage, isExclusive: isExclusive, possibleFrom: possibleFrom, absentUpTo: absentUpTo,
            expectedUnsureShares: zip(unsureCounts, judgedCounts).map { $1 == 0 ? 1 : Double($0) / Double($1) },
            expectedReviewShare: completeCount == 0 ? nil : Double(reviewCount) / Double(completeCount))
    }

    /// ⌊α (n + 1)⌋, or `nil` where that is 0, so that nothing can be ruled out.
    static func rank(_ alpha: Double, count: Int) -> Int? {
        // 0.1 is a little less than a tenth in binary: what is a whole number but for that counts as one.
        let rank = Int((alpha * Double(count + 1) + 1e-9).rounded(.down))
        return rank > 0 ? min(rank, count) : nil
    }

    private static func bounded(_ probability: Double) -> Double {
        probability.isNaN ? 0 : min(max(probability, 0), 1)
    }
}

/// Fitted decisions, and what else is possible.
public struct ConformalSetsModel: DecisionRuleModel, Equatable {
    /// What decides.
    public let decision: DecisionModel
    let sets: PredictionSets

    init(decision: DecisionModel, sets: PredictionSets) {
        self.decision = decision
        self.sets = sets
    }

    public var labelCount: Int { decision.labelCount }
    public var thresholds: [Double]? { decision.thresholds }
    public var thresholdEstimates: [ThresholdEstimate]? { decision.thresholdEstimates }
    public var predictionSets: PredictionSets? { sets }

    public func decide(_ probabilities: borrowing [Double], into decisions: inout [Bool]) {
        decision.decide(probabilities, into: &decisions)
    }

    private struct Promise: Codable {
        let coverage: Double
        let isExclusive: Bool
        let expectedReviewShare: Double?
    }

    private static let decisionScope = "rule"
    private static let promiseSection = "promise"
    private static let boundSections = ["possible-from", "absent-up-to", "unsure-shares"]

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let decision = try DecisionModel(reading: reader.scoped(Self.decisionScope))
        let promise = try reader.value(Self.promiseSection, of: Promise.self)
        guard promise.coverage > 0, promise.coverage < 1, 0...1 ~= promise.expectedReviewShare ?? 0 else {
            throw reader.malformed(Self.promiseSection, "promises what is no share")
        }
        var bounds: [[Double]] = []
        for section in Self.boundSections {
            let values = try reader.array(section, of: Double.self, count: decision.labelCount).elements
            guard values.allSatisfy({ -1...1 ~= $0 }) else {
                throw reader.malformed(section, "holds a bound that is no probability")
            }
            bounds.append(values)
        }
        self.init(
            decision: decision,
            sets: PredictionSets(
                coverage: promise.coverage, isExclusive: promise.isExclusive, possibleFrom: bounds[0], absentUpTo: bounds[1],
                expectedUnsureShares: bounds[2], expectedReviewShare: promise.expectedReviewShare))
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try writer.scoped(Self.decisionScope) { writer throws(ModelFileError) in try decision.write(to: &writer) }
        try writer.add(
            Self.promiseSection,
            json: Promise(
                coverage: sets.coverage, isExclusive: sets.isExclusive, expectedReviewShare: sets.expectedReviewShare))
        for (section, values) in zip(
            Self.boundSections, [sets.possibleFrom, sets.absentUpTo, sets.expectedUnsureShares])
        {
            writer.add(section, values)
        }
    }
}
