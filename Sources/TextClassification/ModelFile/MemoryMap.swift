#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The bytes of a file mapped read-only into memory, or a copy of bytes in memory, aligned to 64 bytes.
///
/// The one handle on unsafe memory in this module. It is immutable after `init`, which makes sharing it between threads safe;
/// hence the unchecked conformance. Every access goes through a bounds-checked `RawSpan`.
@safe public final class MemoryMap: @unchecked Sendable {
    private let base: UnsafeRawPointer
    /// The number of bytes.
    public let count: Int
    private let isMapped: Bool

    /// Maps a file. O(1): pages are read when they are used. A pipe is refused and not waited for.
    /// - Throws: `ModelFileError.cannotOpen` with the system's reason.
    public convenience init(path: String) throws(ModelFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: systemErrorText()) }
        defer { close(descriptor) }
        try self.init(descriptor: descriptor, path: path)
    }

    /// Maps an open file, which may be closed afterwards.
    init(descriptor: Int32, path: String) throws(ModelFileError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, reason: systemErrorText()) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .cannotOpen(path: path, reason: "it is not a regular file")
        }
        count = Int(status.st_size)
        guard count > 0 else { throw .notAModel(path: path, reason: "it is empty") }
        guard let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe address != MAP_FAILED else {
            throw .cannotOpen(path: path, reason: systemErrorText())
        }
        unsafe base = UnsafeRawPointer(address)
        isMapped = true
    }

    /// A copy of the bytes.
    public init(copying bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 64)
        unsafe copy.copyBytes(from: bytes)
        unsafe base = UnsafeRawPointer(copy.baseAddress.unsafelyUnwrapped)
        count = bytes.count
        isMapped = false
    }

    deinit {
        if isMapped {
            _ = unsafe munmap(UnsafeMutableRawPointer(mutating: base), count)
        } else {
            unsafe base.deallocate()
        }
    }

    /// Calls `body` with all bytes.
    public func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(unsafe UnsafeRawBufferPointer(start: base, count: count).bytes)
    }

    /// Calls `body` with `count` elements that begin at a byte offset.
    /// - Precondition: the elements lie within the bytes, and the offset is a multiple of their alignment.
    @inlinable
    func withElements<Element: BitwiseCopyable, Result, Failure: Error>(
        of type: Element.Type, at offset: Int, count elementCount: Int, _ body: (Span<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(offset >= 0 && elementCount >= 0 && offset % MemoryLayout<Element>.alignment == 0)
        precondition(elementCount <= (count - offset) / MemoryLayout<Element>.stride)
        return try body(
            unsafe UnsafeBufferPointer(
                start: start(offset).assumingMemoryBound(to: Element.self), count: elementCount
            ).span)
    }

    @usableFromInline
    func start(_ offset: Int) -> UnsafeRawPointer { unsafe base + offset }
}

/// The text of the last system error.
func systemErrorText() -> String {
    unsafe String(cString: strerror(errno))
}
