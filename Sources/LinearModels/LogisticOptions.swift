/// How to fit a logistic regression.
public struct LogisticOptions: Sendable, Equatable {
    /// C: the weight of the summed losses against the penalty; scikit-learn's `C`.
    public var inverseRegularization: Double
    /// The part of the penalty that is L1: l1Ratio ‖W‖₁ + (1 − l1Ratio) ½ ‖W‖²; scikit-learn's `l1_ratio`.
    public var l1Ratio: Double
    /// The norm of the gradient, relative to that at zero, at which to stop.
    public var tolerance: Double
    /// The most iterations.
    public var maximumIterations: Int
    /// The most threads to use; the result does not depend on it.
    public var threads: Int
    /// Whether an intercept is fitted, without penalty.
    public var fitsIntercept: Bool

    /// Options; by default C = 1 and an L2 penalty.
    public init(
        inverseRegularization: Double = 1, l1Ratio: Double = 0, tolerance: Double = 1e-5, maximumIterations: Int = 1000,
        threads: Int = 1, fitsIntercept: Bool = true
    ) {
        precondition(inverseRegularization > 0, "an inverse regularisation of \(inverseRegularization)")
        precondition(l1Ratio >= 0 && l1Ratio <= 1, "an L1 ratio of \(l1Ratio)")
        self.inverseRegularization = inverseRegularization
        self.l1Ratio = l1Ratio
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
        self.threads = threads
        self.fitsIntercept = fitsIntercept
    }
}

/// What keeps a solver from giving weights.
public enum LinearSolverError: Error, Equatable, CustomStringConvertible {
    /// The caller asked to stop.
    case cancelled
    /// The objective at the start is not finite: a feature or a sample weight is not a finite number, or is far too large.
    case notFinite

    public var description: String {
        switch self {
        case .cancelled: "training was cancelled"
        case .notFinite: "the training objective is not finite: a feature value or a sample weight is infinite, NaN or too large"
        }
    }
}

/// What a solver reports while it works.
public struct LinearSolverProgress: Sendable {
    /// The label being fitted, where each is a problem of its own.
    public let label: Int?
    /// The number of iterations or epochs done.
    public let iteration: Int
    /// The objective now; for a dual solver the primal one, where it has been computed.
    public let objective: Double
    /// What the stopping rule looks at: the relative norm of the gradient, or the relative duality gap.
    public let remaining: Double

    /// Creates a report.
    public init(label: Int? = nil, iteration: Int, objective: Double, remaining: Double) {
        self.label = label
        self.iteration = iteration
        self.objective = objective
        self.remaining = remaining
    }
}
