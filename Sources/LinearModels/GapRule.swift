import LinearAlgebra

/// When a dual solver stops: it watches the cheap estimates of the epochs, and asks for the exact gaps, half an epoch's work, when
/// they promise that every problem's is small enough.
struct GapRule: Sendable {
    private let tolerance: Double
    private let maximumEpochs: Int
    private var passes = 0
    private var work = 0.0
    /// By what factor the last complete pass lowered the estimates.
    private var fall = 0.0
    private var problems: [Problem]

    private struct Problem: Sendable {
        var objective = 0.0
        var estimate = Double.infinity
        /// Exact gap by estimate, as last seen. An epoch's estimate sums the gaps its visits found, most of them since closed.
        var exactByEstimate = 0.3
        var exactGap: Double?

        /// The gap, exact or estimated, relative to the objective.
        var remaining: Double {
            let gap = exactGap ?? estimate * exactByEstimate
            // A problem without samples has objective and gap 0.
            return gap == 0 ? 0 : gap / max(objective, 1e-300)
        }
    }

    /// A rule for problems solved side by side, which all have to meet it.
    init(problemCount: Int, tolerance: Double, maximumEpochs: Int) {
        self.tolerance = tolerance
        self.maximumEpochs = maximumEpochs
        problems = Array(repeating: Problem(), count: problemCount)
    }

    /// Takes note of an epoch: each problem's estimated gap, and its dual objective, which is asked for when the one known is old.
    mutating func add(estimates: [Double], dualObjectives: () -> [Double]) {
        let before = remaining
        defer { fall = remaining / before }
        passes += 1
        work += 1
        // After the passes 1, 2, 4, 8, …: it only serves to make the gaps relative.
        let objectives = passes & (passes - 1) == 0 ? dualObjectives() : nil
        for p in problems.indices {
            problems[p].estimate = estimates[p]
            problems[p].exactGap = nil
            if let objectives { problems[p].objective = max(objectives[p], problems[p].objective) }
        }
    }

    /// Takes note of a pass over a share of the samples.
    mutating func addVisits(share: Double) { work += share }

    /// The largest gap, exact or estimated, relative to the objective.
    private var remaining: Double { problems.reduce(0) { max($0, $1.remaining) } }

    /// How many more complete passes it would take if each lowered the estimates like the last one.
    var predictedPassCount: Double {
        let ratio = Self.logarithm(fall)
        return ratio < 0 ? Self.logarithm(tolerance / remaining) / ratio : .infinity
    }

    /// ln x, the same bits on every machine.
    private static func logarithm(_ x: Double) -> Double {
        Double(SIMD4.log(SIMD4(repeating: Float(min(1e30, max(1e-30, x)))))[0])
    }

    /// The visits made, divided by the samples, rounded.
    var epochs: Int { Int(work.rounded()) }

    /// The weight of a problem's gap: relative to its objective, and nothing once it is solved.
    var importance: [Double] {
        problems.map { $0.objective > 0 && $0.remaining > tolerance ? 1 / $0.objective : 0 }
    }

    /// The largest of some estimated gaps, relative to the objectives.
    func remaining(of estimates: [Double]) -> Double {
        zip(problems, estimates).reduce(0) { max($0, $1.1 * $1.0.exactByEstimate / max($1.0.objective, 1e-300)) }
    }

    /// Whether the exact gaps are worth their price.
    var wantsGap: Bool { epochs >= maximumEpochs || problems.allSatisfy { $0.remaining <= tolerance } }

    /// Takes note of the exact objectives and gaps.
    mutating func set(_ exact: [(objective: Double, gap: Double)]) {
        for p in problems.indices {
            problems[p].objective = exact[p].objective
            problems[p].exactGap = exact[p].gap
            if problems[p].estimate > 0 { problems[p].exactByEstimate = exact[p].gap / problems[p].estimate }
        }
    }

    /// Whether the exact gaps are all within the tolerance.
    var isMet: Bool { problems.allSatisfy { $0.exactGap != nil && $0.remaining <= tolerance } }

    /// Whether to stop, converged or not.
    var isOver: Bool { isMet || epochs >= maximumEpochs }

    /// Whether all numbers so far are finite.
    var isFinite: Bool {
        problems.allSatisfy { $0.estimate.isFinite && $0.objective.isFinite && ($0.exactGap?.isFinite ?? true) }
    }

    /// The state, to be shown.
    func progress(label: Int? = nil) -> LinearSolverProgress {
        LinearSolverProgress(
            label: label, iteration: epochs, objective: problems.reduce(0) { $0 + $1.objective },
            remaining: problems.reduce(0) { max($0, $1.remaining) })
    }

    /// The state of each problem, to be kept.
    var reports: [LinearSolution.Report] {
        problems.map { problem in
            LinearSolution.Report(
                objective: problem.objective, converged: problem.exactGap != nil && problem.remaining <= tolerance,
                iterations: epochs, remaining: problem.remaining)
        }
    }
}
