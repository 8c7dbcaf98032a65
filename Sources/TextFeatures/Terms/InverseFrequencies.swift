import LinearAlgebra
import TextClassification

/// The inverse document frequency of each feature of a block, in two bytes: there are few different ones, since terms in as many articles have
/// the same.
struct InverseFrequencies: Sendable {
    /// For each feature where its number stands in `values`.
    let codes: ModelArray<UInt16>
    /// The different numbers, in single precision as the values of rows are, then zeros up to a power of two: with as many bits of a code none
    /// leads outside, whatever a file holds.
    let values: [Float]
    private let valueCount: Int

    private static let maximumValueCount = 1 << 16

    private init(codes: ModelArray<UInt16>, values: [Float]) {
        self.codes = codes
        valueCount = values.count
        var size = 1
        while size < values.count { size *= 2 }
        self.values = values + repeatElement(0, count: size - values.count)
    }

    /// - Returns: `nil` where more than 65,536 numbers differ. As many document frequencies are those of two thousand million occurrences.
    init?(_ numbers: [Float]) {
        var places: [UInt32: UInt16] = [:]
        var values: [Float] = []
        var codes: [UInt16] = []
        codes.reserveCapacity(numbers.count)
        var last: (bits: UInt32, code: UInt16)?
        for number in numbers {
            let bits = number.bitPattern
            if last?.bits != bits {
                if places[bits] == nil {
                    guard values.count < Self.maximumValueCount else { return nil }
                    places[bits] = UInt16(values.count)
                    values.append(number)
                }
                last = (bits, places[bits] ?? 0)
            }
            codes.append(last?.code ?? 0)
        }
        self.init(codes: ModelArray(codes), values: values)
    }

    /// Those of document frequencies: exact unless more than 65,536 differ, as they may in buckets of hundreds of gigabytes of text. Then bits of
    /// their fractions go, from the last one on, until there are so few.
    init(fitted numbers: [Float]) {
        var (frequencies, lost) = (InverseFrequencies(numbers), UInt32(0))
        while frequencies == nil {
            lost = lost << 1 | 1
            frequencies = InverseFrequencies(numbers.map { Float(bitPattern: $0.bitPattern & ~lost) })
        }
        self = frequencies!
    }

    /// The number of features.
    var count: Int { codes.count }

    subscript(feature: Int) -> Float { values[Int(codes[feature]) & (values.count - 1)] }

    /// Those of some features, in their order.
    func selecting(_ features: [Int]) -> InverseFrequencies {
        InverseFrequencies(
            codes: ModelArray(codes.withSpan { codes in features.map { codes[$0] } }), values: Array(values[..<valueCount]))
    }
}

extension InverseFrequencies {
    private static let codeSection = "idf-codes"
    private static let valueSection = "idf-values"
    private static let singleSection = "idf-32-bit"
    private static let doubleSection = "idf"

    func write(to writer: inout ModelWriter) {
        writer.add(Self.codeSection, codes)
        writer.add(Self.valueSection, Array(values[..<valueCount]))
    }

    /// - Parameter count: how many there must be, or `nil` for as many as there are.
    init(reading reader: ModelReader, count: Int? = nil) throws(ModelFileError) {
        if let (section, numbers) = try Self.formerNumbers(reader, count: count) {
            guard let frequencies = InverseFrequencies(numbers) else {
                throw reader.malformed(section, "holds more than \(Self.maximumValueCount) different numbers")
            }
            self = frequencies
            return
        }
        let codes = try reader.array(Self.codeSection, of: UInt16.self, count: count)
        let values = try reader.array(Self.valueSection, of: Float.self)
        guard values.count <= Self.maximumValueCount, values.count > 0 || codes.count == 0 else {
            throw reader.malformed(Self.valueSection, "holds \(values.count) numbers for \(codes.count) terms")
        }
        self.init(codes: codes, values: values.elements)
    }

    /// What a file holds that was written before there were codes: a number a feature.
    private static func formerNumbers(
        _ reader: ModelReader, count: Int?
    ) throws(ModelFileError) -> (section: String, numbers: [Float])? {
        if reader.has(singleSection) {
            return (singleSection, try reader.array(singleSection, of: Float.self, count: count).elements)
        }
        guard reader.has(doubleSection) else { return nil }
        return (doubleSection, try reader.array(doubleSection, of: Double.self, count: count).elements.map { Float($0) })
    }
}
