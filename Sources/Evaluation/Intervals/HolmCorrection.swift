/// The correction of Holm (1979) for several tests at once: it holds the probability of any false difference among them.
public enum HolmCorrection {
    /// The adjusted p-values, in the order given: of m tests the one with the k-th smallest p-value gets
    /// max over j ≤ k of min(1, (m − j + 1) p₍ⱼ₎).
    ///
    /// A test is significant at a level if its adjusted value is at most that. O(m log m).
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        var adjusted = [Double](repeating: 1, count: pValues.count)
        var greatest = 0.0
        let ascending = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        for (rank, position) in ascending.enumerated() {
            greatest = max(greatest, min(1, Double(pValues.count - rank) * pValues[position]))
            adjusted[position] = greatest
        }
        return adjusted
    }
}
