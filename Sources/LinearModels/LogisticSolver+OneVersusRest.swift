import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension LogisticSolver {
    /// Minimises a `BinaryLogisticObjective` (+ l1Ratio ‖w‖₁) for every label, labels side by side on several threads.
    ///
    /// A label without a positive example, or without a negative one, has no finite optimum in its intercept: it gets zero
    /// weights and the smoothed log-odds ln((P + ½) / (N + ½)), where P and N are the summed weights of its positive and negative
    /// examples. Its report counts as converged after no iterations.
    ///
    /// - Parameters:
    ///   - matrix: a row a sample.
    ///   - targets: [sample][label]; 1 positive, 0 negative, −1 missing: the sample has no part in that label's problem.
    ///   - sampleWeights: one a sample, or one a sample and label as [sample][label], ≥ 0; 1 each if nil.
    ///   - initial: a solution of a similar problem to start from.
    ///   - progress: told after every iteration of every label, from any thread.
    ///   - shouldContinue: asked before every iteration; false ends with `.cancelled`.
    /// - Returns: weights [feature][label], and a report for each label.
    /// - Complexity: O(elements) an iteration of a label.
    public static func oneVersusRest(
        matrix: SparseMatrix, targets: [Int8], labelCount: Int, sampleWeights: [Double]? = nil,
        options: LogisticOptions = LogisticOptions(), initial: LinearSolution? = nil,
        progress: @Sendable (LinearSolverProgress) -> Void = { _ in }, shouldContinue: @Sendable () -> Bool = { true }
    ) throws(LinearSolverError) -> LinearSolution {
        let problem = OneVersusRestProblem(
            targets: targets, sampleCount: matrix.rowCount, labelCount: labelCount, sampleWeights: sampleWeights)
        if let initial {
            precondition(
                initial.featureCount == matrix.columnCount && initial.outputCount == labelCount, "the start has another shape")
        }
        let transposed = matrix.transposed()
        let innerThreads = max(1, options.threads / max(1, labelCount))
        let solved = try parallelMap(count: labelCount, threads: options.threads) { label throws(LinearSolverError) in
            let (targets, weights) = problem.label(label)
            if let solution = degenerate(targets: targets, weights: weights, featureCount: matrix.columnCount, options: options) {
                return solution
            }
            var objective = BinaryLogisticObjective(
                matrix: matrix, transposed: transposed, targets: targets, sampleWeights: weights,
                inverseRegularization: options.inverseRegularization, ridge: 1 - options.l1Ratio,
                fitsIntercept: options.fitsIntercept, threads: innerThreads)
            let start = initial.map { initial in
                (0..<matrix.columnCount).map { initial.weights[$0 * labelCount + label] }
                    + (options.fitsIntercept ? [initial.intercepts[label]] : [])
            }
            let result = try minimize(
                &objective, scales: objective.scales, weightCount: matrix.columnCount, start: start,
                options: options, label: label, progress: progress,
                shouldContinue: shouldContinue)
            return (
                weights: Array(result.parameters.prefix(matrix.columnCount)),
                intercept: options.fitsIntercept ? result.parameters[matrix.columnCount] : 0,
                report: LinearSolution.Report(result)
            )
        }
        var weights = [Double](repeating: 0, count: matrix.columnCount * labelCount)
        for label in 0..<labelCount {
            for j in 0..<matrix.columnCount { weights[j * labelCount + label] = solved[label].weights[j] }
        }
        return LinearSolution(
            weights: weights, intercepts: solved.map(\.intercept), solverName: name(options), reports: solved.map(\.report))
    }

    /// The solution of a label all of whose examples agree, or nil for a proper one.
    private static func degenerate(
        targets: [Int8], weights: [Double], featureCount: Int, options: LogisticOptions
    ) -> (weights: [Double], intercept: Double, report: LinearSolution.Report)? {
        var positive = 0.0
        var negative = 0.0
        for i in targets.indices {
            if targets[i] == 1 { positive += weights[i] }
            if targets[i] == 0 { negative += weights[i] }
        }
        guard positive == 0 || negative == 0 else { return nil }
        let intercept = options.fitsIntercept ? OneVersusRestProblem.smoothedLogOdds(positive, negative) : 0
        let loss = positive * softplus(-intercept) + negative * softplus(intercept)
        return (
            weights: [Double](repeating: 0, count: featureCount), intercept: intercept,
            report: LinearSolution.Report(
                objective: options.inverseRegularization * loss, converged: true, iterations: 0, remaining: 0)
        )
    }
}

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

    /// ln((P + ½) / (N + ½)).
    static func smoothedLogOdds(_ positive: Double, _ negative: Double) -> Double {
        log((positive + 0.5) / (negative + 0.5))
    }
}
