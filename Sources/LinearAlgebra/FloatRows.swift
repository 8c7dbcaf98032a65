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

    /// Where the elements of each row lie.
    private let ranges: [Range<Int>]
    private let columns: [Int32]
    private let values: [Float]

    /// The given rows of a matrix, in the given order.
    ///
    /// They stay where they are in the matrix, with which they share columns and values unless some are left out. In another order than
    /// that every row is a cache miss, so ask for it a few rows before: with `prefetch(visits:after:)` or `prefetchElements(ofRow:)`.
    ///
    /// - Parameter leftOut: columns that stay without elements; every row has exactly one in each of them.
    /// - Complexity: O(elements + columns) on so many threads, for the norms.
    public init(_ matrix: SparseMatrix, order: [Int], leavingOut leftOut: [Int32] = [], threads: Int = 1) {
        rowCount = order.count
        columnCount = matrix.columnCount
        if leftOut.isEmpty {
            columns = matrix.columnIndices
            values = matrix.values
            ranges = order.map { matrix.row($0) }
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
            ranges = order.map { offsets[$0]..<offsets[$0 + 1] }
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
        rowCount = builder.ranges.count
        ranges = builder.ranges
        columns = builder.columns
        values = builder.values
        squaredNorms = builder.squaredNorms
    }

    /// Rows that come part by part, so that no more than one part is there twice.
    public struct Builder: Sendable {
        fileprivate let columnCount: Int
        fileprivate var ranges: [Range<Int>] = []
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
                ranges.append(base + start..<base + end)
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
        let range = ranges[row]
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
        let range = ranges[row]
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                guard let columns = columns.baseAddress, let values = values.baseAddress else { return }
                for e in stride(from: range.lowerBound, to: min(range.upperBound, range.lowerBound + 64), by: 16) {
                    unsafe sk_prefetch(columns + e)
                    unsafe sk_prefetch(values + e)
                }
            }
        }
    }

    /// Asks for what visits after the one at a place need: where the elements of the row visited eight later lie, and the first elements of the one
    /// four later.
    ///
    /// - Returns: the row two visits later, if there is one: its weights are to be asked for while those of the row at hand are changed.
    package func prefetch(visits: [Int32], after place: Int) -> Int? {
        if place + 8 < visits.count {
            unsafe ranges.withUnsafeBufferPointer { ranges in
                let row = Int(visits[place + 8])
                precondition(row >= 0 && row < ranges.count)
                unsafe sk_prefetch(ranges.baseAddress.unsafelyUnwrapped + row)
            }
        }
        if place + 4 < visits.count { prefetchElements(ofRow: Int(visits[place + 4])) }
        return place + 2 < visits.count ? Int(visits[place + 2]) : nil
    }

    /// Asks for the weights of a row's columns.
    ///
    /// - Complexity: O(elements of the row · width).
    public func prefetch(row: Int, of weights: [SIMD4<Float>], width: Int) {
        precondition(weights.count == columnCount * width, "weights have another shape")
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe columns.withUnsafeBufferPointer { columns in
                guard let source = weights.baseAddress else { return }
                for e in ranges[row] { unsafe prefetch(source + Int(columns[e]) * width, width: width) }
            }
        }
    }

    /// Adds to the weights of every column of a row its element times `coefficients`, `width` vectors.
    ///
    /// - Parameter next: a row whose weights are asked for meanwhile: those of the row at hand are in the cache already.
    /// - Complexity: O(elements of the rows · width).
    public func addRow(
        _ row: Int, times coefficients: [SIMD4<Float>], width: Int, to weights: inout [SIMD4<Float>], prefetching next: Int? = nil
    ) {
        precondition(weights.count == columnCount * width && coefficients.count >= width, "weights have another shape")
        let range = ranges[row]
        let ahead = next.map { ranges[$0] } ?? 0..<0
        unsafe coefficients.withUnsafeBufferPointer { coefficients in
            unsafe weights.withUnsafeMutableBufferPointer { weights in
                guard var source = coefficients.baseAddress, var target = weights.baseAddress else { return }
                var remaining = width
                while remaining > 8 {
                    unsafe scatter(Lanes8.self, range, source, into: target, stride: width, ahead)
                    unsafe source += 8
                    unsafe target += 8
                    remaining -= 8
                }
                switch remaining {
                case 1: unsafe scatter(Lanes1.self, range, source, into: target, stride: width, ahead)
                case 2: unsafe scatter(Lanes2.self, range, source, into: target, stride: width, ahead)
                case 3: unsafe scatter(Lanes3.self, range, source, into: target, stride: width, ahead)
                case 4: unsafe scatter(Lanes4.self, range, source, into: target, stride: width, ahead)
                case 5: unsafe scatter(Lanes5.self, range, source, into: target, stride: width, ahead)
                case 6: unsafe scatter(Lanes6.self, range, source, into: target, stride: width, ahead)
                case 7: unsafe scatter(Lanes7.self, range, source, into: target, stride: width, ahead)
                default: unsafe scatter(Lanes8.self, range, source, into: target, stride: width, ahead)
                }
            }
        }
    }

    /// So many elements lie between asking for weights and reading them within a row.
    private static let elementsAhead = 64

    /// Asks for the lines of cache of some vectors.
    @unsafe @inline(__always)
    private func prefetch(_ vectors: UnsafePointer<SIMD4<Float>>, width: Int) {
        for v in stride(from: 0, to: width, by: 4) { unsafe sk_prefetch(vectors + v) }
        // They need not begin with a line.
        if width > 1 { unsafe sk_prefetch(vectors + width - 1) }
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
                let far = Group.width > 1 ? range.upperBound - Self.elementsAhead : e
                if Group.width <= 2 {
                    // One sum after another would wait for the addition before it.
                    var (first, second, third, fourth) = (Group(), Group(), Group(), Group())
                    while e + 4 <= range.upperBound {
                        if e + 4 <= far {
                            for k in 0..<4 {
                                unsafe prefetch(source + Int(columns[e + Self.elementsAhead + k]) * stride, width: Group.width)
                            }
                        }
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
                while e < far {
                    unsafe prefetch(source + Int(columns[e + Self.elementsAhead]) * stride, width: Group.width)
                    unsafe sums.add(values[e], times: source + Int(columns[e]) * stride)
                    e += 1
                }
                while e < range.upperBound {
                    unsafe sums.add(values[e], times: source + Int(columns[e]) * stride)
                    e += 1
                }
                unsafe sums.addTo(target)
            }
        }
    }

    /// target[column_e · stride] += value_e · source, for the elements e of one row; asks for those of the elements `next`.
    @unsafe
    private func scatter<Group: LaneGroup>(
        _: Group.Type, _ range: Range<Int>, _ source: UnsafePointer<SIMD4<Float>>,
        into target: UnsafeMutablePointer<SIMD4<Float>>, stride: Int, _ next: Range<Int>
    ) {
        unsafe columns.withUnsafeBufferPointer { columns in
            unsafe values.withUnsafeBufferPointer { values in
                let group = unsafe Group(from: source)
                let both = min(range.count, next.count)
                for (e, later) in zip(range, next) {
                    unsafe prefetch(target + Int(columns[later]) * stride, width: Group.width)
                    unsafe group.addProduct(with: values[e], to: target + Int(columns[e]) * stride)
                }
                for e in range.dropFirst(both) { unsafe group.addProduct(with: values[e], to: target + Int(columns[e]) * stride) }
                for later in next.dropFirst(both) {
                    unsafe prefetch(target + Int(columns[later]) * stride, width: Group.width)
                }
            }
        }
    }
}

extension [SIMD4<Float>] {
    /// Asks for the line of cache of an element, some time before it is used.
    package func prefetch(_ place: Int) {
        precondition(place >= 0 && place < count)
        unsafe withUnsafeBufferPointer { unsafe sk_prefetch($0.baseAddress.unsafelyUnwrapped + place) }
    }
}
