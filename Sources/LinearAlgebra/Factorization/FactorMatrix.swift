/// A factor of a matrix: many rows of few numbers, each row padded with zeros to a multiple of eight.
///
/// Memory: rows · ⌈width / 8⌉ · 8 numbers.
struct FactorMatrix<Scalar: FactorScalar>: Sendable, Equatable {
    /// The number of rows.
    let rowCount: Int
    /// The numbers of a row, padding left out.
    let width: Int
    /// From one row to the next.
    let stride: Int
    /// All numbers, with padding, and eight zeros behind the last row so that a kernel may read beyond it.
    var elements: [Scalar]

    /// A factor of zeros.
    init(rowCount: Int, width: Int) {
        precondition(rowCount >= 0 && width >= 0, "\(rowCount) rows of \(width)")
        self.rowCount = rowCount
        self.width = width
        stride = (width + 7) / 8 * 8
        elements = Array(repeating: 0, count: rowCount * stride + 8)
    }

    /// The numbers of a dense matrix, rounded to `Scalar`.
    init(_ matrix: DenseMatrix) {
        self.init(rowCount: matrix.rowCount, width: matrix.columnCount)
        for i in 0..<rowCount {
            for c in 0..<width { elements[i * stride + c] = Scalar(matrix.elements[i * width + c]) }
        }
    }

    /// One number.
    subscript(row: Int, column: Int) -> Scalar {
        get {
            precondition(column >= 0 && column < width, "column \(column) is outside 0..<\(width)")
            return elements[row * stride + column]
        }
        _modify {
            precondition(column >= 0 && column < width, "column \(column) is outside 0..<\(width)")
            yield &elements[row * stride + column]
        }
    }

    /// The numbers as a dense matrix, without padding.
    var dense: DenseMatrix {
        var result: [Double] = []
        result.reserveCapacity(rowCount * width)
        for i in 0..<rowCount {
            for c in 0..<width { result.append(Double(elements[i * stride + c])) }
        }
        return DenseMatrix(rowCount: rowCount, columnCount: width, elements: result)
    }

    /// The sum of each column, added up in chunks of rows in double precision.
    ///
    /// - Complexity: O(rows · width).
    var columnSums: [Double] {
        var sums = [Double](repeating: 0, count: width)
        for i in 0..<rowCount {
            for c in 0..<width { sums[c] += Double(elements[i * stride + c]) }
        }
        return sums
    }

    /// The sum of the squares of all numbers.
    var squaredNorm: Double {
        var sum = 0.0
        for element in elements { sum += Double(element) * Double(element) }
        return sum
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
                unsafe elements.withUnsafeBufferPointer { elements in
                    guard let base = elements.baseAddress else { return }
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
