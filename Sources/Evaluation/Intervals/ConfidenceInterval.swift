/// An interval that holds a figure's true value with a stated probability, in repetitions of the experiment.
public struct ConfidenceInterval: Codable, Sendable, Equatable {
    /// The figure on the articles there are.
    public let estimate: Double
    public let lower: Double
    public let upper: Double
    /// The stated probability, such as 0.95.
    public let confidence: Double

    public init(estimate: Double, lower: Double, upper: Double, confidence: Double) {
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
    }
}
