import LinearAlgebra

/// A random sparse matrix with some empty rows and, now and then, the same column twice in a row.
func randomSparse(rows: Int, columns: Int, seed: UInt64) -> SparseMatrix {
    var generator = RandomGenerator(seed: seed)
    var matrix = SparseMatrix(columnCount: columns)
    for _ in 0..<rows {
        for _ in 0..<generator.nextInt(below: 6) {
            matrix.append(column: Int32(generator.nextInt(below: columns)), value: Float(generator.nextNormal()))
        }
        matrix.endRow()
    }
    return matrix
}

/// Random numbers of the normal distribution.
func randomVector(_ count: Int, seed: UInt64) -> [Double] {
    var generator = RandomGenerator(seed: seed)
    return (0..<count).map { _ in generator.nextNormal() }
}

/// The same matrix, dense.
func dense(_ matrix: SparseMatrix) -> [[Double]] {
    (0..<matrix.rowCount).map { i in
        var row = [Double](repeating: 0, count: matrix.columnCount)
        for e in matrix.row(i) { row[Int(matrix.columnIndices[e])] += Double(matrix.values[e]) }
        return row
    }
}

/// Whether two vectors agree to a tolerance in every element.
func agree(_ a: [Double], _ b: [Double], tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0), abs($1)) }
}
