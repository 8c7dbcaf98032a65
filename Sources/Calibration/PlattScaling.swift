import LinearAlgebra
import TextClassification

/// The calibrator that fits a logistic curve σ(a z + b) to the held-out log-odds z of each label.
///
/// Platt, "Probabilistic outputs for support vector machines" (1999), with the targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2) and the
/// Newton method of Lin, Lin & Weng, "A note on Platt's probabilistic outputs" (2007). In single-label tasks z is the log-odds of
/// the softmax, and the labels' probabilities are divided by their sum (Zadrozny & Elkan 2002).
///
/// A label keeps the link (a = 1, b = 0) where it has no positive or no negative held-out article, where the curve would fall
/// with the score, and without held-out scores.
public struct PlattScaling: Calibrator {
    public static let identifier = "platt"
    public static let summary = "a logistic curve per label, fitted to held-out scores"
    public let parameters: NoHyperparameters

    public init(_ parameters: NoHyperparameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutScores(for task: ClassificationTask) -> Bool { true }

    /// Fits every label's curve, in some ten passes over the scores.
    public func fitted(toHeldOut scores: [Double]?, targets: Targets, context: TrainingContext) -> PlattScalingModel {
        var curves = [PlattCurve](repeating: .link, count: targets.labelCount)
        if let scores {
            let heldOut = HeldOutScores(scores, targets: targets)
            curves = curves.indices.map { PlattCurve(fittedTo: heldOut.judged($0)) ?? .link }
        }
        return PlattScalingModel(task: targets.task, curves: curves)
    }
}

/// The curve σ(slope z + intercept).
struct PlattCurve: Equatable {
    let slope: Double
    let intercept: Double

    static let link = PlattCurve(slope: 1, intercept: 0)

    init(slope: Double, intercept: Double) {
        self.slope = slope
        self.intercept = intercept
    }

    /// Minimises Σ [ln(1 + e^f) − t f] with f = a z + b; `nil` where that gives no rising curve.
    init?(fittedTo judged: [(logit: Double, isPositive: Bool)]) {
        let positives = Double(judged.count { $0.isPositive })
        let negatives = Double(judged.count) - positives
        guard positives > 0, negatives > 0 else { return nil }
        let targets = (positive: (positives + 1) / (positives + 2), negative: 1 / (negatives + 2))
        func value(_ a: Double, _ b: Double) -> Double {
            judged.reduce(0) { sum, item in
                let f = a * item.logit + b
                return sum + softplus(f) - (item.isPositive ? targets.positive : targets.negative) * f
            }
        }
        var a = 0.0
        var b = logit((positives + 1) / (positives + negatives + 2), margin: 1e-15)
        var current = value(a, b)
        for _ in 0..<100 {
            // Gradient g and Hessian h, with a little added to its diagonal so that it can be inverted.
            var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 1e-12, 0.0, 1e-12)
            for item in judged {
                let probability = sigmoid(a * item.logit + b)
                let difference = probability - (item.isPositive ? targets.positive : targets.negative)
                let weight = probability * (1 - probability)
                ga += difference * item.logit
                gb += difference
                haa += weight * item.logit * item.logit
                hab += weight * item.logit
                hbb += weight
            }
            let determinant = haa * hbb - hab * hab
            guard determinant > 0 else { break }
            let da = -(hbb * ga - hab * gb) / determinant
            let db = -(haa * gb - hab * ga) / determinant
            let descent = ga * da + gb * db
            guard descent < -1e-14 * Double(judged.count) else { break }
            var step = 1.0
            var next = value(a + da, b + db)
            while next > current + 1e-4 * step * descent, step > 1e-10 {
                step /= 2
                next = value(a + step * da, b + step * db)
            }
            guard next < current else { break }
            a += step * da
            b += step * db
            current = next
        }
        guard a.isFinite, b.isFinite, a > 1e-6, a < 1e6, abs(b) < 1e6 else { return nil }
        self.init(slope: a, intercept: b)
    }
}

/// A logistic curve for each label.
public struct PlattScalingModel: CalibratorModel, Equatable {
    /// The task, which decides whether an article's probabilities are divided by their sum.
    public let task: ClassificationTask
    let curves: [PlattCurve]

    init(task: ClassificationTask, curves: [PlattCurve]) {
        self.task = task
        self.curves = curves
    }

    /// The factor of each label's log-odds.
    public var slopes: [Double] { curves.map(\.slope) }
    /// What is added to each label's log-odds.
    public var intercepts: [Double] { curves.map(\.intercept) }

    public func calibrate(_ scores: inout [Double]) {
        HeldOutScores.replaceByLogits(&scores, task: task, labelCount: curves.count)
        for i in scores.indices {
            let curve = curves[i % curves.count]
            scores[i] = sigmoid(curve.slope * scores[i] + curve.intercept)
        }
        if task == .single { scores.normalizeRows(of: curves.count) }
    }

    public var labelCount: Int { curves.count }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let shape = try LabelShape(reading: reader)
        let slopes = try reader.array("slopes", of: Double.self, count: shape.labelCount).elements
        let intercepts = try reader.array("intercepts", of: Double.self, count: shape.labelCount).elements
        guard slopes.allSatisfy({ $0 > 0 && $0 <= 1e6 }) else {
            throw reader.malformed("slopes", "holds a slope outside of 0...1e6")
        }
        guard intercepts.allSatisfy({ -1e6...1e6 ~= $0 }) else {
            throw reader.malformed("intercepts", "holds an intercept outside of -1e6...1e6")
        }
        self.init(task: shape.task, curves: zip(slopes, intercepts).map { PlattCurve(slope: $0, intercept: $1) })
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try LabelShape(task: task, labelCount: curves.count).write(to: &writer)
        writer.add("slopes", slopes)
        writer.add("intercepts", intercepts)
    }
}
