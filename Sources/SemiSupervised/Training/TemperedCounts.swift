import LinearAlgebra

/// TF-IDF rows scaled so that they sum to the same length: counts for naive Bayes that does not become too sure of long articles.
struct TemperedCounts: Sendable {
    let block: FeatureBlock
    /// The sum of every column over the articles that are learnt from.
    let sums: [Double]
    /// What a TF-IDF value is multiplied by, the mean over the articles.
    let scale: Double

    /// - Parameters:
    ///   - rows: TF-IDF rows.
    ///   - length: what every row sums to.
    ///   - trainingCount: the first so many rows are learnt from.
    init(_ rows: SparseMatrix, length: Double, trainingCount: Int) {
        var counts = rows
        var sums = [Double](repeating: 0, count: rows.columnCount)
        var (scales, scaledCount) = (0.0, 0.0)
        for row in 0..<counts.rowCount {
            var total = 0.0
            for element in counts.row(row) { total += abs(Double(counts.values[element])) }
            if total > 0 {
                counts.scaleRow(row, by: length / total)
                scales += length / total
                scaledCount += 1
            }
            guard row < trainingCount else { continue }
            for element in counts.row(row) { sums[Int(counts.columnIndices[element])] += Double(counts.values[element]) }
        }
        block = FeatureBlock(counts)
        self.sums = sums
        scale = scales / max(1, scaledCount)
    }
}
