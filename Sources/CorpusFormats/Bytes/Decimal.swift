import Glibc

extension [UInt8] {
    /// Appends a number that is not negative in decimal digits.
    mutating func append(decimal number: Int) {
        append(addingCapacity: OutputSpan<UInt8>.longestDecimal) { $0.append(decimal: number) }
    }

    /// Appends a number with at most so many decimals, at least one of them; closing zeros are left out.
    ///
    /// Rounds the exact value of the number, ties to the even digit, as `printf` does. Numbers that are not finite become
    /// `null`, which is what JSON has for them.
    /// - Precondition: 1 to 8 decimals.
    public mutating func append(_ number: Double, decimals: Int) {
        precondition(1...8 ~= decimals, "\(decimals) decimals")
        guard number.isFinite, abs(number) < 1e6 else {
            append(contentsOf: number.isFinite ? Array(number.description.utf8) : Array("null".utf8))
            return
        }
        var power: UInt64 = 1
        for _ in 0..<decimals { power *= 10 }
        let scaled = rounded(abs(number), times: Double(power))
        if number < 0, scaled > 0 { append(UInt8(ascii: "-")) }
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: power)
        append(decimal: Int(whole))
        append(addingCapacity: 9) { $0.append(fraction: fraction, power: power) }
    }
}

extension OutputSpan<UInt8> {
    /// How many bytes `append(decimal:)` needs room for.
    static var longestDecimal: Int { 24 }

    /// Appends a number that is not negative in decimal digits.
    @inline(__always)
    mutating func append(decimal number: Int) {
        let (upper, lower) = UInt64(number).quotientAndRemainder(dividingBy: 100_000_000)
        let digits = eightDigits(lower)
        guard upper == 0 else { return appendLong(upper, digits) }
        // Without zeros in front, but for the last digit.
        let zeroCount = min(7, digits.trailingZeroBitCount / 8)
        append(word: (digits | 0x3030_3030_3030_3030) >> UInt64(8 * zeroCount), count: 8 - zeroCount)
    }

    @inline(never)
    private mutating func appendLong(_ upper: UInt64, _ digits: UInt64) {
        append(decimal: Int(upper))
        append(word: digits | 0x3030_3030_3030_3030, count: 8)
    }

    /// Appends a point and the decimals of fraction / power, at least one of them, without zeros at the end.
    @inline(__always)
    fileprivate mutating func append(fraction: UInt64, power: UInt64) {
        append(UInt8(ascii: "."))
        let digits = eightDigits(fraction &* (100_000_000 / power))
        let count = max(1, 8 - digits.leadingZeroBitCount / 8)
        append(word: digits | 0x3030_3030_3030_3030, count: count)
    }
}

/// The digits of a number below 10^8 in eight bytes, the first one in the lowest byte.
@inline(__always)
private func eightDigits(_ number: UInt64) -> UInt64 {
    // Four digits in each half, then two in each quarter, then one in each byte; the products are those of divisions by 100 and 10.
    let high = number / 10_000
    let fours = high | (number &- high &* 10_000) << 32
    let hundreds = (fours &* 10_486) >> 20 & 0x7F_0000_007F
    let twos = hundreds | (fours &- hundreds &* 100) << 16
    let tens = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (twos &- tens &* 10) << 8
}

/// The integer nearest to the exact product of two numbers that are not negative, the even one of two. It is below 2^52.
@inline(__always)
private func rounded(_ number: Double, times factor: Double) -> UInt64 {
    let product = number * factor
    // Numbers from 2^52 on are whole: the sum is rounded, and its lowest bits are the integer.
    let sum = product + 0x1p52
    let excess = product - (sum - 0x1p52)
    if abs(excess) > 0.5 - 1e-6 { return roundedNearTie(number, factor, product) }
    return sum.bitPattern & (1 << 52 - 1)
}

/// What the product lost when it was rounded decides near a tie.
private func roundedNearTie(_ number: Double, _ factor: Double, _ product: Double) -> UInt64 {
    let whole = UInt64(product)
    // Exact, as both are below 2^53.
    let excess = product - Double(whole) - 0.5
    let exact = excess + fma(number, factor, -product)
    return exact > 0 || exact == 0 && whole & 1 == 1 ? whole + 1 : whole
}
