import LinearAlgebra

/// Rows in single precision as a linear operator: blocks of vectors are taken 32 numbers at a time, so that what a row of the matrix
/// gathers from stays in the cache.
///
/// Products are summed in single precision within a row, in the order of its elements; strips of 32 columns are divided over threads.
struct FloatOperator: LinearOperator {
    let rows: FloatRows

    var rowCount: Int { rows.rowCount }
    var columnCount: Int { rows.columnCount }

    /// The vectors of four numbers in a strip.
    private static let width = 8

    func multiply(_ block: [Double], k: Int, threads: Int) -> [Double] {
        strips(block, inputRows: columnCount, outputRows: rowCount, k: k, threads: threads) { input, output in
            var sums = [SIMD4<Float>](repeating: .zero, count: Self.width)
            for row in 0..<rows.rowCount {
                for i in 0..<Self.width { sums[i] = .zero }
                rows.addProduct(row: row, with: input, width: Self.width, to: &sums)
                for i in 0..<Self.width { output[row * Self.width + i] = sums[i] }
            }
        }
    }

    func multiplyTransposed(_ block: [Double], k: Int, threads: Int) -> [Double] {
        strips(block, inputRows: rowCount, outputRows: columnCount, k: k, threads: threads) { input, output in
            var coefficients = [SIMD4<Float>](repeating: .zero, count: Self.width)
            for row in 0..<rows.rowCount {
                for i in 0..<Self.width { coefficients[i] = input[row * Self.width + i] }
                rows.addRow(row, times: coefficients, width: Self.width, to: &output)
            }
        }
    }

    /// Calls `body` for every strip of 32 columns of a block, to fill the same strip of the result.
    private func strips(
        _ block: [Double], inputRows: Int, outputRows: Int, k: Int, threads: Int,
        _ body: @Sendable (_ input: [SIMD4<Float>], _ output: inout [SIMD4<Float>]) -> Void
    ) -> [Double] {
        let lanes = Self.width * 4
        let results = parallelMap(count: (k + lanes - 1) / lanes, threads: threads) { strip in
            let columns = strip * lanes..<min(k, (strip + 1) * lanes)
            var input = [SIMD4<Float>](repeating: .zero, count: inputRows * Self.width)
            for row in 0..<inputRows {
                for column in columns {
                    let lane = column - columns.lowerBound
                    input[row * Self.width + lane / 4][lane % 4] = Float(block[row * k + column])
                }
            }
            var output = [SIMD4<Float>](repeating: .zero, count: outputRows * Self.width)
            body(input, &output)
            return output
        }
        var result = [Double](repeating: 0, count: outputRows * k)
        for (strip, output) in results.enumerated() {
            for row in 0..<outputRows {
                for column in strip * lanes..<min(k, (strip + 1) * lanes) {
                    let lane = column - strip * lanes
                    result[row * k + column] = Double(output[row * Self.width + lane / 4][lane % 4])
                }
            }
        }
        return result
    }
}
