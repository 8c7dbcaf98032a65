import CKernels

/// The rows of a sparse matrix, with the steps of a factorisation in the precision of it.
///
/// Steps divide the rows over threads in chunks of a fixed number, and do each row, or each fixed group of rows, on its own: the
/// result does not depend on the number of threads.
struct CompressedRows<Scalar: FactorScalar>: Sendable {
    /// The number of rows.
    let rowCount: Int
    /// The number of columns.
    let columnCount: Int
    /// The values of the elements.
    private let values: [Float]
    private let offsets: [Int]
    private let columns: [Int32]

    /// The rows of a matrix, which are shared with it. O(1).
    init(_ matrix: SparseMatrix) {
        rowCount = matrix.rowCount
        columnCount = matrix.columnCount
        offsets = matrix.rowOffsets
        columns = matrix.columnIndices
        values = matrix.values
    }

    private static var chunkRows: Int { 2 * Float.descentGroup }

    /// The sum of the squares of all values.
    var squaredNorm: Double {
        var sum = 0.0
        for value in values { sum += Double(value) * Double(value) }
        return sum
    }

    /// X·F for a factor F of `columnCount` rows.
    ///
    /// - Complexity: O(elements · width).
    func product(with factor: FactorMatrix<Scalar>, threads: Int) -> FactorMatrix<Scalar> {
        var result = FactorMatrix<Scalar>(rowCount: rowCount, width: factor.width)
        multiply(factor, into: &result, threads: threads)
        return result
    }

    /// `result` = X·F for a factor F of `columnCount` rows.
    ///
    /// - Complexity: O(elements · width).
    func multiply(_ factor: FactorMatrix<Scalar>, into result: inout FactorMatrix<Scalar>, threads: Int) {
        unsafe update(&result, with: factor, threads: threads) { rows, other, target in
            unsafe Scalar.multiply(rows, other, factor.stride, target)
        }
    }

    /// A pass of coordinate descent over the rows w of `own`, each the minimiser sought of
    ///
    ///     ½‖x − w·otherᵀ‖² + l1·Σw + ½ l2·Σw²    over w ≥ 0
    ///
    /// with `sweeps` sweeps over ascending coordinates (hierarchical alternating least squares; Cichocki & Phan 2009). A group of
    /// rows stops before that once none of its numbers moves by more than `tolerance` times its largest.
    ///
    /// - Parameters:
    ///   - gram: otherᵀ·other.
    ///   - blocked: numbers of `own` held at 0, which they have to be at the start.
    /// - Returns: sums over the new rows.
    /// - Complexity: O(elements · width + sweeps · rows · width²).
    func descend(
        _ own: inout FactorMatrix<Scalar>, other: FactorMatrix<Scalar>, gram: DenseMatrix, l1: Double, l2: Double, sweeps: Int,
        tolerance: Double = 0, blocked: FactorMask? = nil, threads: Int
    ) -> DescentSums {
        precondition(gram.rowCount == other.width && gram.columnCount == other.width, "a Gram matrix of another factor")
        let width = other.width
        var penalized = gram.elements.map { Scalar($0) }
        for a in 0..<width { penalized[a * width + a] = Scalar(gram[a, a] + l2) }
        let matrix = penalized
        precondition(blocked == nil || blocked?.rowCount == rowCount, "a mask of another factor")
        let stride = other.stride
        let (blockedOffsets, blockedColumns) = (blocked?.offsets, blocked?.columns ?? [])
        let parts = unsafe update(&own, with: other, threads: threads) { rows, other, target in
            unsafe matrix.withUnsafeBufferPointer { matrix in
                guard let gram = matrix.baseAddress else { return DescentSums() }
                return unsafe withOptionalPointers(blockedOffsets, blockedColumns) { blockedOffsets, blockedColumns in
                    let problem = unsafe DescentPointers(
                        blockedOffsets: blockedOffsets.map { unsafe $0 + rows.first }, blocked: blockedColumns, other: other,
                        gram: gram, l1: Scalar(l1), width: width, stride: stride,
                        sweeps: Int32(clamping: sweeps), tolerance: Scalar(tolerance))
                    return unsafe Scalar.descend(rows, problem, target)
                }
            }
        }
        return parts.reduce(into: DescentSums()) { sums, part in
            sums.cross += part.cross
            sums.total += part.total
        }
    }

    /// One multiplicative step of the rows w of `own` that does not raise the generalised Kullback–Leibler divergence,
    ///
    ///     w ← w · Σ_j (x_j / (w·h_j)) h_j / (Σ_j h_j + l1 + l2 w)
    ///
    /// (Lee & Seung 2001; the penalties as in scikit-learn). Only stored elements are visited.
    ///
    /// - Parameter sums: the column sums of `other`.
    /// - Complexity: O(elements · width + rows · width).
    func scale(
        _ own: inout FactorMatrix<Scalar>, other: FactorMatrix<Scalar>, sums: [Double], l1: Double, l2: Double, threads: Int
    ) {
        precondition(sums.count == other.width, "\(sums.count) sums of \(other.width) columns")
        let width = other.width
        let stride = other.stride
        let rounded = sums.map { Scalar($0) }
        unsafe update(&own, with: other, threads: threads) { rows, other, target in
            unsafe rounded.withUnsafeBufferPointer { rounded in
                guard let sums = rounded.baseAddress else { return }
                let problem = unsafe ScalingPointers(
                    other: other, sums: sums, l1: Scalar(l1), l2: Scalar(l2), width: width, stride: stride)
                unsafe Scalar.scale(rows, problem, target)
            }
        }
    }

    /// The part of the generalised Kullback–Leibler divergence that stored elements make, Σ x ln(x / (w·h)) − x.
    ///
    /// - Complexity: O(elements · width).
    func divergence(_ own: FactorMatrix<Scalar>, other: FactorMatrix<Scalar>, threads: Int) -> Double {
        check(own, other)
        guard rowCount > 0, own.width > 0 else { return 0 }
        let chunk = Self.chunkRows
        let parts = parallelMap(count: (rowCount + chunk - 1) / chunk, threads: threads) { index in
            unsafe own.withScalarPointer { own in
                unsafe withRows(index * chunk..<min(rowCount, (index + 1) * chunk), other) { rows, otherRows in
                    unsafe Scalar.divergence(rows, otherRows, other.stride, own + index * chunk * other.stride)
                }
            }
        }
        return parts.reduce(0, +)
    }

    private func check(_ own: FactorMatrix<Scalar>, _ other: FactorMatrix<Scalar>) {
        precondition(own.rowCount == rowCount && other.rowCount == columnCount, "factors of another matrix")
        precondition(own.width == other.width, "factors of \(own.width) and \(other.width)")
    }

    /// Calls `body` with a chunk's rows, renumbered so that the first is row 0, the other factor, and the chunk of `own`.
    @unsafe @discardableResult
    private func update<Result: Sendable>(
        _ own: inout FactorMatrix<Scalar>, with other: FactorMatrix<Scalar>, threads: Int,
        _ body: @Sendable (RowPointers<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Result
    ) -> [Result] {
        check(own, other)
        let (stride, range) = (own.stride, own.rowRange)
        guard rowCount > 0, stride > 0 else { return [] }
        return parallelChunks(of: &own.elements, in: range, chunkLength: Self.chunkRows * stride, threads: threads) {
            _, part, chunk in
            let first = (part.lowerBound - range.lowerBound) / stride
            return unsafe chunk.withUnsafeMutableBufferPointer { chunk in
                unsafe withRows(first..<first + part.count / stride, other) { rows, other in
                    unsafe body(rows, other, chunk.baseAddress!)
                }
            }
        }
    }

    @unsafe
    private func withRows<Result>(
        _ range: Range<Int>, _ other: FactorMatrix<Scalar>,
        _ body: (RowPointers<Scalar>, UnsafePointer<Scalar>) -> Result
    ) -> Result {
        unsafe offsets.withUnsafeBufferPointer { offsets in
            unsafe columns.withUnsafeBufferPointer { columns in
                unsafe values.withUnsafeBufferPointer { values in
                    unsafe other.withScalarPointer { other in
                        // Without any element there is no address; the kernels then read none.
                        let columns = unsafe columns.baseAddress ?? UnsafePointer(bitPattern: 64)!
                        let values = unsafe values.baseAddress ?? UnsafePointer(bitPattern: 64)!
                        let rows = unsafe RowPointers<Scalar>(
                            set: sk_instruction_set(), offsets: offsets.baseAddress! + range.lowerBound, columns: columns,
                            values: values, start: 0, end: range.count, first: range.lowerBound)
                        return unsafe body(rows, other)
                    }
                }
            }
        }
    }
}

/// Calls `body` with the addresses of the numbers, `nil` for offsets where there are none.
@unsafe
private func withOptionalPointers<Result>(
    _ offsets: [Int]?, _ columns: [Int32], _ body: (UnsafePointer<Int>?, UnsafePointer<Int32>?) -> Result
) -> Result {
    guard let offsets else { return body(nil, nil) }
    return unsafe offsets.withUnsafeBufferPointer { offsets in
        unsafe columns.withUnsafeBufferPointer { columns in unsafe body(offsets.baseAddress, columns.baseAddress) }
    }
}
