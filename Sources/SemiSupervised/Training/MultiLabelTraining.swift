import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much each arm counts for the labels of a multi-label task: z = (1 − u)((1 − w) z_vectors + w z_mixture) + u z_supervised.
public struct LabelMix: Sendable, Equatable, Codable {
    /// w, 0...1.
    public var mixtureWeight: Double
    /// u, 0...1.
    public var supervisedWeight: Double

    static let candidates: [LabelMix] = [
        LabelMix(mixtureWeight: 0, supervisedWeight: 0), LabelMix(mixtureWeight: 0.25, supervisedWeight: 0),
        LabelMix(mixtureWeight: 0, supervisedWeight: 0.5), LabelMix(mixtureWeight: 0, supervisedWeight: 1),
    ]

    func combined(_ supervised: Double, _ teacher: Double, _ mixture: Double) -> Double {
        (1 - supervisedWeight) * ((1 - mixtureWeight) * teacher + mixtureWeight * mixture) + supervisedWeight * supervised
    }
}

/// How the scores of several labels become decisions.
public enum ScoreCut: Sendable {
    /// Scores stay those of the classifier and are cut at given probabilities, one a label.
    case fixed([Double])
    /// Scores are calibrated on held-out articles, moved to the labels' shares of the archive, averaged with those of labels that compete for
    /// an article, and cut where the F1 that they promise there is the largest.
    case calibrated

    var keepsScores: Bool { if case .calibrated = self { false } else { true } }
}

/// What training with an archive makes of a multi-label task.
struct MultiLabelResult: Sendable {
    /// Log-odds of the labels, articles × labels.
    let scores: [Double]
    /// For every label the probability from which on it is given.
    let thresholds: [Double]
    /// For every label the arms that were chosen.
    let mixes: [LabelMix]
    /// Whether half of the score is that of labels which compete for an article.
    let labelsCompete: Bool
    /// For every label its estimated share of the archive.
    let shares: [Double]
    /// Log-odds of the labelled articles while they were held out in the gate's folds: without the archive, and as chosen. They hold at
    /// the labelled articles' own shares of the labels, not at the archive's.
    let heldOutSupervised: [Double]
    /// Log-odds of all articles by training without the archive, as its classifier gives them.
    let supervised: [Double]
    let heldOut: [Double]
    /// What of the scores is linear in the features.
    let parts: LinearParts
}

extension MultiLabelArms {
    /// Fits the arms in the gate's folds, decides for every label, fits them to all labelled articles and combines them.
    func result(folds: [Int], cut: ScoreCut) throws -> MultiLabelResult {
        let keepsScores = cut.keepsScores
        let k = labelCount
        let zeros = [Double](repeating: 0, count: labelled.count * k)
        var heldOut = ArmScores(supervised: zeros, teacher: zeros, mixture: zeros)
        let used = Set(folds).sorted()
        context.report(.phase("comparing with and without the archive"))
        for (number, fold) in used.enumerated() {
            context.report(.progress(done: number, total: used.count))
            let inside = labelled.indices.filter { folds[$0] != fold }
            guard !inside.isEmpty else { continue }
            let arms = try fitted(knowing: inside, includesMixture: !keepsScores).scores
            for index in labelled.indices where folds[index] == fold {
                for c in 0..<k {
                    let source = labelled[index] * k + c
                    heldOut.supervised[index * k + c] = arms.supervised[source]
                    heldOut.teacher[index * k + c] = arms.teacher[source]
                    heldOut.mixture[index * k + c] = arms.mixture[source]
                }
            }
        }
        context.report(.phase("training with the archive"))
        let final = try fitted(knowing: Array(labelled.indices), includesMixture: !keepsScores)
        var arms = final.scores
        var parts = final.parts()
        let supervised = arms.supervised
        if !keepsScores {
            parts.supervised = calibrate(&arms.supervised, &heldOut.supervised)(parts.supervised)
            parts.teacher = calibrate(&arms.teacher, &heldOut.teacher)(parts.teacher)
            _ = calibrate(&arms.mixture, &heldOut.mixture)
        }
        let mixes = LabelGate.choose(heldOut, targets: targets, allowsMixture: !keepsScores)
        var combined = arms.teacher
        for i in combined.indices { combined[i] = mixes[i % k].combined(arms.supervised[i], arms.teacher[i], arms.mixture[i]) }
        var linear =
            parts.teacher.scaled(by: mixes.map { 1 - $0.supervisedWeight })
            + parts.supervised.scaled(by: mixes.map(\.supervisedWeight))
        var chosen = heldOut.teacher
        for i in chosen.indices {
            chosen[i] = mixes[i % k].combined(heldOut.supervised[i], heldOut.teacher[i], heldOut.mixture[i])
        }
        var competing: CompetingLabels?
        if !keepsScores {
            let labels = try CompetingLabels(
                features: features, labelled: labelled, targets: targets, folds: folds,
                inverseRegularization: inverseRegularization,
                evidence: evidence, context: context)
            if labels.holds(beside: chosen, targets: targets) { competing = labels }
        }
        var thresholds = if case .fixed(let given) = cut { given } else { [Double](repeating: 0.5, count: k) }
        var shares = [Double](repeating: 0, count: k)
        for c in 0..<k {
            let column = (0..<features.trainingCount).map { combined[$0 * k + c] }
            guard !keepsScores else {
                shares[c] = Double(column.count { sigmoid($0) >= thresholds[c] }) / Double(max(1, column.count))
                continue
            }
            let shift =
                competing.map { ArchiveShift(share: $0.shares[c], sampleShare: sampleShare(c)) }
                ?? ArchiveShift(column, sampleShare: sampleShare(c))
            for article in 0..<features.rowCount { combined[article * k + c] += shift.logOdds }
            linear.intercepts[c] += shift.logOdds
            shares[c] = shift.share
        }
        if let competing {
            // What competes is not linear; the teacher stands for it.
            for i in combined.indices { combined[i] = (combined[i] + competing.scores[i]) / 2 }
            for i in chosen.indices { chosen[i] = (chosen[i] + competing.heldOut[i]) / 2 }
        }
        for c in 0..<k where !keepsScores {
            thresholds[c] = ArchiveShift.bestThreshold((0..<features.trainingCount).map { combined[$0 * k + c] })
        }
        return MultiLabelResult(
            scores: combined, thresholds: thresholds, mixes: mixes, labelsCompete: competing != nil, shares: shares,
            heldOutSupervised: heldOut.supervised,
            supervised: supervised, heldOut: chosen, parts: linear)
    }

    /// The share of a label among the labelled articles on which it was judged, smoothed by one article of each kind.
    private func sampleShare(_ label: Int) -> Double {
        let positives = Double((0..<targets.count).count { targets[$0, label] == .positive })
        let negatives = Double((0..<targets.count).count { targets[$0, label] == .negative })
        return (positives + 1) / (positives + negatives + 2)
    }

    /// Turns the scores of an arm into log-odds by one line for all labels: few labelled articles do not carry one each.
    private func calibrate(_ scores: inout [Double], _ heldOut: inout [Double]) -> PlattLine {
        let judged = heldOut.indices.filter { targets.values[$0] >= 0 }
        let line = PlattLine(scores: judged.map { heldOut[$0] }, judgements: judged.map { targets.values[$0] == 1 })
        for i in scores.indices { scores[i] = line(scores[i]) }
        for i in heldOut.indices { heldOut[i] = line(heldOut[i]) }
        return line
    }
}

/// From the labelled articles' share of a label to that of the archive.
struct ArchiveShift: Sendable {
    /// What to add to log-odds that hold at the sample's share.
    let logOdds: Double
    /// The label's share of the archive.
    let share: Double

    /// One step of re-estimation on the archive's log-odds (Saerens, Latinne & Decaestecker 2002): rare labels die out on the way to the
    /// fixed point.
    init(_ scores: [Double], sampleShare: Double) {
        let mean = scores.reduce(0) { $0 + sigmoid($1) } / Double(max(1, scores.count))
        self.init(share: mean, sampleShare: sampleShare)
    }

    /// From the sample's share to another one.
    init(share: Double, sampleShare: Double) {
        let share = min(max(share, 1e-6), 1 - 1e-6)
        self.share = share
        logOdds = log(share / (1 - share)) - log(sampleShare / (1 - sampleShare))
    }

    /// The probability from which on a label is to be given so that the expected F1, 2 Σ_given p / (given + Σ p), is the largest if the
    /// probabilities are right: half of that F1 (Lipton, Elkan & Naryanaswamy 2014).
    static func bestThreshold(_ logOdds: [Double]) -> Double {
        let probabilities = logOdds.map(sigmoid).sorted(by: >)
        let total = probabilities.reduce(0, +)
        var best = 0.0
        var sum = 0.0
        for (rank, probability) in probabilities.enumerated() {
            sum += probability
            best = max(best, 2 * sum / (Double(rank + 1) + total))
        }
        return min(max(best / 2, 0.01), 0.5)
    }
}

/// The choice of arms, label by label, on held-out labels.
enum LabelGate {
    /// For every label the candidate of the least log-loss among all labels together, unless another one is better for this label by
    /// more than its standard error: a label with few positives follows the others. Candidates stand in the order in which they trust
    /// the archive, and among those within half a standard error of the best the first is taken.
    static func choose(_ arms: ArmScores, targets: Targets, allowsMixture: Bool) -> [LabelMix] {
        let k = targets.labelCount
        let candidates = LabelMix.candidates.filter { allowsMixture || $0.mixtureWeight == 0 }
        let losses = candidates.map { candidate in
            targets.values.indices.map { i -> Double in
                guard targets.values[i] >= 0 else { return 0 }
                let z = candidate.combined(arms.supervised[i], arms.teacher[i], arms.mixture[i])
                return softplus(targets.values[i] == 1 ? -z : z)
            }
        }
        let everywhere = best(losses, Array(targets.values.indices), errors: 0.5, preferred: nil)
        return (0..<k).map { label in
            let positions = stride(from: label, to: targets.values.count, by: k).filter { targets.values[$0] >= 0 }
            return candidates[best(losses, positions, errors: 1, preferred: everywhere)]
        }
    }

    /// The first candidate (or the preferred one) whose mean loss is within so many standard errors of the least.
    private static func best(_ losses: [[Double]], _ positions: [Int], errors: Double, preferred: Int?) -> Int {
        guard !positions.isEmpty else { return preferred ?? 0 }
        let means = losses.map { losses in positions.reduce(0) { $0 + losses[$1] } / Double(positions.count) }
        let least = means.indices.min { means[$0] < means[$1] } ?? 0
        func isNear(_ candidate: Int) -> Bool {
            let difference = MeanDifference(positions.map { losses[candidate][$0] - losses[least][$0] })
            return difference.mean <= errors * difference.standardError
        }
        if let preferred, isNear(preferred) { return preferred }
        return losses.indices.first(where: isNear) ?? least
    }
}
