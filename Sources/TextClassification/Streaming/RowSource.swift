import LinearAlgebra

/// Labelled rows in blocks that can be read in any order, from memory or from a file.
///
/// The division into blocks depends on the rows alone, not on what holds them, and so does what is learnt.
public protocol RowSource: Sendable {
    var task: ClassificationTask { get }
    var featureCount: Int { get }
    var labelCount: Int { get }
    /// The number of rows in all blocks.
    var rowCount: Int { get }
    var blockCount: Int { get }
    /// Appends the rows of a block.
    /// - Throws: `TemporaryFileError` when they cannot be read.
    func read(block: Int, into rows: inout LabelledRows) throws(TemporaryFileError)
}

/// The division of rows into blocks.
enum RowBlocks {
    /// The most rows of a block.
    static let maximumLength = 256
    /// The bytes from which on a block is full.
    static let fullByteCount = 1 << 20

    /// Whether no more rows are to be added to a block.
    static func isFull(_ rows: borrowing PackedRows) -> Bool {
        rows.count >= maximumLength || rows.bytes.count >= fullByteCount
    }
}

/// Rows in memory, packed.
public struct MemoryRows: RowSource {
    public let task: ClassificationTask
    public let featureCount: Int
    public let labelCount: Int
    public private(set) var rowCount = 0
    private var blocks: [PackedRows] = []

    public var blockCount: Int { blocks.count }

    /// The rows of a matrix with their targets; articles on which no label was judged are left out.
    public init(_ matrix: SparseMatrix, targets: Targets) {
        precondition(matrix.rowCount == targets.count, "\(matrix.rowCount) rows with targets of \(targets.count) articles")
        task = targets.task
        featureCount = matrix.columnCount
        labelCount = targets.labelCount
        var packed = PackedRows()
        for row in 0..<matrix.rowCount where targets.isLabelled(row) {
            rowCount += 1
            packed.append(matrix, row: row, targets: targets, article: row)
            if RowBlocks.isFull(packed) {
                blocks.append(packed)
                packed = PackedRows()
            }
        }
        if packed.count > 0 { blocks.append(packed) }
    }

    public func read(block: Int, into rows: inout LabelledRows) throws(TemporaryFileError) {
        let isWhole = rows.append(packed: blocks[block].bytes, rowCount: blocks[block].count)
        precondition(isWhole, "rows packed here cannot be unpacked")
    }
}
