#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Student's t distribution.
enum StudentDistribution {
    /// The probability of a value at least as far from 0 as `t`: I_x(ν/2, ½) with x = ν/(ν + t²).
    static func twoSidedProbability(_ t: Double, degreesOfFreedom: Double) -> Double {
        guard t.isFinite else { return t.isNaN ? 1 : 0 }
        return regularizedBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
    }

    /// The t which is exceeded in absolute value with the given probability, by bisection to a relative 1e-13.
    static func twoSidedQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
        guard probability > 0, probability < 1 else { return probability <= 0 ? .infinity : 0 }
        var (low, high) = (0.0, 1.0)
        while twoSidedProbability(high, degreesOfFreedom: degreesOfFreedom) > probability, high < 1e300 { high *= 2 }
        while high - low > 1e-13 * high {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { break }
            if twoSidedProbability(middle, degreesOfFreedom: degreesOfFreedom) > probability {
                low = middle
            } else {
                high = middle
            }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Press et al., *Numerical Recipes*, 6.4).
    static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        // The fraction converges quickly below the mean; above it the complement is computed.
        if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        func guarded(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var c = 1.0
        var d = 1 / guarded(1 - (a + b) * x / (a + 1))
        var fraction = d
        for step in 1...500 {
            let m = Double(step)
            for coefficient in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / guarded(1 + coefficient * d)
                c = guarded(1 + coefficient / c)
                fraction *= c * d
            }
            if abs(c * d - 1) < 1e-15 { break }
        }
        return min(1, front * fraction)
    }
}
