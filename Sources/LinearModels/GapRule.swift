/// When a dual solver stops: it watches the cheap estimates of the epochs, and asks for the exact gap, half an epoch's work, when
/// they promise that it is small enough.
struct GapRule {
    private let tolerance: Double
    private let maximumEpochs: Int
    private var epochs = 0
    private var objective = 0.0
    private var estimate = Double.infinity
    /// Exact gap by estimate, as last seen. An epoch's estimate sums the gaps its visits found, most of them since closed.
    private var exactByEstimate = 0.3
    private var exactGap: Double?

    init(tolerance: Double, maximumEpochs: Int) {
        self.tolerance = tolerance
        self.maximumEpochs = maximumEpochs
    }

    /// Takes note of an epoch.
    mutating func add(estimate: Double, dualObjective: Double) {
        epochs += 1
        self.estimate = estimate
        objective = dualObjective
        exactGap = nil
    }

    /// Whether the exact gap is worth its price.
    var wantsGap: Bool {
        epochs >= maximumEpochs || estimate * exactByEstimate <= tolerance * objective
    }

    /// Takes note of the exact objective and gap.
    mutating func set(_ exact: (objective: Double, gap: Double)) {
        objective = exact.objective
        exactGap = exact.gap
        if estimate > 0 { exactByEstimate = exact.gap / estimate }
    }

    /// Whether the exact gap is within the tolerance.
    var isMet: Bool { exactGap.map { $0 <= tolerance * objective } ?? false }

    /// Whether to stop, converged or not.
    var isOver: Bool { isMet || epochs >= maximumEpochs }

    /// Whether all numbers so far are finite.
    var isFinite: Bool { estimate.isFinite && objective.isFinite && (exactGap?.isFinite ?? true) }

    /// The state, to be shown.
    var progress: LinearSolverProgress {
        LinearSolverProgress(iteration: epochs, objective: objective, remaining: remaining)
    }

    /// The state, to be kept.
    var report: LinearSolution.Report {
        LinearSolution.Report(objective: objective, converged: isMet, iterations: epochs, remaining: remaining)
    }

    private var remaining: Double { objective > 0 ? (exactGap ?? estimate * exactByEstimate) / objective : 0 }
}
