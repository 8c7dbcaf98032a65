import LinearAlgebra
import Testing

/// Factorisations that begin with surplus topics, and in single precision.
@Suite struct FactorizationPhasesTests {
    /// The topics that are left out, at once and by and by, and the iterates before and after, as scikit-learn and NumPy have them.
    @Test func surplusTopicsAgreeWithNumPy() throws {
        let recorded = try RecordedFactorizations()
        let options = plain(surplusIterations: 5, maximumIterations: 80)
        for surplus in recorded.surplus {
            // Five iterations with the surplus and five without; the second fit follows on eighteen of the first one, with five in between.
            for (iterations, factors) in [(10, surplus.atOnce), (28, surplus.byAndBy)] {
                let found = options.factorized(
                    recorded.matrix, w: recorded.startW, h: recorded.startH, topicCount: surplus.topicCount,
                    protectedCount: surplus.protectedCount
                ) { iteration, _ in iteration < iterations }
                #expect(found.iterations == iterations && found.history.count == iterations)
                #expect(agree([found.objective], [factors.objective], tolerance: 1e-9))
                #expect(agree(Array(found.w.elements.prefix(25)), factors.w, tolerance: 1e-7), "\(iterations)")
                #expect(agree(Array(found.h.elements.prefix(25)), factors.h, tolerance: 1e-7), "\(iterations)")
            }
        }
    }

    /// The fit that goes on is the better one of two, which have made equally many iterations.
    @Test func theBetterFitGoesOn() throws {
        let recorded = try RecordedFactorizations()
        let options = plain(surplusIterations: 5, maximumIterations: 72)
        for surplus in recorded.surplus {
            let found = options.factorized(
                recorded.matrix, w: recorded.startW, h: recorded.startH, topicCount: surplus.topicCount,
                protectedCount: surplus.protectedCount)
            let (atOnce, byAndBy, next) = (found.history[17], found.history[30], found.history[31])
            #expect(next <= min(atOnce, byAndBy))
            // One more iteration of a fit changes less than the fits differ.
            #expect(abs(next - min(atOnce, byAndBy)) <= abs(next - max(atOnce, byAndBy)))
        }
    }

    /// Without extrapolation no iteration of a fit raises the objective, in one precision or from one to the other.
    @Test(arguments: FactorizationOptions.Precision.allCases, [false, true])
    func objectiveFalls(precision: FactorizationOptions.Precision, startsInSinglePrecision: Bool) throws {
        let recorded = try RecordedFactorizations()
        var options = plain(surplusIterations: 5, maximumIterations: 2000)
        options.sweeps = 2
        options.precision = precision
        options.startsInSinglePrecision = startsInSinglePrecision
        // Single precision rounds the objective to seven digits or so.
        options.tolerance = precision == .double ? 1e-9 : 1e-6
        var reported: [Double] = []
        let found = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH, topicCount: 3) {
            reported.append($1)
            return true
        }
        #expect(found.converged && found.w.columnCount == 3 && found.h.columnCount == 3)
        let unfinished = Array(0..<5) + Array(18..<23)
        #expect(reported.indices.filter { reported[$0] == .infinity } == unfinished)
        for run in [0..<5, 5..<18, 23..<31, 31..<found.history.count] {
            for (before, after) in zip(run, run.dropFirst()) {
                #expect(found.history[after] <= found.history[before] * (1 + 1e-6), "\(before) \(after)")
            }
        }
        let value = FactorizationObjective(recorded.matrix, options: options).value(w: found.w, h: found.h)
        #expect(agree([value], [found.objective], tolerance: precision == .double ? 1e-9 : 1e-5))
    }

    /// Options that give the iterates of scikit-learn's coordinate descent.
    private func plain(surplusIterations: Int, maximumIterations: Int) -> FactorizationOptions {
        var options = FactorizationOptions()
        options.extrapolationStart = nil
        options.sweeps = 1
        options.startsInSinglePrecision = false
        // Not even iterations that change nothing are an end.
        options.tolerance = -1
        options.surplusIterations = surplusIterations
        options.maximumIterations = maximumIterations
        return options
    }

    /// Iterations in single precision before those in double lead to the same minimum.
    @Test func singlePrecisionFirstEndsInTheSameMinimum() throws {
        let recorded = try RecordedFactorizations()
        var options = FactorizationOptions()
        options.tolerance = 1e-12
        options.maximumIterations = 20_000
        let mixed = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
        options.startsInSinglePrecision = false
        let double = options.factorized(recorded.matrix, w: recorded.startW, h: recorded.startH)
        #expect(mixed.converged && double.converged)
        #expect(abs(mixed.objective - double.objective) < 1e-7 * double.objective)
    }

    /// Wherever the caller stops, and however few iterations there may be, there are as many topics as are wanted, and their objective.
    @Test(arguments: 1...35) func endsEarlyWithTheTopicsWanted(count: Int) throws {
        let recorded = try RecordedFactorizations()
        for isStopped in [false, true] {
            var options = FactorizationOptions()
            options.surplusIterations = 3
            options.tolerance = 0
            options.maximumIterations = isStopped ? 64 : count
            let found = options.factorized(
                recorded.matrix, w: recorded.startW, h: recorded.startH, topicCount: 2, protectedCount: 1
            ) { iteration, _ in !isStopped || iteration < count }
            #expect(found.w.columnCount == 2 && found.h.columnCount == 2)
            #expect(isStopped ? (count...count + 1).contains(found.iterations) : found.iterations == count)
            let value = FactorizationObjective(recorded.matrix, options: options).value(w: found.w, h: found.h)
            #expect(agree([value], [found.objective], tolerance: 1e-5), "\(found.objective)")
        }
    }
}
