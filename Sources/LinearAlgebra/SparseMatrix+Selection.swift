extension SparseMatrix {
    /// The given rows, in the given order; a row may be given more than once.
    ///
    /// - Complexity: O(elements selected).
    public func selectingRows(_ indices: [Int]) -> SparseMatrix {
        var offsets = [0]
        offsets.reserveCapacity(indices.count + 1)
        var elementCount = 0
        for i in indices {
            elementCount += row(i).count
            offsets.append(elementCount)
        }
        var columns: [Int32] = []
        var selected: [Float] = []
        columns.reserveCapacity(elementCount)
        selected.reserveCapacity(elementCount)
        for i in indices {
            let range = row(i)
            columns.append(contentsOf: columnIndices[range])
            selected.append(contentsOf: values[range])
        }
        return SparseMatrix(trustedRowOffsets: offsets, columnIndices: columns, values: selected, columnCount: columnCount)
    }

    /// The transposed matrix: its rows are the columns of this one, their elements in the order of the rows here (the
    /// compressed sparse columns, CSC, of this matrix).
    ///
    /// - Complexity: O(elements + rows + columns), a counting sort.
    public func transposed() -> SparseMatrix {
        precondition(rowCount <= Int(Int32.max), "\(rowCount) rows are too many for 32-bit indices")
        var offsets = [Int](repeating: 0, count: columnCount + 1)
        for e in 0..<elementCount { offsets[Int(columnIndices[e]) + 1] += 1 }
        for c in 0..<columnCount { offsets[c + 1] += offsets[c] }
        var next = Array(offsets.dropLast())
        var columns = [Int32](repeating: 0, count: elementCount)
        var moved = [Float](repeating: 0, count: elementCount)
        for i in 0..<rowCount {
            for e in row(i) {
                let column = Int(columnIndices[e])
                let place = next[column]
                columns[place] = Int32(truncatingIfNeeded: i)
                moved[place] = values[e]
                next[column] = place + 1
            }
        }
        return SparseMatrix(trustedRowOffsets: offsets, columnIndices: columns, values: moved, columnCount: rowCount)
    }

    /// This matrix with the columns of another of the same rows at its right.
    ///
    /// - Complexity: O(elements of both).
    public func appendingColumns(of other: SparseMatrix) -> SparseMatrix {
        precondition(rowCount == other.rowCount, "\(rowCount) rows beside \(other.rowCount)")
        let totalColumnCount = columnCount + other.columnCount
        precondition(totalColumnCount <= Int(Int32.max), "\(totalColumnCount) columns are too many for 32-bit indices")
        let shift = Int32(columnCount)
        let total = elementCount + other.elementCount
        var joined = SparseMatrix(columnCount: totalColumnCount)
        joined.reserveCapacity(rowCount: rowCount, elementCount: total)
        for i in 0..<rowCount {
            for e in row(i) { joined.append(column: columnIndices[e], value: values[e]) }
            for e in other.row(i) { joined.append(column: other.columnIndices[e] + shift, value: other.values[e]) }
            joined.endRow()
        }
        return joined
    }
}
