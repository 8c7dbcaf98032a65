import LinearAlgebra

/// Binary linear models, one a label, by coordinate ascent in the dual: the fast solver for multi-label problems and one-vs-rest on
/// sparse rows of text.
///
/// All labels of a block of up to 16 are updated while a sample's row is at hand; blocks run side by side on several threads. It
/// minimises the objective of `BinaryLogisticObjective` with r = 1, of `SquaredHingeObjective`, or of the hinge, in single precision, every label to
/// a relative duality gap. For relative gaps below about 10⁻⁶, features of very different scales, or L1 penalties, take
/// `LogisticSolver`. The weights are the same bits on every machine. (Hsieh et al. 2008; Yu, Huang & Lin 2011.)
public enum DualBinarySolver {
    /// The most labels updated together.
    static let blockLength = 16

    /// Fits a model for every label.
    ///
    /// A label without a positive example, or without a negative one, gets zero weights. Its intercept is then for the logistic loss
    /// the smoothed log-odds ln((P + ½) / (N + ½)), P and N being the summed weights of its positive and negative examples, and for
    /// the hinges 1, −1, or 0 if it has no example at all.
    ///
    /// - Parameters:
    ///   - matrix: a row a sample.
    ///   - targets: [sample][label]; 1 positive, 0 negative, −1 missing: the sample has no part in that label's problem.
    ///   - sampleWeights: one a sample, or one a sample and label as [sample][label], ≥ 0; 1 each if nil.
    ///   - progress: told after every epoch of a block, with the block's first label, from any thread.
    ///   - shouldContinue: asked before every epoch; false ends with `.cancelled`.
    /// - Returns: weights [feature][label], and a report for each label.
    /// - Complexity: O(elements · labels) an epoch.
    public static func solve(
        matrix: SparseMatrix, targets: [Int8], labelCount: Int, sampleWeights: [Double]? = nil, loss: DualBinaryLoss,
        options: DualOptions = DualOptions(), progress: @Sendable (LinearSolverProgress) -> Void = { _ in },
        shouldContinue: @Sendable () -> Bool = { true }
    ) throws(LinearSolverError) -> LinearSolution {
        try path(
            matrix: matrix, targets: targets, labelCount: labelCount, sampleWeights: sampleWeights, loss: loss,
            inverseRegularizations: [options.inverseRegularization], options: options, progress: progress,
            shouldContinue: shouldContinue)[0]
    }

    /// Fits a model for every label and each of several values of C, each C starting from the next smaller one.
    ///
    /// - Returns: the solutions in the order of `inverseRegularizations`.
    public static func path(
        matrix: SparseMatrix, targets: [Int8], labelCount: Int, sampleWeights: [Double]? = nil, loss: DualBinaryLoss,
        inverseRegularizations: [Double], options: DualOptions = DualOptions(),
        progress: @Sendable (LinearSolverProgress) -> Void = { _ in }, shouldContinue: @Sendable () -> Bool = { true }
    ) throws(LinearSolverError) -> [LinearSolution] {
        precondition(inverseRegularizations.allSatisfy { $0 > 0 }, "an inverse regularisation is not positive")
        let problem = OneVersusRestProblem(
            targets: targets, sampleCount: matrix.rowCount, labelCount: labelCount, sampleWeights: sampleWeights)
        let order = SampleOrder(sampleCount: matrix.rowCount, seed: options.seed)
        let constant = ConstantColumns(matrix, besideIntercept: options.fitsIntercept)
        let rows = FloatRows(matrix, order: order.layout, leavingOut: constant.columns, threads: options.threads)
        guard rows.isFinite && sampleWeights?.allSatisfy(\.isFinite) ?? true else { throw .notFinite }
        let blocks = blocks(of: labelCount)
        let ascending = inverseRegularizations.indices.sorted { inverseRegularizations[$0] < inverseRegularizations[$1] }

        // Within a block only gaps are computed on several threads.
        var blockOptions = options
        blockOptions.threads = max(1, options.threads / max(1, blocks.count))
        let inner = blockOptions
        let solved = try parallelMap(count: blocks.count, threads: options.threads) { block throws(LinearSolverError) in
            let labels = blocks[block]
            let onesided = labels.map { problem.onesided($0, loss: loss, fitsIntercept: options.fitsIntercept) }
            var order = order
            var state = DualBinaryState(
                rows: rows, loss: loss, labelCount: labels.count, interceptRidge: constant.ridge
            ) { row, label in
                problem.targets[order.layout[row] * labelCount + labels.lowerBound + label] > 0
            }
            var solutions: [BlockSolution] = []
            for p in ascending {
                let c = inverseRegularizations[p]
                state.setCosts(hasIntercept: options.fitsIntercept || constant.ridge > 0) { row, label in
                    if onesided[label] != nil { return 0 }
                    return Float(c * problem.weight(sample: order.layout[row], label: labels.lowerBound + label))
                }
                let reports = try DualAscent.run(
                    &state, order: &order, problemCount: labels.count, options: inner, progress: progress,
                    shouldContinue: shouldContinue, label: labels.lowerBound)
                solutions.append(BlockSolution(state, reports: reports, onesided: onesided, c: c))
            }
            return solutions
        }
        return inverseRegularizations.indices.map { p in
            let place = ascending.firstIndex(of: p)!
            return constant.restored(
                in: joined(solved.map { $0[place] }, featureCount: matrix.columnCount, labelCount: labelCount, loss: loss))
        }
    }

    /// The labels as few blocks of about the same length, each but the last a multiple of four.
    static func blocks(of labelCount: Int) -> [Range<Int>] {
        let vectorCount = (labelCount + 3) / 4
        let count = (labelCount + blockLength - 1) / blockLength
        return (0..<count).map { block in
            (4 * (block * vectorCount / count))..<min(labelCount, 4 * ((block + 1) * vectorCount / count))
        }
    }

    /// One block's weights, [feature][label], with intercepts and reports.
    private struct BlockSolution: Sendable {
        let weights: [SIMD4<Float>]
        let width: Int
        let intercepts: [Double]
        let reports: [LinearSolution.Report]

        init(_ state: DualBinaryState, reports: [LinearSolution.Report], onesided: [OneVersusRestProblem.Onesided?], c: Double) {
            weights = state.weights
            width = state.width
            intercepts = onesided.indices.map { onesided[$0]?.intercept ?? Double(state.intercept.values[$0 / 4][$0 % 4]) }
            self.reports = zip(reports, onesided).map { report, onesided in onesided?.report(c) ?? report }
        }
    }

    private static func joined(
        _ blocks: [BlockSolution], featureCount: Int, labelCount: Int, loss: DualBinaryLoss
    ) -> LinearSolution {
        var weights = [Float](largeRepeating: 0, count: featureCount * labelCount)
        var first = 0
        for block in blocks {
            DualWeights.unpad(
                block.weights, width: block.width, outputCount: block.intercepts.count, into: &weights, first: first,
                of: labelCount)
            first += block.intercepts.count
        }
        return LinearSolution(
            weights: SolvedWeights(weights), intercepts: blocks.flatMap(\.intercepts),
            solverName: loss.solverName, reports: blocks.flatMap(\.reports))
    }
}

extension DualBinaryLoss {
    /// The name of its solver in reports.
    var solverName: String {
        switch self {
        case .logistic: "dual-logistic"
        case .squaredHinge: "dual-squared-hinge"
        case .hinge: "dual-hinge"
        }
    }
}
