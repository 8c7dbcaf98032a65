/// Elementary functions on four numbers at once. Additions, multiplications and bit operations only, in a fixed order: the same
/// bits on every machine.
extension SIMD4<Float> {
    /// eˣ, with a relative error below 2·10⁻⁷ for −87 ≤ x ≤ 88; beyond, the value at the nearer end.
    ///
    /// x = n ln 2 + r with |r| ≤ ½ ln 2; eʳ = 1 + r + r² p(r), p of degree 4 by Lawson's iteration (error 3·10⁻⁹).
    @inlinable @inline(__always)
    public static func exp(_ x: SIMD4<Float>) -> SIMD4<Float> {
        let raised = x.replacing(with: -87, where: x .< -87)
        let bounded = raised.replacing(with: 88, where: raised .> 88)
        // Adding 1.5·2²³ rounds to a whole number, which then stands in the low bits.
        let shifted = bounded * 1.44269504 + 12_582_912
        let n = shifted - 12_582_912
        let r = (bounded - n * 0.693359375) + n * 2.12194440e-4
        var p = r * 0.0013950478751212358 + 0.008368882350623608
        p = p * r + 0.04166620597243309
        p = p * r + 0.1666651964187622
        p = p * r + 0.5
        let power = (p * r) * r + (r + 1)
        let exponent = unsafe unsafeBitCast(shifted, to: SIMD4<Int32>.self) &<< SIMD4<Int32>(repeating: 23)
        return unsafe unsafeBitCast(unsafeBitCast(power, to: SIMD4<Int32>.self) &+ exponent, to: SIMD4<Float>.self)
    }

    /// ln x, with a relative error below 3·10⁻⁷ (and about 10⁻⁷ beside x = 1), for normal x > 0; for 0 about −88.
    ///
    /// x = 2ⁿ m with ⅔ ≤ m < 4⁄3, f = m − 1; ln(1 + f) = f + f² p(f), p of degree 6 by Lawson's iteration (error 2·10⁻⁷).
    @inlinable @inline(__always)
    public static func log(_ x: SIMD4<Float>) -> SIMD4<Float> {
        let bits = unsafe unsafeBitCast(x, to: SIMD4<Int32>.self)
        let exponent = (bits &- SIMD4<Int32>(repeating: 0x3F2A_AAAB)) & SIMD4<Int32>(repeating: -0x80_0000)
        let n = SIMD4<Float>(exponent) * 0x1p-23
        let f = unsafe unsafeBitCast(bits &- exponent, to: SIMD4<Float>.self) - 1
        var p = f * -0.15266801416873932 + 0.16990552842617035
        p = p * f - 0.1644081324338913
        p = p * f + 0.19818170368671417
        p = p * f - 0.2500632405281067
        p = p * f + 0.33336734771728516
        p = p * f - 0.49999961256980896
        return n * 0.693147182 + ((p * f) * f + f)
    }

    /// The sum of the four numbers, in the order (0 + 2) + (1 + 3).
    @inlinable @inline(__always)
    public var total: Float {
        let pair = lowHalf + highHalf
        return pair.x + pair.y
    }
}
