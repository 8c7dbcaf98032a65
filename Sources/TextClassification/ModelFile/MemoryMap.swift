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
    /// The file, where it is kept open.
    private let descriptor: Int32?

    /// Maps a file. O(1): pages are read when they are used. A pipe is refused and not waited for.
    /// - Throws: `ModelFileError.cannotOpen` with the system's reason.
    public convenience init(path: String) throws(ModelFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: systemErrorText()) }
        do throws(ModelFileError) {
            try self.init(descriptor: descriptor, path: path, isOwner: true)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Maps an open file, which may be closed afterwards.
    convenience init(descriptor: Int32, path: String) throws(ModelFileError) {
        try self.init(descriptor: descriptor, path: path, isOwner: false)
    }

    private init(descriptor: Int32, path: String, isOwner: Bool) throws(ModelFileError) {
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
        self.descriptor = isOwner ? descriptor : nil
    }

    /// A copy of the bytes.
    public init(copying bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 64)
        unsafe copy.copyBytes(from: bytes)
        unsafe base = UnsafeRawPointer(copy.baseAddress.unsafelyUnwrapped)
        count = bytes.count
        isMapped = false
        descriptor = nil
    }

    deinit {
        if let descriptor { _ = close(descriptor) }
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

    /// Calls `body` with the bytes of a range, piece after piece; all pieces but the last have `pieceLength` bytes.
    ///
    /// For what is looked at once. A mapped file is read into a buffer: mapping pages takes longer than copying them, and they would count as
    /// memory of the program for as long as it runs.
    /// - Throws: `ModelFileError.cannotOpen` where the file cannot be read, `.truncated` where it ends before the range does.
    func forEachPiece(of range: Range<Int>, path: String, _ body: (RawSpan) -> Void) throws(ModelFileError) {
        guard let descriptor else { return withBytes { body($0.extracting(range)) } }
        var buffer = [UInt8](repeating: 0, count: min(Self.pieceLength, range.count))
        var position = range.lowerBound
        while position < range.upperBound {
            let wanted = min(buffer.count, range.upperBound - position)
            var filled = 0
            while filled < wanted {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe pread(descriptor, $0.baseAddress.unsafelyUnwrapped + filled, wanted - filled, off_t(position + filled))
                }
                if count > 0 {
                    filled += count
                } else if count == 0 {
                    throw .truncated(path: path, expected: self.count, found: position + filled)
                } else if errno != EINTR {
                    throw .cannotOpen(path: path, reason: systemErrorText())
                }
            }
            body(unsafe buffer.span.bytes.extracting(..<wanted))
            position += wanted
        }
    }

    /// Fits into the first cache, and is a multiple of 64.
    private static let pieceLength = 1 << 15

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
