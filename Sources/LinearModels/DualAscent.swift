/// The variables of a dual problem, or of several side by side on the same samples, as `DualAscent` moves them.
protocol DualState {
    /// The number of samples.
    var sampleCount: Int { get }
    /// How far each sample was from its optimum when last visited: its gap, weighed by `importance` and summed over the problems.
    var activities: [Float] { get }
    /// The weight of each problem's gap in `activities`.
    mutating func setImportance(_ importance: [Double])
    /// Visits samples in the given order, and returns an estimate of each problem's gap over them, met on the way.
    ///
    /// - Parameter isComplete: whether these are all samples.
    mutating func pass(over samples: [Int32], isComplete: Bool) -> [Double]
    /// Moves the centres of the intercepts.
    mutating func recenterIntercepts()
    /// An extrapolation of this state's shape.
    func makeExtrapolation() -> AndersonExtrapolation
    /// The dual variables, [sample][output].
    var dual: [SIMD4<Float>] { get }
    /// Moves the dual variables of samples towards those given, as far as that raises the dual objective.
    mutating func approach(_ goal: [SIMD4<Float>], of samples: [Int32])
    /// Each problem's dual objective.
    func dualObjectives() -> [Double]
    /// Each problem's primal objective and gap.
    func gaps(threads: Int) -> [(objective: Double, gap: Double)]
}

/// Coordinate ascent in the dual until the gap is small.
///
/// Passes over all samples come first. Where a few of them do not suffice, rounds follow: one pass over all, which finds the samples
/// whose variables still move; then passes over those alone, in one order, each few of them followed by an extrapolation. Both cost
/// nothing where they are not needed, and where C is large they save most of the work. (Shrinking: Hsieh et al. 2008; extrapolation:
/// Bertrand & Massias 2021.)
enum DualAscent {
    /// Complete passes before it can be told how many more it would take.
    private static let plainPassCount = 3
    /// So many more complete passes are made without rounds.
    private static let fewPasses = 10.0
    /// The share of the allowed gap that the samples left out may have.
    private static let sleepingShare = 0.1
    /// The work of a round, in complete passes, after which all samples are looked at again.
    private static let roundWork = 2.0
    /// The share of the samples from which on their visits move the intercepts' centres: fewer would draw them to an optimum of
    /// their own.
    private static let recenteringShare = 0.25

    /// Moves the state to its optimum.
    ///
    /// - Returns: how each problem was solved; iterations are visits divided by samples.
    static func run(
        _ state: inout some DualState, order: inout SampleOrder, problemCount: Int, options: DualOptions,
        progress: (LinearSolverProgress) -> Void, shouldContinue: () -> Bool, label: Int? = nil
    ) throws(LinearSolverError) -> [LinearSolution.Report] {
        var rule = GapRule(problemCount: problemCount, tolerance: options.tolerance, maximumEpochs: options.maximumEpochs)
        var passCount = 0
        while true {
            guard shouldContinue() else { throw .cancelled }
            state.setImportance(rule.importance)
            let samples = order.next()
            rule.add(estimates: state.pass(over: samples, isComplete: true)) { state.dualObjectives() }
            if rule.wantsGap { rule.set(state.gaps(threads: options.threads)) }
            guard rule.isFinite else { throw .notFinite }
            progress(rule.progress(label: label))
            if rule.isOver { return rule.reports }
            state.recenterIntercepts()
            passCount += 1
            if passCount < plainPassCount || rule.predictedPassCount <= fewPasses { continue }

            let bound = Float(sleepingShare * options.tolerance / Double(state.sampleCount))
            let activities = state.activities
            let active = samples.filter { activities[Int($0)] > bound }
            guard !active.isEmpty else { continue }
            let share = Double(active.count) / Double(state.sampleCount)
            var work = 0.0
            var remaining = 1.0
            repeat {
                var extrapolation = state.makeExtrapolation()
                extrapolation.add(state.dual, of: active)
                while !extrapolation.isReady {
                    guard shouldContinue() else { throw .cancelled }
                    remaining = rule.remaining(of: state.pass(over: active, isComplete: false))
                    extrapolation.add(state.dual, of: active)
                    if share > recenteringShare { state.recenterIntercepts() }
                    rule.addVisits(share: share)
                }
                state.approach(extrapolation.takeGuess(), of: active)
                work += share * Double(AndersonExtrapolation.passCount + 2)
            } while work < roundWork && remaining > 0.5 * options.tolerance
        }
    }
}
