import LinearAlgebra

/// Labelled rows as few bytes: what is written to a temporary file, and what an incremental classifier learns from in memory, too.
///
/// A row is a sequence of numbers of seven bits a byte, the lowest first, the eighth bit saying that more follow: the number of
/// positive labels and the labels, the number of unjudged labels and the labels, the number of elements; then for each element the
/// distance of its column from the one before, so written, and its value as the upper half of a single-precision number, rounded
/// (bfloat16: a relative error of at most 2⁻⁸).
public struct PackedRows: Sendable, Equatable {
    /// The rows behind each other.
    public private(set) var bytes: [UInt8] = []
    /// Where each row ends in `bytes`.
    public private(set) var ends: [Int] = []

    public init() {}

    /// The number of rows.
    public var count: Int { ends.count }

    /// Appends a row of a matrix with the targets of an article. Columns are sorted; those that occur twice stay twice.
    ///
    /// - Complexity: O(elements), with a sort where columns do not ascend.
    public mutating func append(_ matrix: borrowing SparseMatrix, row: Int, targets: borrowing Targets, article: Int) {
        append(labels: targets, article, where: .positive)
        append(labels: targets, article, where: .missing)
        let range = matrix.row(row)
        append(number: range.count)
        var isAscending = true
        var last: Int32 = 0
        for e in range {
            let column = matrix.columnIndices[e]
            if column < last { isAscending = false }
            last = column
        }
        last = 0
        if isAscending {
            for e in range { append(matrix.columnIndices[e], matrix.values[e], &last) }
        } else {
            for e in range.sorted(by: { (matrix.columnIndices[$0], $0) < (matrix.columnIndices[$1], $1) }) {
                append(matrix.columnIndices[e], matrix.values[e], &last)
            }
        }
        ends.append(bytes.count)
    }

    /// Appends a row of other packed rows.
    public mutating func append(_ other: borrowing PackedRows, row: Int) {
        bytes.append(contentsOf: other.bytes[(row > 0 ? other.ends[row - 1] : 0)..<other.ends[row]])
        ends.append(bytes.count)
    }

    /// Removes all rows and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    private mutating func append(labels targets: borrowing Targets, _ article: Int, where judgement: Targets.Judgement) {
        let base = article * targets.labelCount
        var count = 0
        for label in 0..<targets.labelCount where targets.values[base + label] == judgement.rawValue { count += 1 }
        append(number: count)
        for label in 0..<targets.labelCount where targets.values[base + label] == judgement.rawValue { append(number: label) }
    }

    private mutating func append(_ column: Int32, _ value: Float, _ last: inout Int32) {
        append(number: Int(column - last))
        last = column
        let half = Self.upperHalf(value)
        bytes.append(UInt8(truncatingIfNeeded: half))
        bytes.append(UInt8(truncatingIfNeeded: half >> 8))
    }

    private mutating func append(number: Int) {
        var rest = UInt(number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The upper half of a number, rounded to the nearest, ties to even; a number that is not finite stays so.
    static func upperHalf(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        guard value.isFinite else { return UInt16(truncatingIfNeeded: bits >> 16) | (value.isNaN ? 0x40 : 0) }
        return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
}

/// Labelled rows unpacked, to learn from.
public struct LabelledRows: Sendable {
    /// Where each row starts in `columns` and `values`, and at the end their number.
    public private(set) var offsets: [Int] = [0]
    public private(set) var columns: [Int32] = []
    public private(set) var values: [Float] = []
    /// [row][label]: 1 positive, 0 negative, −1 not judged.
    public private(set) var targets: [Int8] = []
    public let featureCount: Int
    public let labelCount: Int

    public init(featureCount: Int, labelCount: Int) {
        self.featureCount = featureCount
        self.labelCount = labelCount
    }

    /// The number of rows.
    public var count: Int { offsets.count - 1 }

    /// Removes all rows and keeps the memory.
    public mutating func removeAll() {
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
        columns.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
    }

    /// Appends packed rows.
    /// - Returns: whether the bytes are as `PackedRows` writes them, with columns and labels in range.
    public mutating func append(packed bytes: borrowing [UInt8], rowCount: Int) -> Bool {
        var cursor = 0
        let bytes = bytes.span
        func next() -> Int? {
            var number = 0
            var shift = 0
            while cursor < bytes.count, shift < 35 {
                let byte = bytes[cursor]
                cursor += 1
                number |= Int(byte & 0x7F) << shift
                if byte < 0x80 { return number }
                shift += 7
            }
            return nil
        }
        for _ in 0..<rowCount {
            let first = targets.count
            targets.append(contentsOf: repeatElement(0, count: labelCount))
            for value in [Targets.Judgement.positive, .missing] {
                guard let count = next(), count <= labelCount else { return false }
                for _ in 0..<count {
                    guard let label = next(), label < labelCount else { return false }
                    targets[first + label] = value.rawValue
                }
            }
            guard let count = next(), count <= (bytes.count - cursor) / 3 else { return false }
            var column = 0
            for _ in 0..<count {
                guard let step = next(), cursor + 2 <= bytes.count else { return false }
                column += step
                guard column < featureCount else { return false }
                columns.append(Int32(truncatingIfNeeded: column))
                values.append(Float(bitPattern: UInt32(bytes[cursor]) << 16 | UInt32(bytes[cursor + 1]) << 24))
                cursor += 2
            }
            offsets.append(columns.count)
        }
        return cursor == bytes.count
    }

    /// The rows as a matrix, and their targets.
    public func corpusRows(task: ClassificationTask) -> (matrix: SparseMatrix, targets: Targets) {
        var targets = Targets(task: task, labelCount: labelCount)
        for row in 0..<count {
            let values = self.targets[(row * labelCount)..<((row + 1) * labelCount)].enumerated()
            targets.append(
                positive: values.filter { $0.element == 1 }.map(\.offset),
                missing: values.filter { $0.element == -1 }.map(\.offset))
        }
        let matrix = SparseMatrix(
            rowOffsets: offsets, columnIndices: columns, values: values, columnCount: featureCount)
        return (matrix, targets)
    }
}
