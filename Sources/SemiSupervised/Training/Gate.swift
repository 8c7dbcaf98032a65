#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much each arm counts: what the comparison on held-out labels decided.
///
///     S = ((1 − u)((1 − w) A + w B) + u A₀) / τ
///
/// of the teacher A, the mixture B and the supervised arm A₀.
public struct GateDecision: Sendable, Equatable, Codable {
    /// w: the weight of the mixture against the teacher, 0...1.
    public var mixtureWeight: Double
    /// u: the weight of training without the archive, 0...1.
    public var supervisedWeight: Double
    /// τ > 0.
    public var temperature: Double

    /// The combined scores.
    func combined(_ arms: ArmScores) -> [Double] {
        arms.teacher.indices.map { i in
            let archive = (1 - mixtureWeight) * arms.teacher[i] + mixtureWeight * arms.mixture[i]
            return ((1 - supervisedWeight) * archive + supervisedWeight * arms.supervised[i]) / temperature
        }
    }

    /// The combination of what is linear of the arms.
    func combined(_ parts: ArmParts) -> LinearParts {
        func times(_ parts: LinearParts, _ weight: Double) -> LinearParts {
            parts.scaled(by: [Double](repeating: weight / temperature, count: parts.intercepts.count))
        }
        return times(parts.teacher, (1 - supervisedWeight) * (1 - mixtureWeight))
            + times(parts.mixture, (1 - supervisedWeight) * mixtureWeight) + times(parts.supervised, supervisedWeight)
    }

    private static let mixtureWeights = [0, 0.25, 0.5, 0.75, 1]
    private static let supervisedWeights = [0, 0.25, 0.5, 0.75, 1]
    private static let temperatures = [0.5, 1, 2, 4]
    /// The power of the likelihood of a weight of the supervised arm.
    private static let caution = 0.25

    /// The decision by the log-loss of held-out articles.
    ///
    /// The weight of the mixture is the largest whose mean loss, with the best weight of the supervised arm beside it, is within a standard
    /// error (of the paired differences) of the least: it is the bolder guess about the archive, and gets the benefit of the doubt. The
    /// weight of the supervised arm is a mean over all, each counted by exp(−Σ loss / 4): a few labels do not tell the best of them, and
    /// a mean errs less than a choice (a stack of forecasts by tempered likelihood).
    ///
    /// - Parameters:
    ///   - arms: the scores of the held-out articles.
    ///   - classes: their true classes.
    static func choose(_ arms: ArmScores, classes: [Int], classCount: Int) -> GateDecision {
        var candidates: [(decision: GateDecision, losses: [Double], mean: Double)] = []
        for u in supervisedWeights {
            for w in mixtureWeights where u < 1 || w == 0 {
                var best: (decision: GateDecision, losses: [Double], mean: Double)?
                for temperature in temperatures {
                    let decision = GateDecision(mixtureWeight: w, supervisedWeight: u, temperature: temperature)
                    let scores = decision.combined(arms)
                    let losses = classes.indices.map { i in
                        ScoreTable.logSumExp(scores, i * classCount..<(i + 1) * classCount) - scores[i * classCount + classes[i]]
                    }
                    let mean = losses.reduce(0, +) / Double(max(1, losses.count))
                    if mean < best?.mean ?? .infinity { best = (decision, losses, mean) }
                }
                if let best { candidates.append(best) }
            }
        }
        guard let best = candidates.min(by: { $0.mean < $1.mean }) else {
            return GateDecision(mixtureWeight: 0, supervisedWeight: 0, temperature: 1)
        }
        let near = candidates.filter { candidate in
            let differences = zip(candidate.losses, best.losses).map { $0 - $1 }
            let mean = candidate.mean - best.mean
            let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, differences.count - 1))
            return mean <= (variance / Double(max(1, differences.count))).squareRoot()
        }
        let mixtureWeight = near.map(\.decision.mixtureWeight).max() ?? best.decision.mixtureWeight
        let pool = candidates.filter { $0.decision.mixtureWeight == mixtureWeight || $0.decision.supervisedWeight == 1 }
        let least = pool.map(\.mean).min() ?? 0
        let shares = pool.map { exp(-($0.mean - least) * Double(classes.count) * caution) }
        // What each arm is multiplied by, a mean over the pool.
        var (teacher, mixture, supervised) = (0.0, 0.0, 0.0)
        for (candidate, share) in zip(pool, shares) {
            let decision = candidate.decision
            let scale = share / shares.reduce(0, +) / decision.temperature
            teacher += scale * (1 - decision.supervisedWeight) * (1 - decision.mixtureWeight)
            mixture += scale * (1 - decision.supervisedWeight) * decision.mixtureWeight
            supervised += scale * decision.supervisedWeight
        }
        let archive = teacher + mixture
        return GateDecision(
            mixtureWeight: archive > 0 ? mixture / archive : 0, supervisedWeight: supervised / (archive + supervised),
            temperature: 1 / (archive + supervised))
    }
}
