extension SparseMatrix {
    /// The product X·B with a dense row-major block: `result[row][c] = Σ_j X[row, j] · block[j][c]`.
    ///
    /// - Parameters:
    ///   - block: `columnCount` rows of `k` numbers, contiguous in `k`.
    ///   - k: the number of columns of the block.
    ///   - result: `rowCount` rows of `k` numbers; overwritten.
    /// - Complexity: O(elements · k).
    public func multiply(_ block: [Double], k: Int, into result: inout [Double]) {
        var output = result.mutableSpan
        multiply(rows: 0..<rowCount, block.span, k: k, into: &output)
    }

    /// Some rows of the product X·B: `result[row - rows.lowerBound][c] = Σ_j X[row, j] · block[j][c]`.
    ///
    /// The block may have more rows than the matrix has columns, and the result more room; what is beyond is left alone.
    ///
    /// - Complexity: O(elements of the rows · k).
    public func multiply(rows: Range<Int>, _ block: Span<Double>, k: Int, into result: inout MutableSpan<Double>) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) are outside 0..<\(rowCount)")
        precondition(block.count >= columnCount * k, "the block has \(block.count) numbers, not \(columnCount) x \(k)")
        precondition(result.count >= rows.count * k, "room for \(result.count) numbers, not \(rows.count) x \(k)")
        unsafe block.withUnsafeBufferPointer { block in
            unsafe result.withUnsafeMutableBufferPointer { result in
                guard let source = block.baseAddress, let target = result.baseAddress else { return }
                if k == 1 {
                    unsafe multiplyByVector(rows: rows, source, into: target)
                } else {
                    unsafe multiplyByBlock(rows: rows, source, k: k, into: target)
                }
            }
        }
    }

    /// Xᵀ·B for a dense row-major block: `result[column][c] = Σ_i X[i, column] · block[i][c]`.
    ///
    /// For repeated use take `transposed()` once and its `multiply`, which can be divided over threads.
    ///
    /// - Parameters:
    ///   - block: `rowCount` rows of `k` numbers.
    ///   - result: `columnCount` rows of `k` numbers; overwritten.
    /// - Complexity: O(elements · k + columns · k).
    public func multiplyTransposed(_ block: [Double], k: Int, into result: inout [Double]) {
        precondition(block.count == rowCount * k, "the block has \(block.count) numbers, not \(rowCount) x \(k)")
        precondition(
            result.count == columnCount * k, "room for \(result.count) numbers, not \(columnCount) x \(k)")
        let block = block.span
        var output = result.mutableSpan
        for i in output.indices { output[i] = 0 }
        unsafe block.withUnsafeBufferPointer { block in
            unsafe output.withUnsafeMutableBufferPointer { result in
                guard let source = block.baseAddress, let target = result.baseAddress else { return }
                for i in 0..<rowCount {
                    let from = unsafe source + i * k
                    for e in row(i) {
                        let value = Double(values[e])
                        let to = unsafe target + Int(columnIndices[e]) * k
                        for c in 0..<k { unsafe to[c] += value * from[c] }
                    }
                }
            }
        }
    }

    /// `target[row - rows.lowerBound] = Σ_j X[row, j] · vector[j]`.
    @unsafe
    private func multiplyByVector(rows: Range<Int>, _ vector: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>) {
        unsafe columnIndices.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                for i in rows {
                    var sum = 0.0
                    for e in row(i) { unsafe sum += Double(values[e]) * vector[Int(columns[e])] }
                    unsafe target[i - rows.lowerBound] = sum
                }
            }
        }
    }

    /// `target[row - rows.lowerBound][·] = Σ_j X[row, j] · block[j][·]`.
    @unsafe
    private func multiplyByBlock(
        rows: Range<Int>, _ block: UnsafePointer<Double>, k: Int, into target: UnsafeMutablePointer<Double>
    ) {
        unsafe columnIndices.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                for i in rows {
                    let to = unsafe target + (i - rows.lowerBound) * k
                    for c in 0..<k { unsafe to[c] = 0 }
                    for e in row(i) {
                        let value = unsafe Double(values[e])
                        let from = unsafe block + Int(columns[e]) * k
                        for c in 0..<k { unsafe to[c] += value * from[c] }
                    }
                }
            }
        }
    }
}
