import CKernels

extension SparseMatrix {
    /// Replaces `scores` by X·W + b, for weights in single precision and sums in double precision.
    ///
    /// Elements are added one after another, so a row gives the same alone and among others, on every machine.
    /// - Parameters:
    ///   - weights: W, [column][label].
    ///   - intercepts: b, one a label.
    ///   - scores: [row][label].
    /// - Precondition: `weights` has a row for every column.
    /// - Complexity: O(elements · labels).
    public func multiply(weights: Span<Float>, intercepts: Span<Double>, into scores: inout [Double]) {
        let labelCount = intercepts.count
        precondition(columnCount <= weights.count / max(1, labelCount), "\(columnCount) columns, too few weights")
        let count = rowCount * labelCount
        if scores.count > count { scores.removeLast(scores.count - count) }
        if scores.count < count { scores.append(contentsOf: repeatElement(0, count: count - scores.count)) }
        guard count > 0 else { return }
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe intercepts.withUnsafeBufferPointer { intercepts in
                unsafe sk_add_rows(
                    sk_instruction_set(), rowOffsets, rowCount, columnIndices, values, weights.baseAddress, labelCount,
                    intercepts.baseAddress, &scores)
            }
        }
    }
}
