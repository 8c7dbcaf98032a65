import CKernels

/// A matrix in compressed sparse rows (CSR): the features of a corpus, one row an article.
///
/// Row `i` holds the elements `rowOffsets[i] ..< rowOffsets[i + 1]` of `columnIndices` and `values`. Columns within a row
/// need not be sorted, and a column may occur twice (the elements add up in every product). Every column index is within
/// `0 ..< columnCount`: the initialisers and `append` check it, and the kernels rely on it.
///
/// Values are in single precision, which is what most of a corpus's memory is taken by and what solvers read; whatever is computed
/// of them is computed in double precision, and rounded once where it is stored.
///
/// Rows are built in place: `append(column:value:)` for each element, then `endRow()`.
public struct SparseMatrix: Sendable, Equatable {
    /// Where each row starts, and at the end the number of elements: `rowCount + 1` numbers, ascending, the first one 0.
    public private(set) var rowOffsets: [Int]
    /// The column of each element.
    public private(set) var columnIndices: [Int32]
    /// The value of each element.
    public private(set) var values: [Float]
    /// The number of columns.
    public let columnCount: Int

    /// The number of finished rows.
    public var rowCount: Int { rowOffsets.count - 1 }

    /// The number of stored elements of the finished rows.
    public var elementCount: Int { rowOffsets[rowOffsets.count - 1] }

    /// An empty matrix of no rows.
    public init(columnCount: Int) {
        precondition(columnCount >= 0 && columnCount <= Int(Int32.max), "columnCount \(columnCount) is not within 0...2^31-1")
        self.rowOffsets = [0]
        self.columnIndices = []
        self.values = []
        self.columnCount = columnCount
    }

    /// A matrix of the given parts; a trap if they do not form one.
    ///
    /// - Complexity: O(rows + elements), for the check.
    public init(rowOffsets: [Int], columnIndices: [Int32], values: [Float], columnCount: Int) {
        precondition(columnCount >= 0 && columnCount <= Int(Int32.max), "columnCount \(columnCount) is not within 0...2^31-1")
        precondition(columnIndices.count == values.count, "\(columnIndices.count) columns for \(values.count) values")
        precondition(rowOffsets.first == 0 && rowOffsets.last == values.count, "row offsets must run from 0 to \(values.count)")
        var ascending = true
        for i in 1..<rowOffsets.count where rowOffsets[i] < rowOffsets[i - 1] { ascending = false }
        precondition(ascending, "row offsets must ascend")
        var inside = true
        for column in columnIndices where column < 0 || Int(column) >= columnCount { inside = false }
        precondition(inside, "a column index is outside 0..<\(columnCount)")
        self.rowOffsets = rowOffsets
        self.columnIndices = columnIndices
        self.values = values
        self.columnCount = columnCount
    }

    /// A matrix of the given parts, which the caller, a method of this type, has made right by construction.
    init(trustedRowOffsets: [Int], columnIndices: [Int32], values: [Float], columnCount: Int) {
        self.rowOffsets = trustedRowOffsets
        self.columnIndices = columnIndices
        self.values = values
        self.columnCount = columnCount
    }

    /// A matrix whose rows are filled in pieces, on up to `threads` threads.
    ///
    /// - Parameters:
    ///   - rowOffsets: where the elements of each row start, and at the end their number: `rowCount + 1` numbers, ascending from 0.
    ///   - fill: appends the columns and the values of some rows, one row after another, as many as the offsets say. What it appends
    ///     must depend on the rows alone.
    /// - Complexity: O(elements).
    public init(
        rowOffsets: [Int], columnCount: Int, threads: Int,
        _ fill: @Sendable (_ rows: Range<Int>, _ columns: inout OutputSpan<Int32>, _ values: inout OutputSpan<Float>) -> Void
    ) {
        self.init(columnCount: columnCount)
        precondition(rowOffsets.first == 0, "row offsets must start at 0")
        self.rowOffsets = rowOffsets
        (columnIndices, values) = filledArrays(rowOffsets: rowOffsets, threads: threads) { rows, columns, values in
            fill(rows, &columns, &values)
            Self.check(columns.span, columnCount)
        }
    }

    /// Adds an element to the row being built.
    public mutating func append(column: Int32, value: Float) {
        precondition(column >= 0 && Int(column) < columnCount, "column \(column) is outside 0..<\(columnCount)")
        columnIndices.append(column)
        values.append(value)
    }

    /// Adds `rowCount` rows of up to `elementCount` elements in all: `body` appends their columns, their values, and at the end of each
    /// row the number of elements of these rows so far. No row is being built.
    public mutating func append(
        rowCount: Int, elementCount: Int,
        _ body: (
            _ columns: inout OutputSpan<Int32>, _ values: inout OutputSpan<Float>, _ ends: inout OutputSpan<Int>
        ) -> Void
    ) {
        let (firstRow, first) = (rowOffsets.count, values.count)
        precondition(self.elementCount == first, "a row is being built")
        rowOffsets.append(addingCapacity: rowCount) { ends in
            columnIndices.append(addingCapacity: elementCount) { columns in
                values.append(addingCapacity: elementCount) { values in body(&columns, &values, &ends) }
            }
        }
        precondition(columnIndices.count == values.count, "\(columnIndices.count) columns for \(values.count) values")
        Self.check(columnIndices.span.extracting(first...), columnCount)
        precondition(rowOffsets.count - firstRow == rowCount, "\(rowOffsets.count - firstRow) rows in place of \(rowCount)")
        var last = 0
        var ascending = true
        for row in firstRow..<rowOffsets.count {
            ascending = ascending && rowOffsets[row] >= last
            last = rowOffsets[row]
            rowOffsets[row] += first
        }
        precondition(ascending && rowOffsets[rowOffsets.count - 1] == values.count, "rows must end at their elements")
    }

    /// Traps where a column is outside of a matrix of so many.
    private static func check(_ columns: Span<Int32>, _ columnCount: Int) {
        // A negative one, taken without its sign, is larger than all.
        let largest = unsafe columns.withUnsafeBytes { bytes in
            let numbers = unsafe bytes.bindMemory(to: UInt32.self)
            return unsafe sk_largest(sk_instruction_set(), numbers.baseAddress, numbers.count)
        }
        precondition(columns.isEmpty || largest < columnCount, "a column index is outside 0..<\(columnCount)")
    }

    /// Finishes the row being built; with no element appended since the last call, an empty one.
    public mutating func endRow() {
        rowOffsets.append(values.count)
    }

    /// Removes all rows, to build new ones in the same memory.
    public mutating func removeAll(keepingCapacity: Bool = false) {
        rowOffsets.removeAll(keepingCapacity: keepingCapacity)
        rowOffsets.append(0)
        columnIndices.removeAll(keepingCapacity: keepingCapacity)
        values.removeAll(keepingCapacity: keepingCapacity)
    }

    /// Reserves memory for so many rows and elements.
    public mutating func reserveCapacity(rowCount: Int, elementCount: Int) {
        rowOffsets.reserveCapacity(rowCount + 1)
        columnIndices.reserveCapacity(elementCount)
        values.reserveCapacity(elementCount)
    }

    /// The range of a row's elements in `columnIndices` and `values`.
    public func row(_ i: Int) -> Range<Int> {
        rowOffsets[i]..<rowOffsets[i + 1]
    }

    /// Multiplies the elements of one row by `factor`.
    public mutating func scaleRow(_ i: Int, by factor: Double) {
        for e in row(i) { values[e] = Float(Double(values[e]) * factor) }
    }

    /// Replaces every value by `transform(column, value)`; a value that becomes 0 stays stored.
    @inlinable
    public mutating func mapValues(_ transform: (_ column: Int32, _ value: Double) -> Double) {
        updateValues { columns, values in
            for e in 0..<values.count { values[e] = Float(transform(columns[e], Double(values[e]))) }
        }
    }

    /// Gives a closure the columns to read and the values to change, in storage order.
    @usableFromInline
    mutating func updateValues(_ body: (_ columns: Span<Int32>, _ values: inout MutableSpan<Float>) -> Void) {
        let columns = columnIndices
        var span = values.mutableSpan
        body(columns.span, &span)
    }

    /// The squared Euclidean norm of each row; the elements of a column that occurs twice are added up first.
    ///
    /// - Parameters:
    ///   - leftOut: columns whose elements do not count.
    ///   - threads: the most threads to use.
    /// - Complexity: O(elements + columns · threads), and a sort of the rows in which a column occurs twice.
    public func squaredRowNorms(leavingOut leftOut: [Int32] = [], threads: Int = 1) -> [Double] {
        let pieces = rowPieces(rowOffsets, count: threads)
        return Array(
            parallelMap(count: pieces.count, threads: threads) { squaredNorms(of: pieces[$0], leavingOut: leftOut) }.joined())
    }

    private func squaredNorms(of rows: Range<Int>, leavingOut leftOut: [Int32]) -> [Double] {
        // The last row that each column was seen in, from 1 on.
        var seen = [Int32](repeating: 0, count: columnCount)
        for column in leftOut { seen[Int(column)] = -1 }
        var norms: [Double] = []
        norms.reserveCapacity(rows.count)
        var marks = seen.mutableSpan
        let columns = columnIndices.span
        let values = self.values.span
        for i in rows {
            let mark = Int32(truncatingIfNeeded: i + 1)
            var sum = 0.0
            var isRepeated = false
            for e in row(i) {
                let column = Int(columns[e])
                if marks[column] < 0 { continue }
                isRepeated = isRepeated || marks[column] == mark
                marks[column] = mark
                let value = Double(values[e])
                sum += value * value
            }
            norms.append(isRepeated ? squaredNorm(ofUnsorted: row(i).filter { marks[Int(columns[$0])] >= 0 }) : sum)
        }
        return norms
    }

    /// The squared Euclidean norm of a row; the elements of a column that occurs twice are added up first.
    ///
    /// - Complexity: O(elements of the row), or a sort of them if the columns do not ascend.
    public func squaredNorm(ofRow i: Int) -> Double {
        let range = row(i)
        var sum = 0.0
        var last: Int32 = -1
        for e in range {
            if columnIndices[e] <= last { return squaredNorm(ofUnsorted: Array(range)) }
            last = columnIndices[e]
            let value = Double(values[e])
            sum += value * value
        }
        return sum
    }

    private func squaredNorm(ofUnsorted elements: [Int]) -> Double {
        var sum = 0.0
        var last: Int32 = -1
        var value = 0.0
        for e in elements.sorted(by: { (columnIndices[$0], $0) < (columnIndices[$1], $1) }) {
            if columnIndices[e] != last {
                sum += value * value
                value = 0
            }
            last = columnIndices[e]
            value += Double(values[e])
        }
        return sum + value * value
    }
}
