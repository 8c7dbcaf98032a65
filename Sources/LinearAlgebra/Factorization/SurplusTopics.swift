/// Which topics of a factorisation can be spared.
///
/// A topic is an outer product w_a·h_aᵀ of two columns; the topics' inner products with one another are M_ab = (w_a·w_b)(h_a·h_b).
/// Leaving topic a out, and scaling the others as suits best, raises ½‖X − W·Hᵀ‖² at a stationary point by ½ / (M⁻¹)_aa (Hassibi & Stork
/// 1993): little for a weak topic, and for one that others can stand in for.
struct SurplusTopics {
    /// What share of itself is added to each topic's inner product with itself, so that there is an inverse.
    private static let ridge = 1e-7

    /// The topics to keep, ascending.
    ///
    /// The topic that costs least is left out again and again; of two that cost the same the later one.
    ///
    /// - Parameters:
    ///   - gramW, gramH: WᵀW and HᵀH.
    ///   - count: how many to keep.
    ///   - protectedCount: how many of the first topics are kept in any case.
    /// - Complexity: O(topics³).
    static func kept(gramW: DenseMatrix, gramH: DenseMatrix, count: Int, protectedCount: Int) -> [Int] {
        let width = gramW.rowCount
        guard count < width else { return Array(0..<width) }
        precondition(protectedCount <= count, "\(protectedCount) of \(count) topics are protected")
        var squares = [Double](repeating: 0, count: width)
        for a in 0..<width { squares[a] = gramW[a, a] * gramH[a, a] }
        // Cosines in place of inner products: topics may be of very different size. An empty one stands alone and costs nothing.
        var cosines = DenseMatrix(rowCount: width, columnCount: width)
        for a in 0..<width {
            for b in 0..<width {
                let norm = (squares[a] * squares[b]).squareRoot()
                cosines[a, b] = (norm > 0 ? gramW[a, b] * gramH[a, b] / norm : a == b ? 1 : 0) + (a == b ? ridge : 0)
            }
        }
        // Cosines of non-negative matrices are positive semidefinite (Schur), so there is a factor; otherwise sizes decide.
        var inverse = (try? CholeskyFactor(of: cosines))?.solve(rows: .identity(width)) ?? .identity(width)
        var kept = Array(0..<width)
        while kept.count > count {
            var (least, lowest) = (kept.count - 1, Double.infinity)
            for (place, a) in kept.enumerated() where a >= protectedCount {
                let cost = squares[a] / inverse[a, a]
                if cost <= lowest { (least, lowest) = (place, cost) }
            }
            // The inverse without row and column c of the matrix.
            let c = kept.remove(at: least)
            for a in kept {
                let factor = inverse[a, c] / inverse[c, c]
                for b in kept { inverse[a, b] -= factor * inverse[c, b] }
            }
        }
        return kept
    }
}
