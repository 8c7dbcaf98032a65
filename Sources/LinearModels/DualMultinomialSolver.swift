import LinearAlgebra

/// Multinomial logistic regression by block coordinate ascent in the dual, all classes of a sample at once: the fast solver for
/// sparse rows of text.
///
/// It minimises the objective of `SoftmaxObjective` with r = 1, in single precision, to a relative duality gap; with C up to 10 as many as
/// 6 to 12 passes over TF-IDF rows reach 10⁻⁴, at C in the hundreds some 20 to 60 do (`DualAscent`). For relative gaps below about
/// 10⁻⁶, features of very different scales, or L1 penalties, take `LogisticSolver`. (Yu, Huang & Lin 2011; Shalev-Shwartz & Zhang
/// 2013.) Columns that have one value in every row cost no passes, see `ConstantColumns`.
///
/// Nothing but additions, multiplications, divisions and square roots in a fixed order decides the weights: they are the same bits
/// on every machine, for every number of threads.
///
/// A class that no sample of positive weight has gets zero weights and the intercept −1000, so that its probability is 0; the
/// intercepts of the others sum to zero.
public enum DualMultinomialSolver {
    static let name = "dual-multinomial"

    /// Fits one model.
    ///
    /// - Parameters:
    ///   - matrix: a row a sample.
    ///   - classes: the class of each sample, within `0 ..< classCount`.
    ///   - sampleWeights: one a sample, ≥ 0; 1 each if nil.
    ///   - progress: told after every epoch; what remains is the estimated gap.
    ///   - shouldContinue: asked before every epoch; false ends with `.cancelled`.
    /// - Returns: weights [feature][class].
    /// - Complexity: O(elements · classes) an epoch.
    public static func solve(
        matrix: SparseMatrix, classes: [Int], classCount: Int, sampleWeights: [Double]? = nil,
        options: DualOptions = DualOptions(), progress: (LinearSolverProgress) -> Void = { _ in },
        shouldContinue: () -> Bool = { true }
    ) throws(LinearSolverError) -> LinearSolution {
        try path(
            matrix: matrix, classes: classes, classCount: classCount, sampleWeights: sampleWeights,
            inverseRegularizations: [options.inverseRegularization], options: options, progress: progress,
            shouldContinue: shouldContinue)[0]
    }

    /// Fits a model for each of several values of C, each starting from the one of the next smaller C.
    ///
    /// - Returns: the solutions in the order of `inverseRegularizations`.
    public static func path(
        matrix: SparseMatrix, classes: [Int], classCount: Int, sampleWeights: [Double]? = nil, inverseRegularizations: [Double],
        options: DualOptions = DualOptions(), progress: (LinearSolverProgress) -> Void = { _ in },
        shouldContinue: () -> Bool = { true }
    ) throws(LinearSolverError) -> [LinearSolution] {
        precondition(classes.count == matrix.rowCount, "\(classes.count) classes for \(matrix.rowCount) samples")
        precondition(classes.allSatisfy { $0 >= 0 && $0 < classCount }, "a class is outside 0..<\(classCount)")
        precondition(sampleWeights == nil || sampleWeights?.count == matrix.rowCount, "one weight a sample is needed")
        precondition(inverseRegularizations.allSatisfy { $0 > 0 }, "an inverse regularisation is not positive")
        let occurring = OccurringClasses(classes, classCount: classCount, sampleWeights: sampleWeights)
        guard occurring.count > 1 else {
            let trivial = occurring.trivial(featureCount: matrix.columnCount, solverName: name)
            return inverseRegularizations.map { _ in trivial }
        }
        guard occurring.count == classCount else {
            let solutions = try path(
                matrix: matrix, classes: occurring.renumbered(classes), classCount: occurring.count, sampleWeights: sampleWeights,
                inverseRegularizations: inverseRegularizations, options: options, progress: progress,
                shouldContinue: shouldContinue)
            return solutions.map(occurring.expanded)
        }
        var order = SampleOrder(sampleCount: matrix.rowCount, seed: options.seed)
        let constant = ConstantColumns(matrix, besideIntercept: options.fitsIntercept)
        let rows = FloatRows(matrix, order: order.layout, leavingOut: constant.columns, threads: options.threads)
        let weights = order.layout.map { Float(sampleWeights?[$0] ?? 1) }
        guard rows.isFinite && weights.allSatisfy(\.isFinite) else { throw .notFinite }
        var state = DualMultinomialState(
            rows: rows, classes: order.layout.map { classes[$0] }, classCount: classCount, interceptRidge: constant.ridge)
        var solutions = [LinearSolution?](repeating: nil, count: inverseRegularizations.count)
        for p in inverseRegularizations.indices.sorted(by: { inverseRegularizations[$0] < inverseRegularizations[$1] }) {
            state.setCosts(
                weights.map { $0 * Float(inverseRegularizations[p]) },
                hasIntercept: options.fitsIntercept || constant.ridge > 0)
            let reports = try DualAscent.run(
                &state, order: &order, problemCount: 1, options: options, progress: progress, shouldContinue: shouldContinue)
            solutions[p] = constant.restored(in: state.solution(report: reports[0]))
        }
        return solutions.map { $0! }
    }
}
