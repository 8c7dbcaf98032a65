import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The targets and weights of a multi-label problem, by label.
struct OneVersusRestProblem: Sendable {
    let targets: [Int8]
    let sampleCount: Int
    let labelCount: Int
    let sampleWeights: [Double]?

    init(targets: [Int8], sampleCount: Int, labelCount: Int, sampleWeights: [Double]?) {
        precondition(targets.count == sampleCount * labelCount, "\(targets.count) targets for \(sampleCount) x \(labelCount)")
        precondition(targets.allSatisfy { $0 >= -1 && $0 <= 1 }, "a target is none of 1, 0, -1")
        if let sampleWeights {
            precondition(
                sampleWeights.count == sampleCount || sampleWeights.count == targets.count,
                "\(sampleWeights.count) weights for \(sampleCount) samples of \(labelCount) labels")
        }
        self.targets = targets
        self.sampleCount = sampleCount
        self.labelCount = labelCount
        self.sampleWeights = sampleWeights
    }

    /// The weight of a sample for a label; 0 where the target is missing.
    func weight(sample: Int, label: Int) -> Double {
        if targets[sample * labelCount + label] < 0 { return 0 }
        guard let sampleWeights else { return 1 }
        return sampleWeights.count == sampleCount ? sampleWeights[sample] : sampleWeights[sample * labelCount + label]
    }

    /// One label's targets, and its weight of every sample.
    func label(_ label: Int) -> (targets: [Int8], weights: [Double]) {
        (
            (0..<sampleCount).map { targets[$0 * labelCount + label] },
            (0..<sampleCount).map { weight(sample: $0, label: label) }
        )
    }

    /// The solution of a label all of whose examples agree: zero weights, and an intercept.
    struct Onesided: Sendable {
        let intercept: Double
        /// The summed losses.
        let loss: Double

        /// A report of no iterations.
        func report(_ inverseRegularization: Double) -> LinearSolution.Report {
            LinearSolution.Report(objective: inverseRegularization * loss, converged: true, iterations: 0, remaining: 0)
        }
    }

    /// The solution of a label without a positive or without a negative example, or nil for a proper label.
    ///
    /// With P and N the summed weights of the positive and negative examples, the intercept is ln((P + ½) / (N + ½)) for the
    /// logistic loss; for the hinges 1, −1, or 0 without any example; and 0 if none is fitted.
    func onesided(_ label: Int, loss: DualBinaryLoss, fitsIntercept: Bool) -> Onesided? {
        var positive = 0.0
        var negative = 0.0
        for i in 0..<sampleCount {
            if targets[i * labelCount + label] > 0 {
                positive += weight(sample: i, label: label)
            } else {
                negative += weight(sample: i, label: label)
            }
        }
        guard positive == 0 || negative == 0 else { return nil }
        switch loss {
        case .logistic:
            let intercept = fitsIntercept ? log((positive + 0.5) / (negative + 0.5)) : 0
            return Onesided(intercept: intercept, loss: positive * softplus(-intercept) + negative * softplus(intercept))
        case .squaredHinge, .hinge:
            guard fitsIntercept else { return Onesided(intercept: 0, loss: positive + negative) }
            return Onesided(intercept: positive > 0 ? 1 : negative > 0 ? -1 : 0, loss: 0)
        }
    }
}
