#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much each arm counts: what the comparison on held-out labels decided.
///
///     S = ((1 − u)((1 − w) A + w B / σ) + u A₀) / τ
///
/// of the teacher A, the mixture B and the supervised arm A₀.
public struct GateDecision: Sendable, Equatable, Codable {
    /// w: the weight of the mixture against the teacher, 0...1.
    public var mixtureWeight: Double
    /// u: the weight of training without the archive, 0...1.
    public var supervisedWeight: Double
    /// σ > 0: by what the mixture, which is always too sure, is divided.
    public var mixtureTemperature: Double
    /// τ > 0.
    public var temperature: Double

    /// What the scores of the arms are multiplied by.
    struct Weights: Sendable {
        var supervised = 0.0
        var teacher = 0.0
        var mixture = 0.0

        func combined(_ arms: ArmScores) -> [Double] {
            arms.teacher.indices.map {
                teacher * arms.teacher[$0] + mixture * arms.mixture[$0] + supervised * arms.supervised[$0]
            }
        }

        func scaled(by factor: Double) -> Weights {
            Weights(supervised: factor * supervised, teacher: factor * teacher, mixture: factor * mixture)
        }
    }

    var weights: Weights {
        Weights(
            supervised: supervisedWeight, teacher: (1 - supervisedWeight) * (1 - mixtureWeight),
            mixture: (1 - supervisedWeight) * mixtureWeight / mixtureTemperature
        ).scaled(by: 1 / temperature)
    }

    /// The combined scores.
    func combined(_ arms: ArmScores) -> [Double] { weights.combined(arms) }

    /// The combination of what is linear of the arms.
    func combined(_ parts: ArmParts) -> LinearParts {
        func times(_ parts: LinearParts, _ weight: Double) -> LinearParts {
            parts.scaled(by: [Double](repeating: weight, count: parts.intercepts.count))
        }
        let weights = weights
        return times(parts.teacher, weights.teacher) + times(parts.mixture, weights.mixture)
            + times(parts.supervised, weights.supervised)
    }

    /// What the supervised arm may count beside the mixture, which counts 1.
    private static let supervisedWeights = [0, 0.25, 0.5, 1, 2, 4]
    private static let mixtureTemperatures = [1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16, 32, 64]
    private static let temperatures = [0.5, 0.7, 1, 1.4, 2, 2.8, 4]
    /// The power of the likelihood of a combination.
    private static let caution = 0.5
    /// The logarithm of how much less the teacher or the supervised arm alone are believed beforehand than the mixture alone.
    private static let aloneDoubt = 9.0

    /// The decision by the log-loss of held-out articles.
    ///
    /// The mixture is divided by the σ of the least loss, so that one which is wrong says little. Then S is a mean over combinations: the mixture
    /// with c times the supervised arm, c from 0 to 4, and these two and the teacher alone. Each counts by exp(−Σ loss / 2) and by what is believed
    /// beforehand, exp(−c): few labels do not tell the best, and a mean errs less than a choice (a stack of forecasts by tempered likelihood).
    /// Mixture and supervised arm go together well because they see the articles in different ways; the mixture began from the teacher, which
    /// adds little to it.
    ///
    /// - Parameters:
    ///   - arms: the scores of the held-out articles.
    ///   - classes: their true classes.
    static func choose(_ arms: ArmScores, classes: [Int], classCount: Int) -> GateDecision {
        func loss(_ weights: Weights) -> Double {
            let scores = weights.combined(arms)
            return classes.indices.reduce(0) { sum, i in
                sum + ScoreTable.logSumExp(scores, i * classCount..<(i + 1) * classCount) - scores[i * classCount + classes[i]]
            }
        }
        func least(_ weights: Weights, over temperatures: [Double]) -> (weights: Weights, temperature: Double, loss: Double) {
            var best = (weights: weights, temperature: 1.0, loss: Double.infinity)
            for temperature in temperatures {
                let scaled = weights.scaled(by: 1 / temperature)
                let loss = loss(scaled)
                if loss < best.loss { best = (scaled, temperature, loss) }
            }
            return best
        }
        let sigma = least(Weights(mixture: 1), over: mixtureTemperatures).temperature
        // A mixture that is better the less it says has nothing to say.
        let isUseless = sigma == mixtureTemperatures.last
        var candidates = supervisedWeights.map { (weights: Weights(supervised: $0, mixture: 1 / sigma), doubt: $0) }
        if isUseless { candidates = [] }
        candidates.append((Weights(supervised: 1), isUseless ? 0 : aloneDoubt))
        candidates.append((Weights(teacher: 1), isUseless ? 0 : aloneDoubt))
        let fitted = candidates.map { least($0.weights, over: temperatures) }
        let logs = zip(fitted, candidates).map { -caution * $0.loss - $1.doubt }
        let total = ScoreTable.logSumExp(logs, 0..<logs.count)
        var mean = Weights()
        for (candidate, log) in zip(fitted, logs) {
            let share = exp(log - total)
            mean.supervised += share * candidate.weights.supervised
            mean.teacher += share * candidate.weights.teacher
            mean.mixture += share * candidate.weights.mixture
        }
        let archive = mean.teacher + mean.mixture * sigma
        return GateDecision(
            mixtureWeight: archive > 0 ? mean.mixture * sigma / archive : 0,
            supervisedWeight: mean.supervised / (archive + mean.supervised), mixtureTemperature: sigma,
            temperature: 1 / (archive + mean.supervised))
    }
}
