import LinearAlgebra

/// Logistic regression by L-BFGS (by OWL-QN with an L1 penalty): the reference solver, exact to any tolerance.
public enum LogisticSolver {
    /// Minimises `SoftmaxObjective` (+ l1Ratio ‖W‖₁): all classes in one problem.
    ///
    /// - Parameters:
    ///   - matrix: a row a sample.
    ///   - classes: the class of each sample, within `0 ..< classCount`.
    ///   - sampleWeights: one a sample, ≥ 0; 1 each if nil.
    ///   - initial: a solution of a similar problem to start from.
    ///   - progress: told after every iteration.
    ///   - shouldContinue: asked before every iteration; false ends with `.cancelled`.
    /// - Returns: weights [feature][class]. The intercepts sum to zero (only their differences matter), but for a class that no
    ///   sample of positive weight has: it gets zero weights and the intercept −1000, so that its probability is 0.
    /// - Complexity: O(elements · classes) an iteration.
    public static func multinomial(
        matrix: SparseMatrix, classes: [Int], classCount: Int, sampleWeights: [Double]? = nil,
        options: LogisticOptions = LogisticOptions(), initial: LinearSolution? = nil,
        progress: @Sendable (LinearSolverProgress) -> Void = { _ in }, shouldContinue: @Sendable () -> Bool = { true }
    ) throws(LinearSolverError) -> LinearSolution {
        let occurring = OccurringClasses(classes, classCount: classCount, sampleWeights: sampleWeights)
        guard occurring.count > 1 else {
            return occurring.trivial(featureCount: matrix.columnCount, solverName: name(options))
        }
        if let initial {
            precondition(
                initial.featureCount == matrix.columnCount && initial.outputCount == classCount, "the start has another shape")
        }
        guard occurring.count == classCount else {
            let solution = try multinomial(
                matrix: matrix, classes: occurring.renumbered(classes), classCount: occurring.count, sampleWeights: sampleWeights,
                options: options, initial: initial.map(occurring.reduced), progress: progress, shouldContinue: shouldContinue)
            return occurring.expanded(solution)
        }
        var objective = SoftmaxObjective(
            matrix: matrix, classes: classes, classCount: classCount, sampleWeights: sampleWeights,
            inverseRegularization: options.inverseRegularization, ridge: 1 - options.l1Ratio,
            fitsIntercept: options.fitsIntercept, threads: options.threads)
        let weightCount = matrix.columnCount * classCount
        let start = initial.map { Array($0.weights) + (options.fitsIntercept ? $0.intercepts : []) }
        let result = try minimize(
            &objective, scales: objective.scales, weightCount: weightCount, start: start, options: options,
            label: nil, progress: progress,
            shouldContinue: shouldContinue)
        var intercepts = [Double](repeating: 0, count: classCount)
        if options.fitsIntercept {
            intercepts = Array(result.parameters[weightCount...])
            let mean = intercepts.reduce(0, +) / Double(classCount)
            for c in 0..<classCount { intercepts[c] -= mean }
        }
        return LinearSolution(
            weights: SolvedWeights(Array(result.parameters.prefix(weightCount))), intercepts: intercepts,
            solverName: name(options),
            reports: [LinearSolution.Report(result)])
    }

    static func name(_ options: LogisticOptions) -> String {
        options.l1Ratio > 0 ? "owl-qn" : "l-bfgs"
    }

    /// Minimises an objective whose parameters are weights, then intercepts; the tolerance is relative to the gradient at zero.
    static func minimize(
        _ objective: inout some Objective, scales: [Double], weightCount: Int, start: [Double]?, options: LogisticOptions,
        label: Int?, progress: (LinearSolverProgress) -> Void, shouldContinue: () -> Bool
    ) throws(LinearSolverError) -> MinimizationResult {
        let l1Weights = (0..<objective.parameterCount).map { $0 < weightCount ? options.l1Ratio : 0 }
        let zero = [Double](repeating: 0, count: objective.parameterCount)
        let reference = start == nil ? nil : LBFGS.gradientNorm(of: &objective, at: zero, l1Weights: l1Weights)
        let solver = LBFGS(gradientTolerance: options.tolerance, maximumIterations: options.maximumIterations)
        let result = solver.minimize(
            &objective, from: start ?? zero, l1Weights: options.l1Ratio > 0 ? l1Weights : nil, referenceGradientNorm: reference,
            diagonal: scales, shouldContinue: shouldContinue
        ) {
            progress(
                LinearSolverProgress(
                    label: label, iteration: $0.iteration, objective: $0.value, remaining: $0.relativeGradientNorm))
        }
        switch result.stopReason {
        case .cancelled: throw .cancelled
        case .notFinite: throw .notFinite
        default: return result
        }
    }
}

extension LinearSolution.Report {
    init(_ result: MinimizationResult) {
        self.init(
            objective: result.value, converged: result.converged, iterations: result.iterations,
            remaining: result.relativeGradientNorm)
    }
}
