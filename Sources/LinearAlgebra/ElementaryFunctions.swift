import CKernels

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

/// Replaces rows of scores (rows × labels) by the softmax of `scale` times them.
///
/// A score that is not a number counts as the lowest there is, infinite ones as very large ones. The same bits on every machine.
/// - Precondition: whole rows.
/// - Complexity: O(scores).
public func softmax(_ scores: inout [Double], labelCount: Int, scale: Double = 1) {
    precondition(labelCount > 0 && scores.count % labelCount == 0, "\(scores.count) scores of \(labelCount) labels")
    unsafe sk_softmax(sk_instruction_set(), &scores, scores.count / labelCount, labelCount, scale)
}

/// Replaces scores by the logistic function of `scale` times them, with the exceptions of `softmax(_:labelCount:scale:)`. The same
/// bits on every machine. O(scores).
public func logisticFunction(_ scores: inout [Double], scale: Double = 1) {
    unsafe sk_logistic(sk_instruction_set(), &scores, scores.count, scale)
}
