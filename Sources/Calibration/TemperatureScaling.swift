import LinearAlgebra
import TextClassification

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The calibrator that divides all scores by one temperature before the link (Guo et al., "On calibration of modern neural
/// networks", 2017): it makes probabilities less or more extreme and leaves the order of labels as it is.
///
/// The temperature T minimises the mean negative log-likelihood of held-out scores s under targets smoothed as Platt's are,
///
///     single:  −Σ_i Σ_c t_ic ln softmax(s_i / T)_c      t = (n + 1)/(n + K) for the true class, 1/(n + K) for the others
///     multi:   Σ_il [ln(1 + e^{s_il/T}) − t_il s_il/T]   t = (N₊ + 1)/(N₊ + 2) where true, 1/(N₋ + 2) where false
///
/// for n articles of K classes, or N₊ true and N₋ false pairs of article and label. The smoothing keeps T away from 0 where the
/// scores separate the articles perfectly. T stays within 0.01...100; without held-out scores it is 1. An article of weight w counts as w
/// articles in the sums as in n, N₊ and N₋.
public struct TemperatureScaling: Calibrator {
    public static let identifier = "temperature"
    public static let summary = "one temperature for all scores, by maximum likelihood on held-out articles"
    public let parameters: NoHyperparameters

    public init(_ parameters: NoHyperparameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutScores(for task: ClassificationTask) -> Bool { true }

    /// Finds the temperature by Newton's method on 1/T, in which the likelihood is concave, within a shrinking bracket.
    ///
    /// - Complexity: about ten passes over the scores.
    public func fitted(toHeldOut scores: [Double]?, targets: Targets, context: TrainingContext) -> TemperatureScalingModel {
        fitted(toHeldOut: scores, targets: targets, sampleWeights: nil)
    }

    /// The same with a weight an article; `nil` is 1 for each.
    public func fitted(toHeldOut scores: [Double]?, targets: Targets, sampleWeights: [Double]?) -> TemperatureScalingModel {
        let link = LinkFunctionModel(task: targets.task, labelCount: targets.labelCount)
        guard let scores else { return TemperatureScalingModel(link: link, temperature: 1) }
        precondition(scores.count == targets.values.count, "scores of other articles")
        let likelihood = TemperatureLikelihood(
            scores: scores.map { HeldOutScores.bounded($0) }, targets: targets, sampleWeights: sampleWeights)
        return TemperatureScalingModel(link: link, temperature: 1 / likelihood.bestScale(within: 0.01...100))
    }
}

/// The negative log-likelihood as a function of the scale a = 1/T.
struct TemperatureLikelihood {
    let scores: [Double]
    let targets: Targets
    var sampleWeights: [Double]?

    /// The scale with the smallest value; 1 where no article was judged.
    func bestScale(within limits: ClosedRange<Double>) -> Double {
        var bracket = limits
        var scale = 1.0
        for _ in 0..<200 {
            let (slope, curvature) = derivatives(at: scale)
            guard slope != 0 else { return scale }
            bracket = slope > 0 ? bracket.lowerBound...scale : scale...bracket.upperBound
            var next = scale - slope / curvature
            if !(next > bracket.lowerBound && next < bracket.upperBound) {
                next = (bracket.lowerBound * bracket.upperBound).squareRoot()
            }
            guard abs(next - scale) > 1e-13 * scale else { return next }
            scale = next
        }
        return scale
    }

    /// First and second derivative by the scale.
    func derivatives(at scale: Double) -> (slope: Double, curvature: Double) {
        targets.task == .single ? softmaxDerivatives(at: scale) : logisticDerivatives(at: scale)
    }

    private func logisticDerivatives(at scale: Double) -> (slope: Double, curvature: Double) {
        let labelCount = targets.labelCount
        func weight(_ place: Int) -> Double { sampleWeights?[place / labelCount] ?? 1 }
        var (positives, negatives) = (0.0, 0.0)
        for (place, value) in targets.values.enumerated() {
            if value == 1 { positives += weight(place) }
            if value == 0 { negatives += weight(place) }
        }
        let positiveTarget = (positives + 1) / (positives + 2)
        let negativeTarget = 1 / (negatives + 2)
        var slope = 0.0
        var curvature = 0.0
        for (place, value) in targets.values.enumerated() where value >= 0 {
            let (score, weight) = (scores[place], weight(place))
            let probability = sigmoid(scale * score)
            slope += weight * (probability - (value == 1 ? positiveTarget : negativeTarget)) * score
            curvature += weight * probability * (1 - probability) * score * score
        }
        return (slope, curvature)
    }

    /// With m and v the mean and the variance of an article's scores under softmax(a s): slope m − Σ_c t_c s_c, curvature v.
    private func softmaxDerivatives(at scale: Double) -> (slope: Double, curvature: Double) {
        let labelCount = targets.labelCount
        let classes = (0..<targets.count).map { targets.classIndex(of: $0) }
        var judgedWeight = 0.0
        for (article, truth) in classes.enumerated() where truth != nil { judgedWeight += sampleWeights?[article] ?? 1 }
        let otherTarget = 1 / (judgedWeight + Double(labelCount))
        var slope = 0.0
        var curvature = 0.0
        for (article, truth) in classes.enumerated() {
            guard let truth else { continue }
            let row = scores[article * labelCount..<(article + 1) * labelCount]
            // Differences to the largest score: the derivatives do not change, and nothing overflows.
            let largest = row.max() ?? 0
            var total = 0.0
            var first = 0.0
            var second = 0.0
            var targetMean = 0.0
            for (label, score) in row.enumerated() {
                let difference = score - largest
                let weight = exp(scale * difference)
                total += weight
                first += weight * difference
                second += weight * difference * difference
                targetMean += (label == truth ? (judgedWeight + 1) * otherTarget : otherTarget) * difference
            }
            let mean = first / total
            let weight = sampleWeights?[article] ?? 1
            slope += weight * (mean - targetMean)
            curvature += weight * (second / total - mean * mean)
        }
        return (slope, curvature)
    }
}

/// Softmax or logistic function of scores divided by a temperature.
public struct TemperatureScalingModel: CalibratorModel, Equatable {
    let link: LinkFunctionModel
    /// Above 1 the classifier was too sure of itself.
    public let temperature: Double

    init(link: LinkFunctionModel, temperature: Double) {
        self.link = link
        self.temperature = temperature
    }

    public func calibrate(_ scores: inout [Double]) {
        link.apply(to: &scores, scale: 1 / temperature)
    }

    public var labelCount: Int { link.labelCount }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        link = try LinkFunctionModel(reading: reader)
        let values = try reader.array("temperature", of: Double.self, count: 1)
        guard 1e-3...1e3 ~= values[0] else { throw reader.malformed("temperature", "holds \(values[0])") }
        temperature = values[0]
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try link.write(to: &writer)
        writer.add("temperature", [temperature])
    }
}
