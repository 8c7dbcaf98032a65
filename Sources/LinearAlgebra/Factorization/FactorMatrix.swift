/// A factor of a matrix: many rows of few numbers, each row padded with zeros to a multiple of eight.
///
/// The first row starts at a line of the cache, since the kernels wait for lines most of their time: rows across them take half as long
/// again. An array starts where the allocator likes, so the rows start a little behind that.
///
/// Memory: rows · ⌈width / 8⌉ · 8 numbers.
struct FactorMatrix<Scalar: FactorScalar>: Sendable {
    /// The number of rows.
    let rowCount: Int
    /// The numbers of a row, padding left out.
    let width: Int
    /// From one row to the next, in numbers.
    let stride: Int
    /// Where the first row starts in `elements`. A copy of the array keeps it, and may lie across lines (`assign` does not): it is slower,
    /// nothing else.
    let origin: Int
    /// All numbers, with padding, and at least eight zeros behind the last row so that a kernel may read beyond it.
    var elements: [Scalar]

    /// The places of the rows in `elements`.
    var rowRange: Range<Int> { origin..<origin + rowCount * stride }

    /// A factor of zeros.
    init(rowCount: Int, width: Int) {
        precondition(rowCount >= 0 && width >= 0, "\(rowCount) rows of \(width)")
        self.rowCount = rowCount
        self.width = width
        stride = (width + 7) / 8 * 8
        let line = 64 / MemoryLayout<Scalar>.size
        elements = Array(largeRepeating: 0, count: line + rowCount * stride + 8)
        let address = unsafe elements.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
        origin = (-address & 63) / MemoryLayout<Scalar>.size
    }

    /// The first `width` numbers of so many rows of `length` numbers each (`nil`: `width`), one behind the other, rounded to `Scalar`.
    init(rowCount: Int, width: Int, rows: [Double], length: Int? = nil) {
        self.init(rowCount: rowCount, width: width)
        let (from, to) = (length ?? width, stride)
        let rows = rows.span
        withMutableScalars { scalars in
            for i in 0..<rowCount {
                for c in 0..<width { scalars[i * to + c] = Scalar(rows[i * from + c]) }
            }
        }
    }

    /// The first `width` columns of a dense matrix (`nil`: all), rounded to `Scalar`.
    init(_ matrix: DenseMatrix, width: Int? = nil) {
        self.init(
            rowCount: matrix.rowCount, width: width ?? matrix.columnCount, rows: matrix.elements, length: matrix.columnCount)
    }

    /// The numbers of a factor, rounded to `Scalar`.
    init<Other>(_ other: FactorMatrix<Other>) {
        self.init(rowCount: other.rowCount, width: other.width)
        assign(other)
    }

    /// The factor of some of the columns.
    func selecting(_ columns: [Int]) -> FactorMatrix {
        var result = FactorMatrix(rowCount: rowCount, width: columns.count)
        let (from, to) = (stride, result.stride)
        withScalars { own in
            result.withMutableScalars { scalars in
                for i in 0..<rowCount {
                    for (place, c) in columns.enumerated() { scalars[i * to + place] = own[i * from + c] }
                }
            }
        }
        return result
    }

    /// Takes over the numbers of a factor of the same shape, each in its place, rounded to `Scalar`.
    mutating func assign<Other>(_ other: FactorMatrix<Other>) {
        precondition(other.rowCount == rowCount && other.stride == stride, "a factor of another shape")
        other.withScalars { other in
            withMutableScalars { scalars in
                for i in scalars.indices { scalars[i] = Scalar(other[i]) }
            }
        }
    }

    /// Calls `body` with the numbers of the rows, padding included.
    func withScalars<Result>(_ body: (Span<Scalar>) -> Result) -> Result {
        body(elements.span.extracting(rowRange))
    }

    /// Calls `body` with the numbers of the rows and the padding, which must stay zero.
    mutating func withMutableScalars<Result>(_ body: (inout MutableSpan<Scalar>) -> Result) -> Result {
        let range = rowRange
        return unsafe elements.withUnsafeMutableBufferPointer { elements in
            var scalars = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: elements[range]))
            return body(&scalars)
        }
    }

    /// Calls `body` with the address of the first row.
    @unsafe
    func withScalarPointer<Result>(_ body: (UnsafePointer<Scalar>) -> Result) -> Result {
        // There is always something behind the last row.
        unsafe elements.withUnsafeBufferPointer { unsafe body($0.baseAddress! + origin) }
    }

    /// The numbers as a dense matrix, without padding.
    var dense: DenseMatrix {
        DenseMatrix(rowCount: rowCount, columnCount: width, elements: rows)
    }

    /// The rows without padding, one behind the other.
    var rows: [Double] {
        var result = [Double](largeCapacity: rowCount * width)
        withScalars { scalars in
            for i in 0..<rowCount {
                for c in 0..<width { result.append(Double(scalars[i * stride + c])) }
            }
        }
        return result
    }

    /// The sum of each column, added up in double precision.
    ///
    /// - Complexity: O(rows · width).
    var columnSums: [Double] {
        var sums = [Double](repeating: 0, count: width)
        withScalars { scalars in
            for i in 0..<rowCount {
                for c in 0..<width { sums[c] += Double(scalars[i * stride + c]) }
            }
        }
        return sums
    }

    /// The sum of the squares of all numbers.
    var squaredNorm: Double {
        withScalars { scalars in
            var sum = 0.0
            for i in scalars.indices { sum += Double(scalars[i]) * Double(scalars[i]) }
            return sum
        }
    }

    /// FᵀF, the products of the columns with one another, in chunks of 256 rows whose sums are added in double precision in their
    /// order: the same bits for any number of threads and on any machine.
    ///
    /// The reference BLAS takes five times as long for it (`dsyrk`), and OpenBLAS about as long on one thread.
    ///
    /// - Complexity: O(rows · width²).
    func gram(threads: Int = 1) -> DenseMatrix {
        var result = DenseMatrix(rowCount: width, columnCount: width)
        guard width > 0 else { return result }
        let chunkRows = 256
        let block = 16
        let chunkCount = (rowCount + chunkRows - 1) / chunkRows
        // Several chunks an item: fewer arrays to hand over.
        let parts = parallelMap(count: (chunkCount + block - 1) / block, threads: threads) { item in
            var sum = [Double](repeating: 0, count: width * width)
            var part = sum
            for chunk in item * block..<min(chunkCount, (item + 1) * block) {
                let start = chunk * chunkRows
                unsafe withScalarPointer { base in
                    unsafe Scalar.gram(base + start * stride, min(rowCount, start + chunkRows) - start, width, stride, &part)
                }
                for e in sum.indices { sum[e] += part[e] }
            }
            return sum
        }
        for part in parts {
            for e in part.indices { result.elements[e] += part[e] }
        }
        return result
    }
}
