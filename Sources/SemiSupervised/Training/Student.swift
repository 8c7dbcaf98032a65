import LinearAlgebra
import LinearModels
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The linear model that is kept, fitted to what the arms say of the archive and to the labels (Hinton, Vinyals & Dean 2015, at
/// temperature 1).
///
/// What is linear of the arms and logistic regression on article vectors that is fitted to what they say, half of each, are folded into
/// weights on the kept features; then, with these scores as they are, logistic regression on the kept features, whose penalty is on the
/// difference to the folded weights, makes good what folding left out: so a word that is rare in the archive has the weight of the words
/// near it, not none.
struct Student: Sendable {
    /// How close the kept model comes to the arms it was fitted to, on articles of the archive that it was not fitted to.
    struct Fidelity: Sendable, Equatable, Codable {
        /// The share of articles that get the same labels.
        var agreement: Double
        /// The mean absolute difference of probabilities.
        var probabilityDifference: Double
        /// How many articles were compared.
        var articleCount: Int
    }

    let inverseRegularization: Double
    let labelWeight: Double
    let isExclusive: Bool
    let classCount: Int
    let context: TrainingContext

    /// Every so-many-th article of the archive is kept to compare with.
    private static let comparedEvery = 10

    /// - Parameters:
    ///   - labelled: the rows of the labelled articles among the features.
    ///   - parts: what is linear of the arms.
    ///   - folded: folds weights on other features into weights on the kept ones.
    ///   - probabilities: what the arms say, articles × classes.
    ///   - labels: for the labelled articles 1, 0 or not a number where unknown, articles × classes.
    ///   - thresholds: for comparing decisions in a multi-label task.
    func fitted(
        features: ArchiveFeatures, labelled: [Int], parts: LinearParts, folded: (LinearParts) -> Folding, probabilities: [Double],
        labels: [Float], thresholds: [Double]
    ) throws -> (model: LinearModel, fidelity: Fidelity) {
        let rows = features.terms
        var isLabelled = [Bool](repeating: false, count: rows.rowCount)
        for article in labelled { isLabelled[article] = true }
        let unlabelled = (0..<features.trainingCount).filter { !isLabelled[$0] }
        let compared = stride(from: Self.comparedEvery - 1, to: unlabelled.count, by: Self.comparedEvery).map { unlabelled[$0] }
        var costs = [Float](repeating: Float(inverseRegularization), count: rows.rowCount)
        for article in features.trainingCount..<rows.rowCount { costs[article] = 0 }
        for article in labelled { costs[article] *= Float(labelWeight) }
        for article in compared { costs[article] = 0 }
        var targets = probabilities.map { Float($0) }
        for (index, article) in labelled.enumerated() {
            for c in 0..<classCount { targets[article * classCount + c] = labels[index * classCount + c] }
        }
        let loss = isExclusive ? SoftTargetObjective.Loss.softmax : .logistic
        let onVectors = SoftTargetObjective(
            block: features.vectorBlock, targets: targets, classCount: classCount, loss: loss, costs: costs,
            threads: context.threadCount
        ).minimum(tolerance: 1e-2, maximumIterations: 50, context: context)
        let half = [Double](repeating: 0.5, count: classCount)
        let folding = folded((parts + LinearParts(onVectors: onVectors, outputCount: classCount)).scaled(by: half))
        let base = rows.product(with: folding.weights, k: classCount, threads: context.threadCount)
        var objective = SoftTargetObjective(
            block: FeatureBlock(rows), targets: targets, classCount: classCount, loss: loss, costs: costs,
            threads: context.threadCount)
        let norm = objective.gradientNormAtZero
        objective.offsets = base.map { Float($0) }
        let solution = objective.minimum(
            tolerance: 1e-3, maximumIterations: 150,
            start: [Double](repeating: 0, count: rows.columnCount * classCount) + folding.intercepts,
            referenceGradientNorm: norm, context: context)
        try context.checkCancellation()
        guard solution.allSatisfy(\.isFinite) else { throw TrainingError.notFinite(component: "student", what: "a weight") }
        var intercepts = Array(solution.suffix(classCount))
        var scores = objective.scores(solution)
        if !isExclusive {
            for c in 0..<classCount {
                let shift = shift(
                    unlabelled.map { scores[$0 * classCount + c] },
                    givenCount: unlabelled.count { probabilities[$0 * classCount + c] >= thresholds[c] }, threshold: thresholds[c]
                )
                intercepts[c] += shift
                for article in 0..<rows.rowCount { scores[article * classCount + c] += shift }
            }
        }
        let model = LinearModel(weights: zip(solution, folding.weights).map { Float($0 + $1) }, intercepts: intercepts)
        return (model, fidelity(scores, probabilities, compared, thresholds))
    }

    /// What to add to the scores of a label so that it is given as often as it is by what they were fitted to: a fit that is drawn towards
    /// the mean gives rare labels too seldom.
    private func shift(_ scores: [Double], givenCount: Int, threshold: Double) -> Double {
        guard givenCount > 0, givenCount < scores.count else { return 0 }
        let sorted = scores.sorted(by: >)
        return log(threshold / (1 - threshold)) - (sorted[givenCount - 1] + sorted[givenCount]) / 2
    }

    private func fidelity(
        _ scores: [Double], _ probabilities: [Double], _ compared: [Int], _ thresholds: [Double]
    ) -> Fidelity {
        var agreeing = 0
        var difference = 0.0
        for article in compared {
            let range = article * classCount..<(article + 1) * classCount
            var own = Array(scores[range])
            if isExclusive {
                ScoreTable.softmaxRows(&own, classCount: classCount)
            } else {
                own = own.map(sigmoid)
            }
            let other = Array(probabilities[range])
            for c in 0..<classCount { difference += abs(own[c] - other[c]) }
            let isSame =
                isExclusive
                ? own.indices.max { own[$0] < own[$1] } == other.indices.max { other[$0] < other[$1] }
                : own.indices.allSatisfy { (own[$0] >= thresholds[$0]) == (other[$0] >= thresholds[$0]) }
            if isSame { agreeing += 1 }
        }
        let count = max(1, compared.count)
        return Fidelity(
            agreement: Double(agreeing) / Double(count), probabilityDifference: difference / Double(count * classCount),
            articleCount: compared.count)
    }
}
