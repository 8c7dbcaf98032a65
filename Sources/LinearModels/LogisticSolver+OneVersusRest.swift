import LinearAlgebra

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
            if let onesided = problem.onesided(label, loss: .logistic, fitsIntercept: options.fitsIntercept) {
                return (
                    weights: [Double](repeating: 0, count: matrix.columnCount), intercept: onesided.intercept,
                    report: onesided.report(options.inverseRegularization)
                )
            }
            let (targets, weights) = problem.label(label)
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
            weights: SolvedWeights(weights), intercepts: solved.map(\.intercept), solverName: name(options),
            reports: solved.map(\.report))
    }
}
