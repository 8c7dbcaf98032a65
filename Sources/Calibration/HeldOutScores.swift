import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// ln(p / (1 − p)) of a probability kept within `margin` ... 1 − `margin`.
func logit(_ probability: Double, margin: Double) -> Double {
    let bounded = probability.isNaN ? margin : min(max(probability, margin), 1 - margin)
    return log(bounded / (1 - bounded))
}

/// Scores of held-out articles with their truth, as calibrators look at them.
struct HeldOutScores {
    /// Log-odds of the link's probabilities (articles × labels): the scores themselves in a multi-label task. In a single-label
    /// task softmax ignores a constant added to all scores of an article, and so do these.
    let logits: [Double]
    let targets: Targets

    /// Beyond this the logistic function has long been 0 or 1; the bound keeps squares finite.
    private static let largestLogit = 1e6

    init(_ scores: [Double], targets: Targets) {
        precondition(scores.count == targets.values.count, "scores of other articles")
        self.targets = targets
        var logits = scores
        Self.replaceByLogits(&logits, task: targets.task, labelCount: targets.labelCount)
        self.logits = logits
    }

    /// A score within bounds; what is no number is the lowest.
    static func bounded(_ score: Double) -> Double {
        score.isNaN ? -largestLogit : min(max(score, -largestLogit), largestLogit)
    }

    /// Replaces scores (articles × labels) by log-odds.
    static func replaceByLogits(_ scores: inout [Double], task: ClassificationTask, labelCount: Int) {
        switch task {
        case .multi:
            for i in scores.indices { scores[i] = bounded(scores[i]) }
        case .single:
            LinkFunctionModel(task: task, labelCount: labelCount).calibrate(&scores)
            for i in scores.indices { scores[i] = logit(scores[i], margin: 1e-12) }
        }
    }

    /// The log-odds of a label on the articles where it was judged.
    func judged(_ label: Int) -> [(logit: Double, isPositive: Bool)] {
        var judged: [(logit: Double, isPositive: Bool)] = []
        for article in 0..<targets.count where targets[article, label] != .missing {
            judged.append((logits[article * targets.labelCount + label], targets[article, label] == .positive))
        }
        return judged
    }
}

extension [Double] {
    /// Divides every row by its sum, where there is one. The last row may be short.
    mutating func normalizeRows(of length: Int) {
        var start = 0
        while start < count {
            let end = Swift.min(start + length, count)
            var sum = 0.0
            for i in start..<end { sum += self[i] }
            for i in start..<end { self[i] = sum > 0 ? self[i] / sum : 1 / Double(end - start) }
            start = end
        }
    }
}
