import CKernels

/// A finite number of half precision (IEEE 754 binary16: 11 bits and an exponent of 5), on machines without instructions for it, too.
public struct HalfPrecision: Sendable, Equatable, BitwiseCopyable {
    public let bits: UInt16

    /// What `SparseMatrix.multiply` takes the number for, as a share of its value.
    public static let unit = 0x1p-112

    /// The value.
    public var value: Double { sk_small_half(bits) / Self.unit }

    /// Rounds the rows of a matrix, [row][column], to half precision, each column in a scale of its own.
    ///
    /// Scales are the powers of two with which the largest number of a column just has room, so that they round nothing themselves: numbers down
    /// to 2^-29 of it keep 11 bits. What is not finite counts as 0 or as the largest number.
    /// - Returns: the numbers, and for each column what they are to be multiplied by.
    /// - Complexity: O(numbers).
    public static func rounding(_ numbers: Span<Float>, columnCount: Int) -> (numbers: [HalfPrecision], scales: [Double]) {
        precondition(columnCount > 0 && numbers.count % columnCount == 0, "numbers must be [row][column]")
        let rowCount = numbers.count / columnCount
        let set = sk_instruction_set()
        return unsafe numbers.withUnsafeBufferPointer { numbers in
            var sizes = [Float](repeating: 0, count: columnCount)
            unsafe sk_largest_sizes(set, numbers.baseAddress, rowCount, columnCount, &sizes)
            // At most 2^15.99, the largest one; very small columns are not made larger than a factor can.
            let exponents = sizes.map { $0 > 0 ? max($0.exponent - 15, -100) : 0 }
            let factors = exponents.map { Float(sign: .plus, exponent: -$0, significand: 1) }
            let halves = unsafe [HalfPrecision](unsafeUninitializedCapacity: numbers.count) { halves, count in
                unsafe halves.withMemoryRebound(to: UInt16.self) { halves in
                    guard let first = halves.baseAddress else { return }
                    unsafe sk_halve(set, numbers.baseAddress, rowCount, columnCount, factors, first)
                }
                count = numbers.count
            }
            return (halves, exponents.map { Double(sign: .plus, exponent: Int($0), significand: 1) })
        }
    }
}
