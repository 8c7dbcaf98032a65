/// A dense matrix of `Double`, row after row.
public struct DenseMatrix: Sendable, Equatable {
    /// The number of rows.
    public let rowCount: Int
    /// The number of columns.
    public let columnCount: Int
    /// The elements, row-major: element (i, j) is number `i * columnCount + j`.
    public internal(set) var elements: [Double]

    /// A matrix of one value everywhere.
    public init(rowCount: Int, columnCount: Int, repeating value: Double = 0) {
        self.init(rowCount: rowCount, columnCount: columnCount, elements: Array(repeating: value, count: rowCount * columnCount))
    }

    /// A matrix of the given elements, row-major.
    public init(rowCount: Int, columnCount: Int, elements: [Double]) {
        precondition(elements.count == rowCount * columnCount, "\(elements.count) elements for \(rowCount) x \(columnCount)")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.elements = elements
    }

    /// The identity.
    public static func identity(_ count: Int) -> DenseMatrix {
        var matrix = DenseMatrix(rowCount: count, columnCount: count)
        for i in 0..<count { matrix[i, i] = 1 }
        return matrix
    }

    /// Element (row, column).
    public subscript(row: Int, column: Int) -> Double {
        get {
            precondition(column >= 0 && column < columnCount, "column \(column) is outside 0..<\(columnCount)")
            return elements[row * columnCount + column]
        }
        _modify {
            precondition(column >= 0 && column < columnCount, "column \(column) is outside 0..<\(columnCount)")
            yield &elements[row * columnCount + column]
        }
    }

    /// The elements of one row.
    public func row(_ i: Int) -> ArraySlice<Double> {
        elements[(i * columnCount)..<((i + 1) * columnCount)]
    }

    /// The transposed matrix.
    public func transposed() -> DenseMatrix {
        var result = DenseMatrix(rowCount: columnCount, columnCount: rowCount)
        for i in 0..<rowCount {
            for j in 0..<columnCount { result[j, i] = self[i, j] }
        }
        return result
    }
}
