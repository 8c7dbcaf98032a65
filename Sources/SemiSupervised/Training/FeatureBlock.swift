import LinearAlgebra

/// The features of many articles in single precision, by article and by feature: products in both directions are divided over threads,
/// and no sum depends on their number.
///
/// Blocks of outputs have a row of `width` vectors of four numbers for every article or feature.
struct FeatureBlock: Sendable {
    private let rows: FloatRows
    private let columns: FloatRows

    var rowCount: Int { rows.rowCount }
    var featureCount: Int { rows.columnCount }

    /// Keeps the elements twice, 16 bytes each. O(elements).
    init(_ matrix: SparseMatrix) {
        rows = FloatRows(matrix, order: Array(0..<matrix.rowCount))
        let transposed = matrix.transposed()
        columns = FloatRows(transposed, order: Array(0..<transposed.rowCount))
    }

    /// How many vectors of four numbers hold so many outputs.
    static func width(_ outputCount: Int) -> Int { (outputCount + 3) / 4 }

    /// X·W, articles × width, for W of features × width. O(elements · width).
    func product(_ weights: [SIMD4<Float>], width: Int, threads: Int) -> [SIMD4<Float>] {
        Self.product(rows, weights, width: width, threads: threads)
    }

    /// Xᵀ·R, features × width, for R of articles × width. O(elements · width).
    func transposedProduct(_ residuals: [SIMD4<Float>], width: Int, threads: Int) -> [SIMD4<Float>] {
        Self.product(columns, residuals, width: width, threads: threads)
    }

    private static func product(
        _ matrix: FloatRows, _ block: [SIMD4<Float>], width: Int, threads: Int
    ) -> [SIMD4<Float>] {
        var result = [SIMD4<Float>](repeating: .zero, count: matrix.rowCount * width)
        _ = parallelChunks(of: &result, chunkLength: 512 * width, threads: threads) { _, range, output in
            var sums = [SIMD4<Float>](repeating: .zero, count: width)
            let first = range.lowerBound / width
            for row in first..<range.upperBound / width {
                for i in 0..<width { sums[i] = .zero }
                matrix.addProduct(row: row, with: block, width: width, to: &sums)
                for i in 0..<width { output[(row - first) * width + i] = sums[i] }
            }
        }
        return result
    }
}
