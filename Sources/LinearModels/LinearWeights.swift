import LinearAlgebra
import TextClassification

/// The weights of a linear model, [feature][label].
enum LinearWeights: Sendable {
    case single(ModelArray<Float>)
    /// A weight is the number times the scale of its label.
    case half(ModelArray<HalfPrecision>, scales: ModelArray<Double>)
    /// Whole numbers within -127...127; a weight is the number times the scale of its label.
    case eightBit(ModelArray<Int8>, scales: ModelArray<Double>)

    var count: Int {
        switch self {
        case .single(let weights): weights.count
        case .half(let numbers, _): numbers.count
        case .eightBit(let numbers, _): numbers.count
        }
    }

    func weight(_ feature: Int, _ label: Int, labelCount: Int) -> Double {
        switch self {
        case .single(let weights): Double(weights[feature * labelCount + label])
        case .half(let numbers, let scales): numbers[feature * labelCount + label].value * scales[label]
        case .eightBit(let numbers, let scales): Double(numbers[feature * labelCount + label]) * scales[label]
        }
    }

    /// The features with the largest weights above 0 for each label.
    func strongestFeatures(labelCount: Int, count: Int) -> [[Int]] {
        switch self {
        case .single(let weights): weights.withSpan { Self.strongest($0, labelCount, count) { Double($0) } }
        // Scales are above 0, and each label is ordered by itself.
        case .half(let numbers, _): numbers.withSpan { Self.strongest($0, labelCount, count) { $0.value } }
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
        case .half(let numbers, let scales):
            numbers.withSpan { rows.multiply(weights: $0, intercepts: Self.zeros(intercepts).span, into: &scores) }
            Self.scale(&scores, by: scales, times: 1 / HalfPrecision.unit, intercepts: intercepts)
        case .eightBit(let numbers, let scales):
            numbers.withSpan { rows.multiply(weights: $0, intercepts: Self.zeros(intercepts).span, into: &scores) }
            Self.scale(&scores, by: scales, times: 1, intercepts: intercepts)
        }
    }

    // Sums are taken of the numbers, and the intercepts join them when they are scaled.
    private static func zeros(_ intercepts: Span<Double>) -> [Double] { [Double](repeating: 0, count: intercepts.count) }

    private static func scale(
        _ scores: inout [Double], by scales: ModelArray<Double>, times factor: Double, intercepts: Span<Double>
    ) {
        let labelCount = intercepts.count
        scales.withSpan { scales in
            var scores = scores.mutableSpan
            for row in 0..<scores.count / labelCount {
                for label in 0..<labelCount {
                    let place = row * labelCount + label
                    scores[place] = intercepts[label] + scales[label] * (factor * scores[place])
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
        case .half(let numbers, let scales): .half(selected(numbers), scales: scales)
        case .eightBit(let numbers, let scales): .eightBit(selected(numbers), scales: scales)
        }
    }

    /// The weights in fewer bits; `nil` where they have as few already.
    func quantized(to precision: WeightPrecision, labelCount: Int) -> LinearWeights? {
        switch (self, precision) {
        case (.single(let weights), .half):
            let (numbers, scales) = weights.withSpan { HalfPrecision.rounding($0, columnCount: labelCount) }
            return .half(ModelArray(numbers), scales: ModelArray(scales))
        case (.single(let weights), .eightBit):
            return weights.withSpan { Self.eightBit($0, labelCount) { Double($0) } }
        case (.half(let numbers, let scales), .eightBit):
            // Each label has a scale of its own before and after.
            guard case .eightBit(let small, let steps) = numbers.withSpan({ Self.eightBit($0, labelCount) { $0.value } }) else {
                return nil
            }
            return .eightBit(small, scales: ModelArray((0..<labelCount).map { steps[$0] * scales[$0] }))
        case (.half, .half), (.eightBit, _): return nil
        }
    }

    /// Weights in steps of 1/127 of the largest one of their label.
    private static func eightBit<Number>(
        _ weights: Span<Number>, _ labelCount: Int, _ value: (Number) -> Double
    ) -> LinearWeights {
        var scales = [Double](repeating: 0, count: labelCount)
        var numbers: [Int8] = []
        numbers.reserveCapacity(weights.count)
        for place in weights.indices {
            let size = abs(value(weights[place]))
            if size.isFinite { scales[place % labelCount] = max(scales[place % labelCount], size / 127) }
        }
        for place in weights.indices {
            let scale = scales[place % labelCount]
            let number = scale > 0 ? (value(weights[place]) / scale).rounded() : 0
            numbers.append(number.isNaN ? 0 : Int8(min(max(number, -127), 127)))
        }
        return .eightBit(ModelArray(numbers), scales: ModelArray(scales))
    }

    private static let (single, half, eightBit, scales) = ("weights", "weights-16-bit", "weights-8-bit", "scales")

    func write(to writer: inout ModelWriter) {
        switch self {
        case .single(let weights): writer.add(Self.single, weights)
        case .half(let numbers, let scales):
            writer.add(Self.half, numbers)
            writer.add(Self.scales, scales)
        case .eightBit(let numbers, let scales):
            writer.add(Self.eightBit, numbers)
            writer.add(Self.scales, scales)
        }
    }

    init(reading reader: ModelReader, labelCount: Int) throws(ModelFileError) {
        func scales() throws(ModelFileError) -> ModelArray<Double> {
            let scales = try reader.array(Self.scales, of: Double.self)
            guard scales.count == labelCount else {
                throw reader.malformed(Self.scales, "has \(scales.count) numbers for \(labelCount) labels")
            }
            return scales
        }
        if reader.has(Self.half) {
            self = .half(try reader.array(Self.half, of: HalfPrecision.self), scales: try scales())
        } else if reader.has(Self.eightBit) {
            self = .eightBit(try reader.array(Self.eightBit, of: Int8.self), scales: try scales())
        } else {
            self = .single(try reader.array(Self.single, of: Float.self))
        }
    }
}
