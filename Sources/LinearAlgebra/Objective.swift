/// A differentiable function of many variables, to be minimised.
///
/// Solvers see nothing else of a problem. An objective may keep scratch memory between evaluations, so evaluating mutates it.
public protocol Objective {
    /// The number of variables.
    var parameterCount: Int { get }

    /// The value at `parameters`, and the gradient there, which overwrites all of `gradient`.
    ///
    /// Where the function is not defined the value is not finite; a line search then takes a shorter step.
    mutating func evaluate(at parameters: [Double], gradient: inout [Double]) -> Double
}

/// Why an iterative minimiser stopped.
public enum StopReason: String, Sendable, Codable {
    /// The norm of the gradient fell to the tolerance.
    case gradientTolerance
    /// No step lowers the value by more than its rounding error.
    case precisionLimit
    /// The iterations ran out.
    case maximumIterations
    /// The caller asked to stop.
    case cancelled
    /// No acceptable step was found, far from the precision of the value: the gradient is probably wrong.
    case lineSearchFailed
    /// The value or the gradient at the start is not finite.
    case notFinite
}

/// What a minimiser reports after every iteration.
public struct MinimizationProgress: Sendable {
    /// The number of iterations done.
    public let iteration: Int
    /// The value now.
    public let value: Double
    /// The Euclidean norm of the gradient now, divided by the reference norm.
    public let relativeGradientNorm: Double

    /// Creates a report.
    public init(iteration: Int, value: Double, relativeGradientNorm: Double) {
        self.iteration = iteration
        self.value = value
        self.relativeGradientNorm = relativeGradientNorm
    }
}

/// Where a minimiser ended.
public struct MinimizationResult: Sendable {
    /// The last point.
    public let parameters: [Double]
    /// The value there.
    public let value: Double
    /// The Euclidean norm of the gradient there (of the pseudo-gradient, with an L1 penalty).
    public let gradientNorm: Double
    /// The same, divided by the reference norm.
    public let relativeGradientNorm: Double
    /// The number of iterations, steps taken.
    public let iterations: Int
    /// The number of evaluations of the objective.
    public let evaluations: Int
    /// Why it stopped.
    public let stopReason: StopReason

    /// Whether this is a minimum, to the tolerance asked for or to the precision of the value.
    public var converged: Bool { stopReason == .gradientTolerance || stopReason == .precisionLimit }
}
