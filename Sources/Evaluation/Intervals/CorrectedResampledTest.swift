/// The corrected t test on repeated splits of one corpus (Nadeau & Bengio, "Inference for the generalization error", 2003).
///
/// Training parts of repeated splits overlap, so the plain t test finds differences where there are none. For differences d_j of J
/// splits the variance of their mean is taken as (1/J + n_test/n_train) times their sample variance, with J − 1 degrees of
/// freedom. Unlike intervals over articles this speaks about the method: other training articles as well as other test articles.
public struct CorrectedResampledTest: Sendable, Equatable, Codable {
    /// The mean difference.
    public let difference: Double
    /// Its interval; `nil` with fewer than two splits.
    public let interval: ConfidenceInterval?
    /// The probability of a mean at least this far from 0 if the methods did not differ; 1 with fewer than two splits.
    public let pValue: Double

    /// - Parameters:
    ///   - differences: of a figure, one a split.
    ///   - testShare: the share of the articles that each split tests with, such as 0.2 for five folds.
    public init(differences: [Double], testShare: Double, confidence: Double = 0.95) {
        precondition(testShare > 0 && testShare < 1, "a test share of \(testShare)")
        precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
        let count = Double(differences.count)
        let mean = quotient(differences.reduce(0, +), count)
        difference = mean
        guard differences.count > 1 else {
            interval = nil
            pValue = 1
            return
        }
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let error = ((1 / count + testShare / (1 - testShare)) * variance).squareRoot()
        let reach = error * StudentDistribution.twoSidedQuantile(1 - confidence, degreesOfFreedom: count - 1)
        interval = ConfidenceInterval(
            estimate: mean, lower: mean - reach, upper: mean + reach, confidence: confidence)
        pValue =
            error > 0
            ? StudentDistribution.twoSidedProbability(mean / error, degreesOfFreedom: count - 1) : (mean == 0 ? 1 : 0)
    }
}
