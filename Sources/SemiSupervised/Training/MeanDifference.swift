/// The mean of paired differences, such as of the losses of two candidates, and its standard error.
struct MeanDifference {
    let mean: Double
    let standardError: Double

    init(_ differences: [Double]) {
        let count = Double(max(1, differences.count))
        let mean = differences.reduce(0, +) / count
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
        self.mean = mean
        standardError = (variance / count).squareRoot()
    }
}
