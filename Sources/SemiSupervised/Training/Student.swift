import LinearAlgebra
import LinearModels
import TextClassification

/// The linear model that is kept, fitted to what the arms say of the archive and to the labels (Hinton, Vinyals & Dean 2015, at
/// temperature 1).
///
/// First logistic regression on article vectors, which is folded into weights on words; then, with its scores as they are, logistic
/// regression on the kept features, whose penalty is on the difference to the folded weights: so a word that is rare in the archive has
/// the weight of the words near it, not none.
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
    ///   - features: of the labelled articles first, then of the archive.
    ///   - folded: folds weights on article vectors (dimensions × classes) into weights on the kept features.
    ///   - probabilities: what the arms say, articles × classes.
    ///   - labels: for the labelled articles 1, 0 or not a number where unknown, articles × classes.
    ///   - thresholds: for comparing decisions in a multi-label task.
    func fitted(
        features: ArchiveFeatures, folded: ([Double]) -> Folding, probabilities: [Double], labels: [Float], thresholds: [Double]
    ) throws -> (model: LinearModel, fidelity: Fidelity) {
        let rows = features.terms
        let labelledCount = labels.count / max(1, classCount)
        let compared = (labelledCount..<rows.rowCount).filter {
            ($0 - labelledCount) % Self.comparedEvery == Self.comparedEvery - 1
        }
        var costs = [Float](repeating: Float(inverseRegularization), count: rows.rowCount)
        for article in 0..<labelledCount { costs[article] *= Float(labelWeight) }
        for article in compared { costs[article] = 0 }
        var targets = probabilities.map { Float($0) }
        for i in labels.indices { targets[i] = labels[i] }
        let onVectors = SoftTargetObjective(
            block: features.vectorBlock, targets: targets, classCount: classCount, isExclusive: isExclusive, costs: costs,
            threads: context.threadCount
        ).minimum(tolerance: 1e-2, maximumIterations: 50, context: context)
        let folding = folded(Array(onVectors.dropLast(classCount)))
        let base = rows.product(with: folding.weights, k: classCount, threads: context.threadCount)
        var start = [Double](repeating: 0, count: rows.columnCount * classCount)
        for c in 0..<classCount { start.append(folding.intercepts[c] + onVectors[onVectors.count - classCount + c]) }
        let objective = SoftTargetObjective(
            block: FeatureBlock(rows), targets: targets, classCount: classCount, isExclusive: isExclusive, costs: costs,
            threads: context.threadCount, offsets: base.map { Float($0) })
        let solution = objective.minimum(tolerance: 1e-3, maximumIterations: 150, start: start, context: context)
        try context.checkCancellation()
        guard solution.allSatisfy(\.isFinite) else { throw TrainingError.notFinite(component: "student", what: "a weight") }
        let model = LinearModel(
            weights: zip(solution, folding.weights).map { Float($0 + $1) }, intercepts: Array(solution.suffix(classCount)))
        return (model, fidelity(objective.scores(solution), probabilities, compared, thresholds))
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
