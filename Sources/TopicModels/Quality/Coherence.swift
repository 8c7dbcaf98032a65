#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How well the likeliest terms of a topic go together in a reference corpus. `nil` where that cannot be said; never NaN.
///
/// With P(a) the share of contexts in which a term occurs and P(a, b) that in which both do. Terms that are in no context of the
/// reference are left out; of fewer than two terms there is no coherence.
public enum Coherence {
    /// What probabilities have added before a logarithm is taken, in C_v (as in Röder, Both & Hinneburg 2015).
    private static let epsilon = 1e-12

    /// The mean over all pairs of normalised pointwise mutual information, ln(P(a,b) / (P(a) P(b))) / −ln P(a,b) (Bouma 2009; Lau,
    /// Newman & Baldwin 2014): −1 for terms that never meet, 0 for independent ones, 1 for terms that only occur together.
    ///
    /// A pair that never meets counts −1, one that is in every context 1 (the limits).
    ///
    /// - Parameter counts: of articles, or of windows.
    public static func npmi(_ terms: [Int], _ counts: ReferenceCounts) -> Double? {
        let known = known(terms, counts)
        var sum = 0.0
        for (i, a) in known.enumerated() {
            for b in known[..<i] { sum += pairNPMI(a, b, counts) }
        }
        return mean(sum, known.count)
    }

    /// The mean over all pairs a before b of ln((D(a,b) + 1) / D(a)), D being numbers of contexts (Mimno et al. 2011, whose sum is
    /// divided by the number of pairs here): 0 or a little more at best.
    ///
    /// - Parameters:
    ///   - terms: the likeliest first.
    ///   - counts: of articles.
    public static func uMass(_ terms: [Int], _ counts: ReferenceCounts) -> Double? {
        let known = known(terms, counts)
        var sum = 0.0
        for (i, b) in known.enumerated() {
            for a in known[..<i] { sum += log(Double((counts.count(of: a, and: b) ?? 0) + 1) / Double(counts.count(of: a) ?? 1)) }
        }
        return mean(sum, known.count)
    }

    /// C_v (Röder, Both & Hinneburg 2015): every term is described by its NPMI with all terms, and compared with the sum of all
    /// descriptions by the cosine; the mean of the cosines. From about 0 to 1. A description of zeros has the cosine 0.
    ///
    /// NPMI here is ln((P(a,b) + ε) / (P(a) P(b))) / −ln(P(a,b) + ε) with ε = 10⁻¹².
    ///
    /// - Parameter counts: of windows of 110 terms, in the paper.
    public static func cV(_ terms: [Int], _ counts: ReferenceCounts) -> Double? {
        let known = known(terms, counts)
        guard known.count > 1 else { return nil }
        let total = Double(counts.contextCount)
        let vectors = known.map { a in
            known.map { b in
                let both = Double(counts.count(of: a, and: b) ?? 0) / total
                let product = Double(counts.count(of: a) ?? 0) / total * (Double(counts.count(of: b) ?? 0) / total)
                let surprise = -log(both + epsilon)
                // In every context: nothing is learnt from it, and 0 / 0 would follow.
                return abs(surprise) > 1e-11 ? log((both + epsilon) / product) / surprise : 1
            }
        }
        let sum = known.indices.map { column in vectors.reduce(0) { $0 + $1[column] } }
        func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let sumNorm = norm(sum)
        var cosines = 0.0
        for vector in vectors {
            let length = norm(vector) * sumNorm
            if length > 0 { cosines += zip(vector, sum).reduce(0) { $0 + $1.0 * $1.1 } / length }
        }
        return cosines / Double(known.count)
    }

    private static func known(_ terms: [Int], _ counts: ReferenceCounts) -> [Int] {
        var seen = Set<Int>()
        return terms.filter { (counts.count(of: $0) ?? 0) > 0 && seen.insert($0).inserted }
    }

    private static func pairNPMI(_ a: Int, _ b: Int, _ counts: ReferenceCounts) -> Double {
        let both = counts.count(of: a, and: b) ?? 0
        guard both > 0 else { return -1 }
        guard both < counts.contextCount else { return 1 }
        let total = Double(counts.contextCount)
        let joint = Double(both) / total
        let product = Double(counts.count(of: a) ?? 0) / total * (Double(counts.count(of: b) ?? 0) / total)
        return log(joint / product) / -log(joint)
    }

    private static func mean(_ sum: Double, _ termCount: Int) -> Double? {
        termCount > 1 ? sum / Double(termCount * (termCount - 1) / 2) : nil
    }
}
