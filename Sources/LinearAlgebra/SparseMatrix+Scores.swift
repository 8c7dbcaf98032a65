import CKernels

extension SparseMatrix {
    /// Replaces `scores` by X·W + b, for values and weights in single precision and sums in double precision.
    ///
    /// Elements are added one after another, so a row gives the same alone and among others, on every machine.
    /// - Parameters:
    ///   - weights: W, [column][label].
    ///   - intercepts: b, one a label.
    ///   - scores: [row][label].
    /// - Precondition: `weights` has a row for every column.
    /// - Complexity: O(elements · labels).
    public func multiply(weights: Span<Float>, intercepts: Span<Double>, into scores: inout [Double]) {
        guard prepare(&scores, weightCount: weights.count, labelCount: intercepts.count) else { return }
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe intercepts.withUnsafeBufferPointer { intercepts in
                unsafe sk_add_rows(
                    sk_instruction_set(), rowOffsets, rowCount, columnIndices, values, weights.baseAddress, intercepts.count,
                    intercepts.baseAddress, &scores)
            }
        }
    }

    /// Replaces `scores` by X·W + b, for weights of half precision, each of which counts 2^-112 times its value; see
    /// `multiply(weights:intercepts:into:)` and `HalfPrecision`.
    public func multiply(weights: Span<HalfPrecision>, intercepts: Span<Double>, into scores: inout [Double]) {
        guard prepare(&scores, weightCount: weights.count, labelCount: intercepts.count) else { return }
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe intercepts.withUnsafeBufferPointer { intercepts in
                unsafe weights.withMemoryRebound(to: UInt16.self) { weights in
                    unsafe sk_add_rows_half(
                        sk_instruction_set(), rowOffsets, rowCount, columnIndices, values, weights.baseAddress, intercepts.count,
                        intercepts.baseAddress, &scores)
                }
            }
        }
    }

    /// Replaces `scores` by X·W + b, for integer weights of 8 bits; see `multiply(weights:intercepts:into:)`.
    public func multiply(weights: Span<Int8>, intercepts: Span<Double>, into scores: inout [Double]) {
        guard prepare(&scores, weightCount: weights.count, labelCount: intercepts.count) else { return }
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe intercepts.withUnsafeBufferPointer { intercepts in
                unsafe sk_add_rows_8(
                    sk_instruction_set(), rowOffsets, rowCount, columnIndices, values, weights.baseAddress, intercepts.count,
                    intercepts.baseAddress, &scores)
            }
        }
    }

    /// Gives the scores their length; returns whether there is any.
    private func prepare(_ scores: inout [Double], weightCount: Int, labelCount: Int) -> Bool {
        precondition(columnCount <= weightCount / max(1, labelCount), "\(columnCount) columns, too few weights")
        let count = rowCount * labelCount
        if scores.count > count { scores.removeLast(scores.count - count) }
        if scores.count < count { scores.append(contentsOf: repeatElement(0, count: count - scores.count)) }
        return count > 0
    }
}
