import CKernels
import Foundation
import LinearAlgebra
import Testing

@Suite struct HalfPrecisionTests {
    /// Swift's own type is the other implementation.
    @Test func `Every finite number has the value that Float16 has`() throws {
        let halves = (0...UInt16.max).filter { Float16(bitPattern: $0).isFinite }
        #expect(halves.count == 2 * 0x7C00)
        // Times 2^15, so that the scale is 1 whatever the other numbers are.
        for column in halves where !Float16(bitPattern: column).isZero {
            let numbers = [Float(Float16(bitPattern: column)), 0x1p15]
            let rounded = HalfPrecision.rounding(numbers.span, columnCount: 1)
            #expect(rounded.scales == [1] && rounded.numbers[0].bits == column)
            #expect(rounded.numbers[0].value == Double(Float16(bitPattern: column)))
        }
    }

    @Test func `Numbers are rounded as Float16 rounds them, by every set of instructions`() {
        var random = RandomGenerator(seed: 3)
        var numbers: [Float] = [
            0, -0, 65504, -65504, 65519, 1, 1.0004883, 1.0014648, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-14, .leastNonzeroMagnitude,
        ]
        for _ in 0..<20_000 {
            let sign: Float = random.nextInt(below: 2) == 0 ? 1 : -1
            numbers.append(sign * Float(exp((random.nextUniform() * 30 - 19) * 0.69)) * Float(1 + random.nextUniform()))
        }
        let expected = numbers.map { min(max(Float16($0), -65504), 65504).bitPattern }
        for set in [SK_PLAIN, SK_AVX2, SK_AVX512] where Int32(set) <= sk_instruction_set() {
            var halves = [UInt16](repeating: 1, count: numbers.count)
            unsafe sk_halve(Int32(set), numbers, numbers.count, 1, [1], &halves)
            #expect(halves == expected)
            var unusual = [UInt16](repeating: 1, count: 4)
            unsafe sk_halve(Int32(set), [.nan, .infinity, -.infinity, 1e30], 2, 2, [1, 1], &unusual)
            #expect(unusual == [0, 65504, -65504, 65504].map { Float16($0).bitPattern })
            var sizes: [Float] = [7, 7, 7]
            unsafe sk_largest_sizes(Int32(set), [1, -3, .nan, -2, 2, .infinity], 2, 3, &sizes)
            #expect(sizes == [2, 3, 0])
        }
    }

    @Test func `Columns have scales of their own, and keep eleven bits`() {
        var random = RandomGenerator(seed: 4)
        let sizes: [Float] = [1, 1e-6, 3e7, 0, 1e-30]
        let numbers = (0..<1000).map { Float(random.nextUniform() - 0.5) * sizes[$0 % sizes.count] }
        let rounded = HalfPrecision.rounding(numbers.span, columnCount: sizes.count)
        for (place, number) in numbers.enumerated() {
            let value = rounded.numbers[place].value * rounded.scales[place % sizes.count]
            #expect(abs(value - Double(number)) <= Double(abs(number)) * 0x1p-11)
        }
        #expect(rounded.scales.allSatisfy { $0 > 0 && $0.significand == 1 })
        let none: [Float] = []
        let scales = HalfPrecision.rounding(none.span, columnCount: 2).scales
        #expect(scales == [1, 1])
    }

    @Test(arguments: [1, 2, 3, 4, 8, 20, 33]) func `Scores are those of the values`(labelCount: Int) {
        let matrix = randomSparse(rows: 40, columns: 90, seed: 6)
        var random = RandomGenerator(seed: 5)
        let weights = (0..<90 * labelCount).map { _ in Float(random.nextUniform() - 0.5) }
        let (halves, scales) = HalfPrecision.rounding(weights.span, columnCount: labelCount)
        var scores: [Double] = []
        let zeros = [Double](repeating: 0, count: labelCount)
        matrix.multiply(weights: halves.span, intercepts: zeros.span, into: &scores)
        for row in 0..<matrix.rowCount {
            for label in 0..<labelCount {
                var sum = 0.0
                for element in matrix.row(row) {
                    let place = Int(matrix.columnIndices[element]) * labelCount + label
                    sum += halves[place].value * scales[label] * Double(matrix.values[element])
                }
                #expect(abs(scores[row * labelCount + label] / HalfPrecision.unit * scales[label] - sum) < 1e-12)
            }
        }
    }
}
