/// Numbers of a factor that are held at 0 while it is fitted: for some of its rows the columns that they must not use.
public struct FactorMask: Sendable, Equatable {
    let offsets: [Int]
    let columns: [Int32]

    /// A mask with the given columns for each row.
    ///
    /// - Complexity: O(rows + blocked numbers).
    public init(_ rows: [[Int]]) {
        var offsets = [0]
        var columns: [Int32] = []
        for row in rows {
            columns += row.map { Int32($0) }
            offsets.append(columns.count)
        }
        self.offsets = offsets
        self.columns = columns
    }

    /// The number of rows.
    var rowCount: Int { offsets.count - 1 }

    /// The factor with zeros in these places.
    func applied(to factor: DenseMatrix) -> DenseMatrix {
        precondition(factor.rowCount == rowCount, "a mask of \(rowCount) rows for \(factor.rowCount)")
        var result = factor
        for row in 0..<rowCount {
            for place in offsets[row]..<offsets[row + 1] { result[row, Int(columns[place])] = 0 }
        }
        return result
    }
}
