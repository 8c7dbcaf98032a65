#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A seeded random generator whose every result is fixed by the seed: xoshiro256** (Blackman & Vigna 2018), its state filled by
/// SplitMix64.
///
/// Use its own methods rather than the standard library's (`Int.random(in:using:)`, `shuffled(using:)`): how those consume a
/// generator may change with the library, and with it every trained model.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The generator of a seed.
    public init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (next(), next(), next(), next())
    }

    /// The generator of a given state, not all zero; for tests against the reference implementation.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        precondition(state != (0, 0, 0, 0), "the state must not be all zero")
        self.state = state
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        func rotated(_ x: UInt64, _ count: UInt64) -> UInt64 { (x << count) | (x >> (64 - count)) }
        let result = rotated(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, 45)
        return result
    }

    /// A whole number of `0 ..< bound`, each equally likely (Lemire 2019).
    public mutating func nextInt(below bound: Int) -> Int {
        precondition(bound > 0, "the bound \(bound) is not positive")
        let range = UInt64(bound)
        var product = range.multipliedFullWidth(by: next())
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold { product = range.multipliedFullWidth(by: next()) }
        }
        return Int(product.high)
    }

    /// A number of 0 ..< 1, uniformly: a multiple of 2⁻⁵³.
    public mutating func nextUniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number of the standard normal distribution (Marsaglia's polar method, one of its two numbers used).
    public mutating func nextNormal() -> Double {
        while true {
            let u = 2 * nextUniform() - 1
            let v = 2 * nextUniform() - 1
            let square = u * u + v * v
            if square > 0 && square < 1 { return u * (-2 * log(square) / square).squareRoot() }
        }
    }

    /// Puts the elements into a random order (Fisher & Yates).
    @inlinable
    public mutating func shuffle<Element>(_ array: inout [Element]) {
        var i = array.count - 1
        while i > 0 {
            array.swapAt(i, nextInt(below: i + 1))
            i -= 1
        }
    }

    /// The numbers `0 ..< count` in a random order.
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        shuffle(&order)
        return order
    }
}
