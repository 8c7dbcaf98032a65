/// The weights of a linear model as a solver found them, and how well it found them.
public struct LinearSolution: Sendable, Equatable {
    /// The weights, [feature][output]: that of feature j for output c is number `j * outputCount + c`.
    public var weights: SolvedWeights
    /// The intercepts, one an output; zeros if none were fitted.
    public var intercepts: [Double]
    /// The value of the primal objective, in the scaling of the solver; over separate problems, their sum.
    public var objective: Double
    /// Whether every problem reached its tolerance, or the precision of its value.
    public var converged: Bool
    /// The number of iterations or epochs; over separate problems, the largest.
    public var iterations: Int
    /// What was left at the end, by the measure of the solver's stopping rule; over separate problems, the largest.
    public var remaining: Double
    /// The solver, for reports.
    public var solverName: String
    /// Each separate problem: one for a joint problem, one a label for one-vs-rest.
    public var reports: [Report]

    /// The number of outputs: classes or labels.
    public var outputCount: Int { intercepts.count }
    /// The number of features.
    public var featureCount: Int { intercepts.isEmpty ? 0 : weights.count / intercepts.count }

    /// How one problem was solved.
    public struct Report: Sendable, Equatable {
        /// The value of its objective.
        public var objective: Double
        /// Whether it reached its tolerance, or the precision of its value.
        public var converged: Bool
        /// The number of iterations or epochs.
        public var iterations: Int
        /// What was left at the end, by the measure of the solver's stopping rule: for a solver of the primal the norm of the
        /// gradient relative to that at zero, for one of the dual the duality gap relative to the objective.
        public var remaining: Double

        /// Creates a report.
        public init(objective: Double, converged: Bool, iterations: Int, remaining: Double) {
            self.objective = objective
            self.converged = converged
            self.iterations = iterations
            self.remaining = remaining
        }
    }

    /// A solution made of the given reports, which its totals sum up.
    public init(weights: SolvedWeights, intercepts: [Double], solverName: String, reports: [Report]) {
        precondition(intercepts.isEmpty || weights.count % intercepts.count == 0, "weights must be [feature][output]")
        self.weights = weights
        self.intercepts = intercepts
        self.solverName = solverName
        self.reports = reports
        objective = reports.reduce(0) { $0 + $1.objective }
        converged = reports.allSatisfy(\.converged)
        iterations = reports.reduce(0) { max($0, $1.iterations) }
        remaining = reports.reduce(0) { max($0, $1.remaining) }
    }

    /// One line on how it was found, for the record of a model.
    var note: String {
        "\(solverName): \(converged ? "converged" : "not converged") after \(iterations) iterations"
    }
}
