import Glibc

extension [UInt8] {
    /// Appends a number that is not negative in decimal digits.
    mutating func append(decimal number: Int) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        var rest = UInt(number)
        repeat {
            first -= 1
            digits[first] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(digits.span, first..<20)
    }

    /// Appends a number with at most so many decimals, at least one of them; closing zeros are left out.
    ///
    /// Rounds the exact value of the number, ties to the even digit, as `printf` does. Numbers that are not finite become
    /// `null`, which is what JSON has for them.
    /// - Precondition: 1 to 9 decimals.
    public mutating func append(_ number: Double, decimals: Int) {
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
        append(addingCapacity: decimals + 1) { $0.append(fraction: fraction, decimals: decimals, power: power) }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a number within 0...1 as `[UInt8].append(_:decimals:)` does. It takes up to 2 + decimals bytes.
    @inline(__always)
    mutating func append(share number: Double, decimals: Int, power: UInt64) {
        let scaled = rounded(number, times: Double(power))
        append(ASCII.zero + (scaled >= power ? 1 : 0))
        append(fraction: scaled >= power ? scaled - power : scaled, decimals: decimals, power: power)
    }

    /// Appends a point and the decimals of fraction / power, at least one of them, without zeros at the end.
    @inline(__always)
    fileprivate mutating func append(fraction: UInt64, decimals: Int, power: UInt64) {
        append(UInt8(ascii: "."))
        var count = decimals
        var short = fraction
        while count > 1, short % 10 == 0 {
            short /= 10
            count -= 1
        }
        // The fraction in units of 2^-60, a little too large: each multiplication by ten moves a digit in front of the point.
        let scale: UInt64 = 1 << 60
        var rest = fraction * (scale / power + 1)
        for _ in 0..<count {
            rest &*= 10
            append(ASCII.zero + UInt8(truncatingIfNeeded: rest >> 60))
            rest &= scale - 1
        }
    }
}

/// The integer nearest to the exact product of two numbers that are not negative, the even one of two.
@inline(__always)
private func rounded(_ number: Double, times factor: Double) -> UInt64 {
    let product = number * factor
    let whole = UInt64(product)
    let floor = Double(whole)
    // Exact, as both are below 2^53.
    let excess = product - floor - 0.5
    if abs(excess) < 1e-6 { return roundedNearTie(number, factor, product, whole, excess) }
    return excess > 0 ? whole + 1 : whole
}

/// What the product lost when it was rounded decides near a tie.
private func roundedNearTie(_ number: Double, _ factor: Double, _ product: Double, _ whole: UInt64, _ excess: Double) -> UInt64 {
    let exact = excess + fma(number, factor, -product)
    return exact > 0 || exact == 0 && whole & 1 == 1 ? whole + 1 : whole
}
