/// Where alternating least squares starts, and how many topics it is to end with.
struct FactorizationStart {
    let w: DenseMatrix
    let h: DenseMatrix
    /// How many topics are kept, and how many of the first ones in any case.
    let topicCount: Int
    let protectedCount: Int
    let blocked: FactorMask?
}

extension FactorizationOptions {
    /// What share of itself an iteration in single precision lowers the objective by if the next one is to be in single precision too:
    /// some ten times what rounding changes.
    private static var leastSingleDecrease: Double { 1e-6 }

    /// Hierarchical alternating least squares in its phases: two fits side by side where there are surplus topics, the better of them in
    /// single precision, then in double.
    func alternatingLeastSquares(
        _ matrix: SparseMatrix, transposed: SparseMatrix, _ start: FactorizationStart, threads: Int,
        _ onIteration: (Int, Double) -> Bool
    ) -> Factorization {
        var course = FactorizationCourse()
        func begun<Scalar>(_: Scalar.Type) -> AlternatingLeastSquares<Scalar> {
            self.begun(CompressedRows(matrix), CompressedRows(transposed), start, threads: threads, &course, onIteration)
        }
        func finished<Scalar>(_ steps: AlternatingLeastSquares<Scalar>) -> Factorization {
            var steps = steps
            steps.run(&course, upTo: maximumIterations, tolerance: tolerance, onIteration)
            return Factorization(
                w: steps.w.dense, h: steps.h.dense, objective: course.history.last ?? .nan, divergence: course.divergence,
                iterations: course.history.count, converged: course.converged, history: course.history)
        }
        guard precision == .double else { return finished(begun(Float.self)) }
        guard startsInSinglePrecision else { return finished(begun(Double.self)) }
        var single = begun(Float.self)
        // The last iterations are left to double precision, however few there may be.
        single.run(
            &course, upTo: maximumIterations - 2, tolerance: max(tolerance, Self.leastSingleDecrease), onIteration)
        guard !course.isStopped else { return finished(single) }
        return finished(
            AlternatingLeastSquares(CompressedRows<Double>(matrix), CompressedRows(transposed), continuing: single))
    }

    /// How many iterations a fit without its surplus topics makes before it is compared with one that never had any.
    private static var settlingIterations: Int { 5 }

    /// How many iterations each of the two fits makes that are compared.
    private var trialIterations: Int { surplusIterations + Self.settlingIterations }

    /// The better of two fits after equally many iterations: one that has had surplus topics, and one that began without.
    private func begun<Scalar>(
        _ rows: CompressedRows<Scalar>, _ columns: CompressedRows<Scalar>, _ start: FactorizationStart, threads: Int,
        _ course: inout FactorizationCourse, _ onIteration: (Int, Double) -> Bool
    ) -> AlternatingLeastSquares<Scalar> {
        func steps(topicCount: Int) -> AlternatingLeastSquares<Scalar> {
            AlternatingLeastSquares(
                rows, columns, w: FactorMatrix(start.w, width: topicCount), h: FactorMatrix(start.h, width: topicCount), self,
                blocked: start.blocked, threads)
        }
        guard start.topicCount < start.w.columnCount, 4 * trialIterations <= maximumIterations else {
            return steps(topicCount: start.topicCount)
        }
        var freed = steps(topicCount: start.w.columnCount)
        // The objective with surplus topics is that of another problem.
        freed.run(&course, upTo: surplusIterations, tolerance: nil) { iteration, _ in onIteration(iteration, .infinity) }
        freed.leaveOutSurplus(count: start.topicCount, protectedCount: start.protectedCount)
        // Whatever comes, the last objective is that of the factors in hand.
        if course.isStopped { course.history.append(freed.iterate(&course)) }
        freed.run(&course, upTo: trialIterations, tolerance: nil, onIteration)
        guard !course.isStopped else { return freed }
        let objective = course.history.last ?? .infinity
        var plain = steps(topicCount: start.topicCount)
        plain.run(&course, upTo: 2 * trialIterations, tolerance: nil, onIteration)
        return !course.isStopped && objective < course.history.last ?? .infinity ? freed : plain
    }
}
