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

    /// Hierarchical alternating least squares in its phases: two fits with surplus topics, the better of them in single
    /// precision, then in double.
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

    /// Over how many iterations the second fit leaves its surplus topics out.
    private static var releaseIterations: Int { 5 }

    /// How many iterations each of the two fits has made when they are compared.
    private var trialIterations: Int { surplusIterations + 13 }

    /// The better of two fits after equally many iterations: both begin with surplus topics, and one leaves them out at once, the other one
    /// by and by.
    private func begun<Scalar>(
        _ rows: CompressedRows<Scalar>, _ columns: CompressedRows<Scalar>, _ start: FactorizationStart, threads: Int,
        _ course: inout FactorizationCourse, _ onIteration: (Int, Double) -> Bool
    ) -> AlternatingLeastSquares<Scalar> {
        let surplus = 4 * trialIterations <= maximumIterations ? start.w.columnCount - start.topicCount : 0
        let width = start.topicCount + surplus
        var slow = AlternatingLeastSquares(
            rows, columns, w: FactorMatrix(start.w, width: width), h: FactorMatrix(start.h, width: width), self,
            blocked: start.blocked, threads)
        guard surplus > 0 else { return slow }
        // The objective with surplus topics is that of another problem.
        func withSurplus(iteration: Int, _: Double) -> Bool { onIteration(iteration, .infinity) }
        slow.run(&course, upTo: surplusIterations, tolerance: nil, withSurplus)
        var fast = slow
        fast.leaveOutSurplus(count: start.topicCount, protectedCount: start.protectedCount)
        // Whatever comes, the last objective is that of the factors in hand.
        if course.isStopped { course.history.append(fast.iterate(&course)) }
        fast.run(&course, upTo: trialIterations, tolerance: nil, onIteration)
        guard !course.isStopped else { return fast }
        let objective = course.history.last ?? .infinity
        for left in (0...Self.releaseIterations).reversed() {
            slow.leaveOutSurplus(
                count: start.topicCount + surplus * left / (Self.releaseIterations + 1), protectedCount: start.protectedCount)
            slow.run(&course, upTo: course.history.count + min(left, 1), tolerance: nil, withSurplus)
        }
        if course.isStopped { course.history.append(slow.iterate(&course)) }
        slow.run(&course, upTo: 2 * trialIterations - surplusIterations, tolerance: nil, onIteration)
        return !course.isStopped && objective < course.history.last ?? .infinity ? fast : slow
    }
}
