import LinearAlgebra
import TextClassification

/// The weights of a linear model, [feature][label].
enum LinearWeights: Sendable {
    case single(ModelArray<Float>)
    /// Whole numbers within -127...127; a weight is the number times the scale of its label.
    case eightBit(ModelArray<Int8>, scales: ModelArray<Double>)

    var count: Int {
        switch self {
        case .single(let weights): weights.count
        case .eightBit(let numbers, _): numbers.count
        }
    }

    func weight(_ feature: Int, _ label: Int, labelCount: Int) -> Double {
        switch self {
        case .single(let weights): Double(weights[feature * labelCount + label])
        case .eightBit(let numbers, let scales): Double(numbers[feature * labelCount + label]) * scales[label]
        }
    }

    /// The features with the largest weights above 0 for each label.
    func strongestFeatures(labelCount: Int, count: Int) -> [[Int]] {
        switch self {
        case .single(let weights): weights.withSpan { Self.strongest($0, labelCount, count) { Double($0) } }
        // Scales are above 0, and each label is ordered by itself.
        case .eightBit(let numbers, _): numbers.withSpan { Self.strongest($0, labelCount, count) { Double($0) } }
        }
    }

    private static func strongest<Number>(
        _ numbers: Span<Number>, _ labelCount: Int, _ count: Int, _ weight: (Number) -> Double
    ) -> [[Int]] {
        var strongest = [StrongestFeatures](repeating: StrongestFeatures(count: count), count: labelCount)
        for feature in 0..<numbers.count / labelCount {
            let first = feature * labelCount
            for label in 0..<labelCount { strongest[label].add(feature, weight: weight(numbers[first + label])) }
        }
        return strongest.map(\.features)
    }

    /// Replaces the scores by those of the rows.
    func multiply(_ rows: borrowing SparseMatrix, intercepts: Span<Double>, into scores: inout [Double]) {
        switch self {
        case .single(let weights):
            weights.withSpan { rows.multiply(weights: $0, intercepts: intercepts, into: &scores) }
        case .eightBit(let numbers, let scales):
            // Sums are taken of the numbers, and the intercept joins them when they are scaled.
            let labelCount = intercepts.count
            let zeros = [Double](repeating: 0, count: labelCount)
            numbers.withSpan { rows.multiply(weights: $0, intercepts: zeros.span, into: &scores) }
            scales.withSpan { scales in
                var scores = scores.mutableSpan
                for row in 0..<rows.rowCount {
                    for label in 0..<labelCount {
                        let place = row * labelCount + label
                        scores[place] = intercepts[label] + scales[label] * scores[place]
                    }
                }
            }
        }
    }

    /// The weights of some features.
    func selecting(_ features: [Int], labelCount: Int) -> LinearWeights {
        func selected<Number>(_ numbers: ModelArray<Number>) -> ModelArray<Number> {
            ModelArray(
                numbers.withSpan { numbers in
                    var selected: [Number] = []
                    selected.reserveCapacity(features.count * labelCount)
                    for feature in features {
                        for place in feature * labelCount..<(feature + 1) * labelCount { selected.append(numbers[place]) }
                    }
                    return selected
                })
        }
        return switch self {
        case .single(let weights): .single(selected(weights))
        case .eightBit(let numbers, let scales): .eightBit(selected(numbers), scales: scales)
        }
    }

    /// The weights in 8 bits: those of each label in steps of 1/127 of its largest one.
    func quantized(labelCount: Int) -> LinearWeights {
        guard case .single(let weights) = self else { return self }
        var scales = [Double](repeating: 0, count: labelCount)
        var numbers: [Int8] = []
        numbers.reserveCapacity(weights.count)
        weights.withSpan { weights in
            for place in weights.indices {
                let size = Double(abs(weights[place]))
                if size.isFinite { scales[place % labelCount] = max(scales[place % labelCount], size / 127) }
            }
            for place in weights.indices {
                let scale = scales[place % labelCount]
                let number = scale > 0 ? (Double(weights[place]) / scale).rounded() : 0
                numbers.append(number.isNaN ? 0 : Int8(min(max(number, -127), 127)))
            }
        }
        return .eightBit(ModelArray(numbers), scales: ModelArray(scales))
    }

    private static let (single, numbers, scales) = ("weights", "weights-8-bit", "scales")

    func write(to writer: inout ModelWriter) {
        switch self {
        case .single(let weights): writer.add(Self.single, weights)
        case .eightBit(let numbers, let scales):
            writer.add(Self.numbers, numbers)
            writer.add(Self.scales, scales)
        }
    }

    init(reading reader: ModelReader, labelCount: Int) throws(ModelFileError) {
        if reader.has(Self.numbers) {
            let scales = try reader.array(Self.scales, of: Double.self)
            guard scales.count == labelCount else {
                throw reader.malformed(Self.scales, "has \(scales.count) numbers for \(labelCount) labels")
            }
            self = .eightBit(try reader.array(Self.numbers, of: Int8.self), scales: scales)
        } else {
            self = .single(try reader.array(Self.single, of: Float.self))
        }
    }
}
