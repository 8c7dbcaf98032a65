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

    private static let mixtureWeights = [0, 0.25, 0.5, 0.75, 1]
    private static let supervisedWeights = [0, 0.25, 0.5, 0.75, 1]
    private static let temperatures = [0.5, 1, 2, 4]

    /// The decision by the log-loss of held-out articles: among all whose mean loss is within half a standard error (of the paired
    /// differences) of the best and give the supervised arm the same weight, the one that trusts the mixture most.
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
            return mean <= 0.5 * (variance / Double(max(1, differences.count))).squareRoot()
        }
        // The mixture is the bolder guess about the archive: it gets the benefit of the doubt, the supervised arm none.
        return near.map(\.decision).filter { $0.supervisedWeight == best.decision.supervisedWeight }
            .max { $0.mixtureWeight < $1.mixtureWeight } ?? best.decision
    }
}
