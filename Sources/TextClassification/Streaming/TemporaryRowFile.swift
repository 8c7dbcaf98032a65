#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What goes wrong with a temporary file.
public enum TemporaryFileError: Error, Equatable, CustomStringConvertible {
    case cannotCreate(directory: String, reason: String)
    case cannotWrite(directory: String, byteCount: Int, reason: String)
    case cannotRead(directory: String, reason: String)
    /// A block is not as it was written.
    case damaged(directory: String, block: Int, reason: String)

    public var description: String {
        switch self {
        case .cannotCreate(let directory, let reason): "cannot create a temporary file in \(directory): \(reason)"
        case .cannotWrite(let directory, let byteCount, let reason):
            "cannot write to the temporary file in \(directory), which has \(byteCount) bytes so far: \(reason)"
        case .cannotRead(let directory, let reason): "cannot read the temporary file in \(directory): \(reason)"
        case .damaged(let directory, let block, let reason):
            "the temporary file in \(directory) is not as it was written: block \(block) \(reason)"
        }
    }
}

/// Rows in a file that has no name: it is gone when nobody has it open, however the program ends.
///
/// Rows are appended, `finish()` writes the last block, and then blocks are read, on any thread. Every block has a checksum.
public final class TemporaryRowFile: @unchecked Sendable {
    private struct Block {
        let offset: Int
        let length: Int
        let rowCount: Int
        let checksum: UInt64
    }

    /// The folder in which the file lies.
    public let directory: String
    public let task: ClassificationTask
    public let featureCount: Int
    public let labelCount: Int
    /// The bytes written.
    public private(set) var byteCount = 0
    public private(set) var rowCount = 0
    private let descriptor: Int32
    private var blocks: [Block] = []
    private var current = PackedRows()

    /// Creates a file in a folder.
    /// - Throws: `TemporaryFileError.cannotCreate`.
    public convenience init(
        directory: String, task: ClassificationTask, featureCount: Int, labelCount: Int
    ) throws(TemporaryFileError) {
        let descriptor = try TemporaryFile.descriptor(in: directory)
        self.init(
            descriptor: descriptor, directory: directory, task: task, featureCount: featureCount, labelCount: labelCount)
    }

    /// A file that is open already; tests hand in one that fails.
    init(descriptor: Int32, directory: String, task: ClassificationTask, featureCount: Int, labelCount: Int) {
        self.descriptor = descriptor
        self.directory = directory
        self.task = task
        self.featureCount = featureCount
        self.labelCount = labelCount
    }

    deinit { close(descriptor) }

    /// Appends a row.
    /// - Throws: `TemporaryFileError.cannotWrite`, such as when the disk is full.
    public func append(_ rows: borrowing PackedRows, row: Int) throws(TemporaryFileError) {
        current.append(rows, row: row)
        rowCount += 1
        if RowBlocks.isFull(current) { try writeBlock() }
    }

    /// Writes the rows that make no whole block.
    public func finish() throws(TemporaryFileError) {
        if current.count > 0 { try writeBlock() }
        current = PackedRows()
    }

    private func writeBlock() throws(TemporaryFileError) {
        let bytes = current.bytes
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                throw .cannotWrite(
                    directory: directory, byteCount: byteCount + written,
                    reason: count == 0 ? "nothing more could be written" : systemErrorText())
            }
        }
        blocks.append(
            Block(
                offset: byteCount, length: bytes.count, rowCount: current.count,
                checksum: XXH64.hash(current.bytes)))
        byteCount += written
        current.removeAll()
    }

    /// Shortens the file, as nobody else can: tests do it.
    func truncate(to length: Int) { _ = ftruncate(descriptor, length) }
}

extension TemporaryRowFile: RowSource {
    public var blockCount: Int { blocks.count }

    public func read(block number: Int, into rows: inout LabelledRows) throws(TemporaryFileError) {
        let block = blocks[number]
        var bytes = [UInt8](repeating: 0, count: block.length)
        var filled = 0
        while filled < block.length {
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress! + filled, block.length - filled, block.offset + filled)
            }
            if count > 0 {
                filled += count
            } else if count == 0 {
                throw .damaged(
                    directory: directory, block: number, reason: "ends after \(filled) of \(block.length) bytes")
            } else if errno != EINTR {
                throw .cannotRead(directory: directory, reason: systemErrorText())
            }
        }
        guard XXH64.hash(bytes) == block.checksum, rows.append(packed: bytes, rowCount: block.rowCount) else {
            throw .damaged(directory: directory, block: number, reason: "has another checksum")
        }
    }
}
