#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files without a name: gone when nobody has them open, however the program ends.
public enum TemporaryFile {
    /// Where temporary files go: `TMPDIR`, or `/tmp`.
    public static var systemDirectory: String {
        guard let value = unsafe getenv("TMPDIR"), unsafe value[0] != 0 else { return "/tmp" }
        return unsafe String(cString: value)
    }

    /// A new one in a folder, open for reading and writing.
    static func descriptor(in directory: String) throws(TemporaryFileError) -> Int32 {
        var template = Array((directory + "/sectorkit-XXXXXX").utf8CString)
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { throw .cannotCreate(directory: directory, reason: systemErrorText()) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // Its name is taken away at once.
        guard unsafe unlink(template) == 0 else {
            let reason = systemErrorText()
            close(descriptor)
            throw .cannotCreate(directory: directory, reason: reason)
        }
        return descriptor
    }
}

/// Numbers that are appended one after another and then read: in memory while they are few, in a file without a name beyond that.
///
/// What lies in the file is mapped when it is read: it takes memory only as far as the system has some to spare.
public final class NumberSpool {
    /// How many bytes are kept in memory before they go to a file.
    private let memoryLimit: Int
    private let directory: String
    private var numbers: [UInt32] = []
    private var descriptor: Int32 = -1
    private var writtenCount = 0
    /// Numbers that are written at once.
    private static let blockLength = 1 << 18

    /// - Parameters:
    ///   - memoryLimit: in bytes.
    ///   - directory: where the file goes.
    public init(memoryLimit: Int, directory: String = TemporaryFile.systemDirectory) {
        self.memoryLimit = memoryLimit
        self.directory = directory
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// How many numbers there are.
    public var count: Int { writtenCount + numbers.count }

    /// Whether some of them are in a file.
    public var isSpilled: Bool { descriptor >= 0 }

    /// Appends numbers, which are removed.
    /// - Throws: when there is no room in the folder.
    public func take(_ added: inout [UInt32]) throws(TemporaryFileError) {
        numbers += added
        added.removeAll(keepingCapacity: true)
        let isFull = numbers.count * 4 > memoryLimit
        if isFull || isSpilled && numbers.count >= Self.blockLength { try write() }
    }

    private func write() throws(TemporaryFileError) {
        if descriptor < 0 { descriptor = try TemporaryFile.descriptor(in: directory) }
        if let reason = writeAll(numbers, to: descriptor) {
            throw .cannotWrite(directory: directory, byteCount: writtenCount * 4, reason: reason)
        }
        writtenCount += numbers.count
        numbers = []
    }

    /// All numbers in their order. The spool is empty afterwards.
    public func finished() throws -> ModelArray<UInt32> {
        guard isSpilled else {
            defer { numbers = [] }
            return ModelArray(numbers)
        }
        if !numbers.isEmpty { try write() }
        let map = try MemoryMap(descriptor: descriptor, path: "a temporary file in \(directory)")
        close(descriptor)
        descriptor = -1
        defer { writtenCount = 0 }
        return ModelArray(map: map, offset: 0, count: writtenCount)
    }
}
