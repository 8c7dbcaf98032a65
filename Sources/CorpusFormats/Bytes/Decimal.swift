import Glibc

extension [UInt8] {
    /// Appends a number that is not negative in decimal digits.
    mutating func append(decimal number: Int) {
        let start = count
        var rest = number
        repeat {
            append(ASCII.zero + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
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
        var power = 1
        for _ in 0..<decimals { power *= 10 }
        let scaled = Self.rounded(abs(number), times: Double(power))
        if number < 0, scaled > 0 { append(UInt8(ascii: "-")) }
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: power)
        if whole < 10 { append(ASCII.zero + UInt8(whole)) } else { append(decimal: whole) }
        append(addingCapacity: decimals + 1) { output in
            output.append(UInt8(ascii: "."))
            var (rest, unit) = (UInt32(fraction), UInt32(power / 10))
            repeat {
                let digit = rest / unit
                output.append(ASCII.zero + UInt8(digit))
                rest -= digit * unit
                unit /= 10
            } while rest > 0
        }
    }

    /// The integer nearest to the exact product of two numbers, the even one of two.
    private static func rounded(_ number: Double, times factor: Double) -> Int {
        let product = number * factor
        let floor = product.rounded(.down)
        // Exact, as both are below 2^53.
        let excess = product - floor - 0.5
        var isUp = excess > 0
        if abs(excess) < 1e-6 {
            // What the product lost when it was rounded decides near a tie.
            let exact = excess + fma(number, factor, -product)
            isUp = exact > 0 || exact == 0 && Int(floor) & 1 == 1
        }
        return Int(floor) + (isUp ? 1 : 0)
    }
}
