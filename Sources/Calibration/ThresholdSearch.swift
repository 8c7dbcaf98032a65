import TextClassification

/// What thresholds are chosen for.
public enum ThresholdAim: String, Sendable, Codable, CaseIterable, HyperparameterConvertible {
    /// The largest F1.
    case f1
    /// A precision of at least the target, with as much recall as that leaves.
    case precision
    /// A recall of at least the target, with as much precision as that leaves.
    case recall
}

/// The thresholds that fit held-out probabilities of one label (or of all labels pooled) best.
///
/// A *cut* is a place between two neighbouring distinct probabilities; every threshold within it gives the same decisions.
/// Positions are logits, ln(p / (1 − p)), of probabilities kept within 1e-6 ... 1 − 1e-6.
struct ThresholdSearch {
    /// The decisions at one cut: all above `lower`, from `upper` on, are given the label.
    struct Cut {
        let lower: Double
        let upper: Double
        let truePositiveCount: Int
        let falsePositiveCount: Int

        var middle: Double { (lower + upper) / 2 }
    }

    let positiveCount: Int
    /// From the lowest threshold, which gives the label to everything, upwards; each gives it to something.
    let cuts: [Cut]

    /// A judged article at its place on the logit scale.
    struct Item {
        let logit: Double
        let isPositive: Bool
        let article: Int
    }

    /// - Parameter judged: probability and truth of every judged article, in any order.
    init(_ judged: [(probability: Double, isPositive: Bool)]) {
        self.init(sorted: Self.sorted(judged.map { (probability: $0.probability, isPositive: $0.isPositive, article: 0) }))
    }

    /// Judged articles by falling probability.
    static func sorted(_ judged: [(probability: Double, isPositive: Bool, article: Int)]) -> [Item] {
        judged.map { Item(logit: position(of: $0.probability), isPositive: $0.isPositive, article: $0.article) }
            .sorted { $0.logit > $1.logit }
    }

    /// - Parameters:
    ///   - sorted: judged articles by falling probability.
    ///   - weights: how often each article counts; `nil` for once.
    init(sorted: [Item], weights: [Int32]? = nil) {
        var cuts: [Cut] = []
        var truePositives = 0
        var falsePositives = 0
        var upper: Double?
        for item in sorted {
            let weight = weights.map { Int($0[item.article]) } ?? 1
            guard weight > 0 else { continue }
            if let upper, item.logit < upper {
                cuts.append(
                    Cut(
                        lower: item.logit, upper: upper, truePositiveCount: truePositives, falsePositiveCount: falsePositives)
                )
            }
            upper = item.logit
            if item.isPositive { truePositives += weight } else { falsePositives += weight }
        }
        if let upper {
            cuts.append(
                Cut(lower: upper, upper: upper, truePositiveCount: truePositives, falsePositiveCount: falsePositives))
        }
        positiveCount = truePositives
        self.cuts = cuts.reversed()
    }

    static func position(of probability: Double) -> Double { logit(probability, margin: 1e-6) }

    /// The logit of the threshold for an aim, or `nil` where no article is positive. O(cuts).
    ///
    /// For a precision it is the lowest cut that reaches the target, or the lowest of those with the largest precision where none
    /// does; for a recall the highest cut that reaches the target.
    func optimum(for aim: ThresholdAim, target: Double) -> Double? {
        guard positiveCount > 0 else { return nil }
        switch aim {
        case .f1:
            return stableF1Optimum()
        case .precision:
            let precisions = cuts.map { Double($0.truePositiveCount) / Double($0.truePositiveCount + $0.falsePositiveCount) }
            let wanted = min(target, precisions.max() ?? 0)
            return zip(cuts, precisions).first { $0.1 >= wanted }?.0.middle
        case .recall:
            return cuts.last { Double($0.truePositiveCount) >= target * Double(positiveCount) }?.middle
        }
    }

    /// The median, by length on the logit scale, of the thresholds whose F1 lies within one standard error of the best.
    ///
    /// With E = FP + FN, F1 = 2 TP / (2 TP + E), and the delta method on multinomial counts gives the standard error
    /// 2 √(TP E (TP + E)) / (2 TP + E)²; E + 1 stands for E, since a perfect separation of few articles is no certain one.
    private func stableF1Optimum() -> Double? {
        func counts(_ cut: Cut) -> (hits: Double, errors: Double) {
            (
                Double(cut.truePositiveCount),
                Double(cut.falsePositiveCount + positiveCount - cut.truePositiveCount)
            )
        }
        let scores = cuts.map { cut in
            let (hits, errors) = counts(cut)
            return 2 * hits / (2 * hits + errors)
        }
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
        let (hits, errors) = counts(cuts[best])
        let total = 2 * hits + errors + 1
        let standardError = 2 * (hits * (errors + 1) * (hits + errors + 1)).squareRoot() / (total * total)
        let near = zip(cuts, scores).filter { $0.1 >= scores[best] - standardError }.map(\.0)
        var remaining = near.reduce(0) { $0 + $1.upper - $1.lower } / 2
        for cut in near {
            let length = cut.upper - cut.lower
            if length > 0, remaining <= length { return cut.lower + remaining }
            remaining -= length
        }
        return cuts[best].middle
    }
}
