import LinearAlgebra
import TextClassification

/// The calibrator that fits to each label the rising curve which is nearest to the truth, whatever its shape.
///
/// Isotonic regression of the truth on the link's probability by pooling adjacent violators (Zadrozny & Elkan 2002; ties averaged
/// first), linear between the knots and constant beyond them, as scikit-learn's. Probabilities stay within
/// 1/(n + 2) ... (n + 1)/(n + 2) for n held-out articles, so that none is 0 or 1. In single-label tasks the labels' probabilities
/// are divided by their sum.
///
/// A label keeps the link's probability where it has no positive or no negative held-out article, and without held-out scores.
/// It takes some hundred positive articles for this to beat `platt`.
public struct IsotonicCalibration: Calibrator {
    public static let identifier = "isotonic"
    public static let summary = "any rising curve per label, fitted to held-out scores; for many labelled articles"
    public let parameters: NoHyperparameters

    public init(_ parameters: NoHyperparameters = .init()) {
        self.parameters = parameters
    }

    public func needsHeldOutScores(for task: ClassificationTask) -> Bool { true }

    /// Fits every label's curve in O(n log n) for n articles.
    public func fitted(toHeldOut scores: [Double]?, targets: Targets, context: TrainingContext) -> IsotonicCalibrationModel {
        let link = LinkFunctionModel(task: targets.task, labelCount: targets.labelCount)
        var curves = [IsotonicCurve](repeating: .link, count: targets.labelCount)
        if var probabilities = scores {
            precondition(probabilities.count == targets.values.count, "scores of other articles")
            link.calibrate(&probabilities)
            for label in curves.indices {
                let judged = (0..<targets.count).filter { targets[$0, label] != .missing }
                curves[label] = IsotonicCurve(
                    fittedTo: judged.map {
                        (probabilities[$0 * targets.labelCount + label], targets[$0, label] == .positive)
                    })
            }
        }
        return IsotonicCalibrationModel(link: link, curves: curves)
    }
}

/// A rising curve, linear between its knots; without knots the identity.
struct IsotonicCurve: Equatable {
    /// Ascending.
    let positions: [Double]
    /// Not descending, in 0...1.
    let values: [Double]

    static let link = IsotonicCurve(positions: [], values: [])

    init(positions: [Double], values: [Double]) {
        self.positions = positions
        self.values = values
    }

    init(fittedTo judged: [(probability: Double, isPositive: Bool)]) {
        let positiveCount = judged.count { $0.isPositive }
        guard positiveCount > 0, positiveCount < judged.count else {
            self = .link
            return
        }
        var blocks: [Block] = []
        for item in judged.sorted(by: { $0.probability < $1.probability }) {
            let target = item.isPositive ? 1.0 : 0.0
            if let last = blocks.last, last.last == item.probability {
                blocks[blocks.count - 1].sum += target
                blocks[blocks.count - 1].weight += 1
            } else {
                blocks.append(Block(first: item.probability, last: item.probability, sum: target, weight: 1))
            }
        }
        let pooled = Self.pooled(blocks)
        let lowest = 1 / Double(judged.count + 2)
        var positions: [Double] = []
        var values: [Double] = []
        for block in pooled {
            let value = min(max(block.sum / block.weight, lowest), 1 - lowest)
            positions.append(block.first)
            values.append(value)
            if block.last > block.first {
                positions.append(block.last)
                values.append(value)
            }
        }
        self.init(positions: positions, values: values)
    }

    /// Neighbouring positions that share a value.
    private struct Block {
        var first: Double
        var last: Double
        var sum: Double
        var weight: Double
    }

    private static func pooled(_ blocks: [Block]) -> [Block] {
        var pooled: [Block] = []
        for block in blocks {
            var block = block
            while let before = pooled.last, before.sum * block.weight >= block.sum * before.weight {
                block = Block(
                    first: before.first, last: block.last, sum: before.sum + block.sum, weight: before.weight + block.weight)
                pooled.removeLast()
            }
            pooled.append(block)
        }
        return pooled
    }

    /// The value at a position. O(log knots).
    func value(at position: Double) -> Double {
        guard let first = positions.first, let last = positions.last else { return position }
        if position <= first { return values[0] }
        if position >= last { return values[values.count - 1] }
        var (low, high) = (0, positions.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if positions[middle] <= position { low = middle } else { high = middle }
        }
        let share = (position - positions[low]) / (positions[high] - positions[low])
        return values[low] + share * (values[high] - values[low])
    }
}

/// A rising curve for each label.
public struct IsotonicCalibrationModel: CalibratorModel, Equatable {
    let link: LinkFunctionModel
    let curves: [IsotonicCurve]

    init(link: LinkFunctionModel, curves: [IsotonicCurve]) {
        self.link = link
        self.curves = curves
    }

    public func calibrate(_ scores: inout [Double]) {
        link.calibrate(&scores)
        for i in scores.indices { scores[i] = curves[i % curves.count].value(at: scores[i]) }
        if link.task == .single { scores.normalizeRows(of: curves.count) }
    }

    public var labelCount: Int { link.labelCount }

    public init(reading reader: ModelReader) throws(ModelFileError) {
        let link = try LinkFunctionModel(reading: reader)
        let ends = try reader.array("knot-ends", of: Int64.self, count: link.labelCount).elements
        let positions = try reader.array("knot-positions", of: Double.self).elements
        let values = try reader.array("knot-values", of: Double.self, count: positions.count).elements
        var curves: [IsotonicCurve] = []
        var start = 0
        for end in ends {
            guard let end = Int(exactly: end), start...positions.count ~= end else {
                throw reader.malformed("knot-ends", "points outside of the knots")
            }
            let curve = IsotonicCurve(positions: Array(positions[start..<end]), values: Array(values[start..<end]))
            guard zip(curve.positions, curve.positions.dropFirst()).allSatisfy({ $0 < $1 }),
                curve.positions.allSatisfy({ 0...1 ~= $0 })
            else { throw reader.malformed("knot-positions", "is not ascending within 0...1") }
            guard zip(curve.values, curve.values.dropFirst()).allSatisfy({ $0 <= $1 }),
                curve.values.allSatisfy({ 0...1 ~= $0 })
            else { throw reader.malformed("knot-values", "is not rising within 0...1") }
            curves.append(curve)
            start = end
        }
        guard start == positions.count else { throw reader.malformed("knot-ends", "leaves knots over") }
        self.init(link: link, curves: curves)
    }

    public func write(to writer: inout ModelWriter) throws(ModelFileError) {
        try link.write(to: &writer)
        var end = 0
        var ends: [Int64] = []
        for curve in curves {
            end += curve.positions.count
            ends.append(Int64(end))
        }
        writer.add("knot-ends", ends)
        writer.add("knot-positions", curves.flatMap(\.positions))
        writer.add("knot-values", curves.flatMap(\.values))
    }
}
