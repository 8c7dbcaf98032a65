/// How to fit a linear model by dual coordinate ascent.
public struct DualOptions: Sendable, Equatable {
    /// C: the weight of the summed losses against the penalty; scikit-learn's `C`.
    public var inverseRegularization: Double
    /// The duality gap, relative to the objective, at which to stop.
    public var tolerance: Double
    /// The most passes over the samples.
    public var maximumEpochs: Int
    /// The seed of the orders in which the samples are visited.
    public var seed: UInt64
    /// The most threads to use; the result does not depend on it.
    public var threads: Int
    /// Whether an intercept is fitted, without penalty.
    public var fitsIntercept: Bool

    /// Options; by default C = 1.
    public init(
        inverseRegularization: Double = 1, tolerance: Double = 1e-4, maximumEpochs: Int = 300, seed: UInt64 = 0, threads: Int = 1,
        fitsIntercept: Bool = true
    ) {
        precondition(inverseRegularization > 0, "an inverse regularisation of \(inverseRegularization)")
        precondition(tolerance > 0, "a tolerance of \(tolerance)")
        self.inverseRegularization = inverseRegularization
        self.tolerance = tolerance
        self.maximumEpochs = maximumEpochs
        self.seed = seed
        self.threads = threads
        self.fitsIntercept = fitsIntercept
    }
}
