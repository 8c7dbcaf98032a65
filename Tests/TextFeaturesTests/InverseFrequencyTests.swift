import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

extension InverseFrequencies {
    /// That of each feature.
    var numbers: [Float] { (0..<count).map { self[$0] } }
}

/// Numbers of features in two bytes each.
struct InverseFrequencyTests {
    private static func read(_ writer: ModelWriter, count: Int? = nil) throws -> InverseFrequencies {
        try InverseFrequencies(reading: ModelFile(bytes: ExtractionTests.fileBytes(writer)).reader, count: count)
    }

    @Test(arguments: [0, 1, 2, 5, 1000, 65_536])
    func `Every number comes back to the last bit, from a file, too`(differentCount: Int) throws {
        var random = RandomGenerator(seed: 41)
        let different = (0..<differentCount).map { Float($0) * 0.37 - 11 }
        let numbers = different + (0..<differentCount).map { _ in different[random.nextInt(below: differentCount)] }
        let frequencies = try #require(InverseFrequencies(numbers))
        #expect(frequencies.numbers == numbers)
        var writer = ModelWriter()
        frequencies.write(to: &writer)
        let read = try Self.read(writer)
        #expect(read.numbers == numbers && read.values == frequencies.values)
        let some = stride(from: 0, to: numbers.count, by: 3).map { $0 }
        #expect(read.selecting(some).numbers == some.map { numbers[$0] })
    }

    @Test func `More numbers than there are codes are none`() {
        #expect(InverseFrequencies((0...65_536).map { Float($0) }) == nil)
    }

    @Test func `More document frequencies than there are codes are told apart as well as codes can`() {
        let numbers = (0..<100_000).map { 1 + Float($0) / 20_000 }
        let kept = InverseFrequencies(fitted: numbers).numbers
        #expect(Set(kept).count > 30_000 && Set(kept).count <= 65_536)
        #expect(zip(numbers, kept).allSatisfy { $1 <= $0 && $0 - $1 < 1e-3 && ($0 == 0) == ($1 == 0) })
        #expect(InverseFrequencies(fitted: [0, 1.5, 2.3]).numbers == [0, 1.5, 2.3])
    }

    @Test func `Files that hold a number a feature are read`() throws {
        let numbers: [Float] = [1.5, 2.25, 2.25, 1.5, 7]
        var single = ModelWriter()
        single.add("idf-32-bit", numbers)
        #expect(try Self.read(single, count: 5).numbers == numbers)
        var double = ModelWriter()
        double.add("idf", numbers.map { Double($0) })
        #expect(try Self.read(double).numbers == numbers)
        #expect(throws: ModelFileError.self) { try Self.read(double, count: 4) }
        var many = ModelWriter()
        many.add("idf-32-bit", (0...65_536).map { Float($0) })
        #expect(throws: ModelFileError.self) { try Self.read(many) }
    }

    @Test func `Codes without numbers are refused, and such as lead nowhere give some number`() throws {
        func read(_ codes: [UInt16], _ values: [Float]) throws -> InverseFrequencies {
            var writer = ModelWriter()
            writer.add("idf-codes", codes)
            writer.add("idf-values", values)
            return try Self.read(writer)
        }
        #expect(throws: ModelFileError.self) { try read([0], []) }
        #expect(throws: ModelFileError.self) { try read([0], [Float](repeating: 1, count: 65_537)) }
        #expect(try read([], []).count == 0)
        #expect(try read([0, 2, 3, 4, .max], [1, 2, 3]).numbers == [1, 3, 0, 1, 0])
    }
}
