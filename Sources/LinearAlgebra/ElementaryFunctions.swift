#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The logistic function 1 / (1 + e⁻ˣ), without overflow.
public func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
}

/// ln(1 + eˣ), without overflow and with its tail: the logistic loss of the margin −x.
public func softplus(_ x: Double) -> Double {
    max(x, 0) + log1p(exp(-abs(x)))
}

/// Replaces the scores of a range by their softmax, e^{s_c} / Σ e^{s_d}, and returns the logarithm of the sum.
///
/// The largest score is subtracted first, so nothing overflows.
public func softmax(_ scores: inout MutableSpan<Double>, in range: Range<Int>) -> Double {
    guard let first = range.first else { return -.infinity }
    var largest = scores[first]
    for i in range where scores[i] > largest { largest = scores[i] }
    var sum = 0.0
    for i in range {
        let e = exp(scores[i] - largest)
        scores[i] = e
        sum += e
    }
    let scale = 1 / sum
    for i in range { scores[i] *= scale }
    return largest + log(sum)
}
