extension SparseMatrix {
    /// The rows of all parts under each other.
    ///
    /// - Complexity: O(elements of all parts).
    public init(stacking parts: [SparseMatrix], columnCount: Int) {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        offsets.reserveCapacity(parts.reduce(1) { $0 + $1.rowCount })
        let elementCount = parts.reduce(0) { $0 + $1.elementCount }
        columns.reserveCapacity(elementCount)
        values.reserveCapacity(elementCount)
        for part in parts {
            precondition(part.columnCount == columnCount, "\(part.columnCount) columns among parts of \(columnCount)")
            let base = values.count
            for end in part.rowOffsets.dropFirst() { offsets.append(base + end) }
            columns.append(contentsOf: part.columnIndices[..<part.elementCount])
            values.append(contentsOf: part.values[..<part.elementCount])
        }
        self.init(trustedRowOffsets: offsets, columnIndices: columns, values: values, columnCount: columnCount)
    }
}
