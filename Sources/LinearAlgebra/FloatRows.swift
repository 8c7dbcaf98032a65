import CKernels

/// The rows of a sparse matrix, with the two operations of a dual solver: the product of one row with a block
/// of weights, and the addition of one row's multiple to it.
///
/// A block of weights has a row of `width` vectors of four numbers for every column: the outputs, padded to a multiple of four,
/// contiguous.
public struct FloatRows: Sendable {
    /// The number of rows.
    public let rowCount: Int
    /// The number of columns.
    public let columnCount: Int
    /// The squared Euclidean norm of each row.
    public let squaredNorms: [Float]

    /// Where the elements of each row begin and end.
    private let starts: [Int]
    private let ends: [Int]
    private let columns: [Int32]
    private let values: [Float]

    /// The given rows of a matrix, in the given order.
    ///
    /// They stay where they are in the matrix, with which they share columns and values unless some are left out. In another order than
    /// that every row is a cache miss, so ask for it with `prefetchElements(ofRow:)` a few rows before.
    ///
    /// - Parameter leftOut: columns that stay without elements; every row has exactly one in each of them.
    /// - Complexity: O(elements + columns) on so many threads, for the norms.
    public init(_ matrix: SparseMatrix, order: [Int], leavingOut leftOut: [Int32] = [], threads: Int = 1) {
        rowCount = order.count
        columnCount = matrix.columnCount
        if leftOut.isEmpty {
            columns = matrix.columnIndices
            values = matrix.values
            starts = order.map { matrix.rowOffsets[$0] }
            ends = order.map { matrix.rowOffsets[$0 + 1] }
        } else {
            var offsets = [0]
            offsets.reserveCapacity(matrix.rowCount + 1)
            for i in 0..<matrix.rowCount { offsets.append(offsets[i] + matrix.row(i).count - leftOut.count) }
            (columns, values) = filledArrays(rowOffsets: offsets, threads: threads) { rows, columns, values in
                for i in rows {
                    for e in matrix.row(i) where !leftOut.contains(matrix.columnIndices[e]) {
                        columns.append(matrix.columnIndices[e])
                        values.append(matrix.values[e])
                    }
                }
            }
            starts = order.map { offsets[$0] }
            ends = order.map { offsets[$0 + 1] }
        }
        let norms = matrix.squaredRowNorms(leavingOut: leftOut, threads: threads)
        squaredNorms = order.map { Float(norms[$0]) }
    }

    /// Some rows under construction.
    public struct Part: Sendable {
        /// Where each row ends.
        fileprivate var ends: [Int] = []
        public var columns: [Int32] = []
        public var values: [Float] = []

        public init() {}

        /// Finishes the row being built, whose elements were appended to `columns` and `values`.
        public mutating func endRow() {
            precondition(columns.count == values.count, "\(columns.count) columns for \(values.count) values")
            ends.append(values.count)
        }
    }

    /// The rows of all parts under each other.
    ///
    /// - Complexity: O(elements).
    public init(stacking parts: [Part], columnCount: Int) {
        var builder = Builder(columnCount: columnCount, capacity: parts.reduce(0) { $0 + $1.values.count })
        for part in parts { builder.append(part) }
        self.init(builder)
    }

    /// The rows that were built.
    public init(_ builder: consuming Builder) {
        columnCount = builder.columnCount
        rowCount = builder.ends.count
        starts = builder.starts
        ends = builder.ends
        columns = builder.columns
        values = builder.values
        squaredNorms = builder.squaredNorms
    }

    /// Rows that come part by part, so that no more than one part is there twice.
    public struct Builder: Sendable {
        fileprivate let columnCount: Int
        fileprivate var starts: [Int] = []
        fileprivate var ends: [Int] = []
        fileprivate var columns: [Int32] = []
        fileprivate var values: [Float] = []
        fileprivate var squaredNorms: [Float] = []

        /// - Parameter capacity: how many elements may come; what is never filled takes no memory.
        public init(columnCount: Int, capacity: Int) {
            precondition(columnCount >= 0 && columnCount <= Int(Int32.max), "columnCount \(columnCount) is not within 0...2^31-1")
            self.columnCount = columnCount
            columns.reserveLargePages(capacity)
            values.reserveLargePages(capacity)
        }

        /// Appends rows. O(elements).
        public mutating func append(_ part: Part) {
            precondition(part.columns.allSatisfy { $0 >= 0 && Int($0) < columnCount }, "a column outside 0..<\(columnCount)")
            let base = values.count
            var start = 0
            for end in part.ends {
                var square = 0.0
                for e in start..<end { square += Double(part.values[e]) * Double(part.values[e]) }
                squaredNorms.append(Float(square))
                starts.append(base + start)
                ends.append(base + end)
                start = end
            }
            columns += part.columns[..<start]
            values += part.values[..<start]
        }
    }

    /// The number of elements of all rows.
    public var elementCount: Int { values.count }

    /// Whether every value and every squared norm is a finite number in single precision.
    public var isFinite: Bool {
        squaredNorms.allSatisfy(\.isFinite)
    }

    /// Adds to `scores`, `width` vectors, the product of a row with the weights.
    ///
    /// - Complexity: O(elements of the row · width).
    public func addProduct(row: Int, with weights: [SIMD4<Float>], width: Int, to scores: inout [SIMD4<Float>]) {
        precondition(weights.count == columnCount * width && scores.count >= width, "weights or scores have another shape")
        let range = starts[row]..<ends[row]
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe scores.withUnsafeMutableBufferPointer { scores in
                guard var source = weights.baseAddress, var target = scores.baseAddress else { return }
                var remaining = width
                while remaining > 8 {
                    unsafe gather(Lanes8.self, range, source, stride: width, into: target)
                    unsafe source += 8
                    unsafe target += 8
                    remaining -= 8
                }
                switch remaining {
                case 1: unsafe gather(Lanes1.self, range, source, stride: width, into: target)
                case 2: unsafe gather(Lanes2.self, range, source, stride: width, into: target)
                case 3: unsafe gather(Lanes3.self, range, source, stride: width, into: target)
                case 4: unsafe gather(Lanes4.self, range, source, stride: width, into: target)
                case 5: unsafe gather(Lanes5.self, range, source, stride: width, into: target)
                case 6: unsafe gather(Lanes6.self, range, source, stride: width, into: target)
                case 7: unsafe gather(Lanes7.self, range, source, stride: width, into: target)
                default: unsafe gather(Lanes8.self, range, source, stride: width, into: target)
                }
            }
        }
    }

    /// Asks for the first elements of a row, some rows before it is worked on; the processor fetches the others while these are read.
    public func prefetchElements(ofRow row: Int) {
        let (start, end) = (starts[row], ends[row])
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                guard let columns = columns.baseAddress, let values = values.baseAddress else { return }
                for e in stride(from: start, to: min(end, start + 64), by: 16) {
                    unsafe sk_prefetch(columns + e)
                    unsafe sk_prefetch(values + e)
                }
            }
        }
    }

    /// Asks for the weights of a row's columns, while the row before is worked on. Does nothing where more than four numbers belong to a
    /// column: that would cost more than it saves.
    ///
    /// - Complexity: O(elements of the row).
    public func prefetch(row: Int, of weights: [SIMD4<Float>], width: Int) {
        guard width == 1 else { return }
        precondition(weights.count == columnCount * width, "weights have another shape")
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe columns.withUnsafeBufferPointer { columns in
                guard let source = weights.baseAddress else { return }
                for e in starts[row]..<ends[row] { unsafe sk_prefetch(source + Int(columns[e])) }
            }
        }
    }

    /// Adds to the weights of every column of a row its element times `coefficients`, `width` vectors.
    ///
    /// - Complexity: O(elements of the row · width).
    public func addRow(_ row: Int, times coefficients: [SIMD4<Float>], width: Int, to weights: inout [SIMD4<Float>]) {
        precondition(weights.count == columnCount * width && coefficients.count >= width, "weights have another shape")
        let range = starts[row]..<ends[row]
        unsafe coefficients.withUnsafeBufferPointer { coefficients in
            unsafe weights.withUnsafeMutableBufferPointer { weights in
                guard var source = coefficients.baseAddress, var target = weights.baseAddress else { return }
                var remaining = width
                while remaining > 8 {
                    unsafe scatter(Lanes8.self, range, source, into: target, stride: width)
                    unsafe source += 8
                    unsafe target += 8
                    remaining -= 8
                }
                switch remaining {
                case 1: unsafe scatter(Lanes1.self, range, source, into: target, stride: width)
                case 2: unsafe scatter(Lanes2.self, range, source, into: target, stride: width)
                case 3: unsafe scatter(Lanes3.self, range, source, into: target, stride: width)
                case 4: unsafe scatter(Lanes4.self, range, source, into: target, stride: width)
                case 5: unsafe scatter(Lanes5.self, range, source, into: target, stride: width)
                case 6: unsafe scatter(Lanes6.self, range, source, into: target, stride: width)
                case 7: unsafe scatter(Lanes7.self, range, source, into: target, stride: width)
                default: unsafe scatter(Lanes8.self, range, source, into: target, stride: width)
                }
            }
        }
    }

    /// target += Σ_e value_e · source[column_e · stride], the elements e of one row; the sums stay in registers.
    @unsafe
    private func gather<Group: LaneGroup>(
        _: Group.Type, _ range: Range<Int>, _ source: UnsafePointer<SIMD4<Float>>, stride: Int,
        into target: UnsafeMutablePointer<SIMD4<Float>>
    ) {
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                var e = range.lowerBound
                if Group.width <= 2 {
                    // One sum after another would wait for the addition before it.
                    var (first, second, third, fourth) = (Group(), Group(), Group(), Group())
                    while e + 4 <= range.upperBound {
                        unsafe first.add(values[e], times: source + Int(columns[e]) * stride)
                        unsafe second.add(values[e + 1], times: source + Int(columns[e + 1]) * stride)
                        unsafe third.add(values[e + 2], times: source + Int(columns[e + 2]) * stride)
                        unsafe fourth.add(values[e + 3], times: source + Int(columns[e + 3]) * stride)
                        e += 4
                    }
                    unsafe first.addTo(target)
                    unsafe second.addTo(target)
                    unsafe third.addTo(target)
                    unsafe fourth.addTo(target)
                }
                var sums = Group()
                while e < range.upperBound {
                    unsafe sums.add(values[e], times: source + Int(columns[e]) * stride)
                    e += 1
                }
                unsafe sums.addTo(target)
            }
        }
    }

    /// target[column_e · stride] += value_e · source, for the elements e of one row.
    @unsafe
    private func scatter<Group: LaneGroup>(
        _: Group.Type, _ range: Range<Int>, _ source: UnsafePointer<SIMD4<Float>>,
        into target: UnsafeMutablePointer<SIMD4<Float>>, stride: Int
    ) {
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                let group = unsafe Group(from: source)
                for e in range { unsafe group.addProduct(with: values[e], to: target + Int(columns[e]) * stride) }
            }
        }
    }
}
