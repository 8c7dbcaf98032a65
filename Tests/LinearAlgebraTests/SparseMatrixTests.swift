import LinearAlgebra
import Testing

@Suite struct SparseMatrixTests {
    @Test func buildsRows() {
        var matrix = SparseMatrix(columnCount: 5)
        matrix.append(column: 1, value: 2)
        matrix.append(column: 4, value: 3)
        matrix.endRow()
        matrix.endRow()
        matrix.append(column: 0, value: 1)
        matrix.endRow()
        #expect(
            matrix
                == SparseMatrix(rowOffsets: [0, 2, 2, 3], columnIndices: [1, 4, 0], values: [2, 3, 1], columnCount: 5))
        #expect(matrix.rowCount == 3 && matrix.elementCount == 3)
        #expect(matrix.row(1).isEmpty && matrix.row(2) == 2..<3)
        #expect(matrix.squaredRowNorms() == [13, 0, 1])
        let twice = SparseMatrix(rowOffsets: [0, 4], columnIndices: [3, 1, 3, 0], values: [1, 5, 2, -1], columnCount: 4)
        #expect(twice.squaredRowNorms() == [35])
        matrix.scaleRow(0, by: 2)
        #expect(matrix.values == [4, 6, 1])
        matrix.mapValues { column, value in value + Double(column) }
        #expect(matrix.values == [5, 10, 1])
        matrix.removeAll(keepingCapacity: true)
        #expect(matrix == SparseMatrix(columnCount: 5))
    }

    @Test(arguments: [1, 2, 3, 16]) func `Rows filled in pieces are the same for every number of threads`(threads: Int) {
        let matrix = randomSparse(rows: 300, columns: 50, seed: 4)
        let filled = SparseMatrix(rowOffsets: matrix.rowOffsets, columnCount: 50, threads: threads) { rows, columns, values in
            for row in rows {
                for element in matrix.row(row) {
                    columns.append(matrix.columnIndices[element])
                    values.append(matrix.values[element])
                }
            }
        }
        #expect(filled == matrix)
        let none = SparseMatrix(rowOffsets: [0], columnCount: 3, threads: threads) { _, _, _ in }
        #expect(none == SparseMatrix(columnCount: 3))
        let empty = SparseMatrix(rowOffsets: [0, 0, 0], columnCount: 3, threads: threads) { _, _, _ in }
        #expect(empty.rowCount == 2 && empty.elementCount == 0)
    }

    @Test(arguments: 0..<20) func selectsTransposesAndJoins(seed: Int) {
        let matrix = randomSparse(rows: 17, columns: 9, seed: UInt64(seed))
        let other = randomSparse(rows: 17, columns: 4, seed: UInt64(seed + 1000))
        let a = dense(matrix)
        let b = dense(other)
        #expect(dense(matrix.selectingRows([3, 3, 0, 16])) == [a[3], a[3], a[0], a[16]])
        #expect(dense(matrix.transposed()) == (0..<9).map { j in a.map { $0[j] } })
        #expect(dense(matrix.transposed().transposed()) == a)
        #expect(dense(matrix.appendingColumns(of: other)) == zip(a, b).map { $0 + $1 })
    }

    @Test(arguments: [1, 2, 3, 8, 20]) func productsAgreeWithNaiveSums(k: Int) {
        let matrix = randomSparse(rows: 23, columns: 11, seed: UInt64(k))
        let a = dense(matrix)
        let right = randomVector(11 * k, seed: 5)
        let left = randomVector(23 * k, seed: 6)
        var product = [Double](repeating: .nan, count: 23 * k)
        matrix.multiply(right, k: k, into: &product)
        var expected = [Double](repeating: 0, count: 23 * k)
        var expectedTransposed = [Double](repeating: 0, count: 11 * k)
        for i in 0..<23 {
            for j in 0..<11 {
                for c in 0..<k {
                    expected[i * k + c] += a[i][j] * right[j * k + c]
                    expectedTransposed[j * k + c] += a[i][j] * left[i * k + c]
                }
            }
        }
        #expect(agree(product, expected))
        var transposedProduct = [Double](repeating: .nan, count: 11 * k)
        matrix.multiplyTransposed(left, k: k, into: &transposedProduct)
        #expect(agree(transposedProduct, expectedTransposed))
        var other = [Double](repeating: .nan, count: 11 * k)
        matrix.transposed().multiply(left, k: k, into: &other)
        #expect(agree(other, transposedProduct))
    }

    @Test func appendsManyRowsAtOnce() {
        var matrix = SparseMatrix(columnCount: 5)
        matrix.append(column: 1, value: 2)
        matrix.endRow()
        matrix.append(rowCount: 2, elementCount: 4) { columns, values, ends in
            ends.append(columns.count)
            columns.append(3)
            values.append(7)
            ends.append(columns.count)
        }
        #expect(matrix.rowOffsets == [0, 1, 1, 2] && matrix.columnIndices == [1, 3] && matrix.values == [2, 7])
    }

    @Test func trapsWhereRowsHaveOtherColumnsThanValues() async {
        await #expect(processExitsWith: .failure) {
            var matrix = SparseMatrix(columnCount: 5)
            matrix.append(rowCount: 1, elementCount: 2) { columns, values, ends in
                columns.append(3)
                values.append(7)
                values.append(8)
                ends.append(values.count)
            }
        }
    }

    @Test func productsOfEmptyMatricesAreEmptyOrZero() {
        var none: [Double] = []
        SparseMatrix(columnCount: 3).multiply([1, 2, 3], k: 1, into: &none)
        #expect(none.isEmpty)
        var matrix = SparseMatrix(columnCount: 0)
        matrix.endRow()
        var zero = [1.0, 1.0]
        matrix.multiply([], k: 2, into: &zero)
        #expect(zero == [0, 0])
    }
}
