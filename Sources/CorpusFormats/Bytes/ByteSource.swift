/// The bytes of a file, of standard input or of memory as UTF-8, block by block and in bounded memory.
///
/// Gzip is recognised by its first bytes and inflated; a byte-order mark is removed; other encodings than UTF-8 are transcoded.
public struct ByteSource: ~Copyable {
    /// The path, or what stands for it in messages.
    public let name: String
    private let descriptor: FileDescriptor
    private var memory: [UInt8]
    private var memoryPosition = 0

    /// Opens a file.
    /// - Throws: `CorpusFormatError.cannotOpen` with the system's reason.
    public init(path: String) throws(CorpusFormatError) {
        name = path
        descriptor = try FileDescriptor(path: path)
        memory = []
    }

    /// Reads an open descriptor, which stays the caller's.
    public init(descriptor number: Int32, name: String) {
        self.name = name
        descriptor = FileDescriptor(borrowing: number)
        memory = []
    }

    /// Reads bytes in memory.
    public init(bytes: [UInt8], name: String) {
        self.name = name
        descriptor = FileDescriptor()
        memory = bytes
    }

    /// Whether the next `read` would return at once.
    public var isReady: Bool { descriptor.isReady }

    /// Appends the bytes that are there, at most about `count`; waits only when there are none.
    /// - Returns: whether bytes were appended; `false` is the end.
    public mutating func read(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Bool {
        try readRaw(count, into: &bytes) > 0
    }

    private mutating func readRaw(_ count: Int, into bytes: inout [UInt8]) throws(CorpusFormatError) -> Int {
        if descriptor.isOpen { return try descriptor.read(count, into: &bytes, file: name) }
        let end = min(memory.count, memoryPosition + count)
        defer { memoryPosition = end }
        bytes.append(memory.span, memoryPosition..<end)
        return end - memoryPosition
    }
}
