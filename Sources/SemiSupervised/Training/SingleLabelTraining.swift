import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What training with an archive makes of a single-label task: probabilities of the classes for every article, and how it came to them.
struct SingleLabelResult: Sendable {
    /// Articles × classes.
    let probabilities: [Double]
    let decision: GateDecision
    /// The estimated shares of the classes in the archive.
    let shares: [Double]
    /// Scores of the labelled articles while they were held out in the gate's folds, by each arm, in the order of the labelled ones.
    let heldOut: ArmScores
    /// Scores of all articles by each arm.
    let arms: ArmScores
    /// What of the probabilities' logarithms is linear in the features.
    let parts: LinearParts
}

extension SingleLabelArms {
    /// Fits the arms in the gate's folds, decides, fits them to all labelled articles and combines them.
    func result(folds: [Int]) throws -> SingleLabelResult {
        let k = classCount
        var heldOut = ArmScores(
            supervised: [Double](repeating: 0, count: labelled.count * k),
            teacher: [Double](repeating: 0, count: labelled.count * k),
            mixture: [Double](repeating: 0, count: labelled.count * k))
        let used = Set(folds).sorted()
        context.report(.phase("comparing with and without the archive"))
        for (number, fold) in used.enumerated() {
            context.report(.progress(done: number, total: used.count))
            let inside = labelled.indices.filter { folds[$0] != fold }
            guard !inside.isEmpty else { continue }
            let arms = try fitted(knowing: inside).scores
            for index in labelled.indices where folds[index] == fold {
                for c in 0..<k {
                    let source = labelled[index] * k + c
                    heldOut.supervised[index * k + c] = arms.supervised[source]
                    heldOut.teacher[index * k + c] = arms.teacher[source]
                    heldOut.mixture[index * k + c] = arms.mixture[source]
                }
            }
        }
        let decision = GateDecision.choose(heldOut, classes: classes, classCount: k)
        context.report(.phase("training with the archive"))
        let (arms, parts) = try fitted(knowing: Array(labelled.indices))
        let combined = decision.combined(arms)
        let prior = LabelPrior(parameters.prior, classes: classes, classCount: k)
        let shares = prior.shares(combined, rowCount: features.trainingCount)
        var linear = decision.combined(parts())
        for c in 0..<k { linear.intercepts[c] += log(max(shares[c] * Double(k), 1e-12)) }
        return SingleLabelResult(
            probabilities: LabelPrior.posteriors(combined, shares), decision: decision, shares: shares, heldOut: heldOut,
            arms: arms, parts: linear)
    }
}
