import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A journal: a file of lines that is only ever added to. Every line is on the disk before `append` returns, so that whatever ends the
/// program loses the line at work and nothing else.
///
/// What a killed writer left of a line stays as a line of its own, unless it is removed. A line that cannot be written whole is
/// taken back. One program at a time has it open; a second one is refused.
public final class AppendOnlyFile: Sendable {
    public let path: String
    private let descriptor: Int32
    /// Whether what was written last is no whole line.
    private let endsWithinLine: Mutex<Bool>

    /// Opens a regular file that nobody else writes, or begins one.
    /// - Parameter writer: what others that write such files are, for the message.
    /// - Throws: `AppendOnlyFileError.cannotUse`.
    public init(path: String, writer: String = "another program") throws(AppendOnlyFileError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotUse(path: path, reason: systemErrorText()) }
        var status = stat()
        let isRegular = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        guard isRegular, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason =
                !isRegular
                ? "it is not a regular file" : errno == EWOULDBLOCK ? "\(writer) is writing to it" : systemErrorText()
            _ = close(descriptor)
            throw .cannotUse(path: path, reason: reason)
        }
        var last: UInt8 = 0
        let readCount = unsafe status.st_size > 0 ? pread(descriptor, &last, 1, status.st_size - 1) : 0
        self.path = path
        self.descriptor = descriptor
        endsWithinLine = Mutex(readCount == 1 && last != Self.lineFeed)
    }

    deinit { _ = close(descriptor) }

    private static let lineFeed = UInt8(ascii: "\n")

    /// All that is in it.
    /// - Throws: `AppendOnlyFileError.cannotRead`.
    public func contents() throws(AppendOnlyFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(bytes.count))
            }
            if count > 0 {
                bytes += piece[..<count]
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw .cannotRead(path: path, reason: systemErrorText())
            }
        }
    }

    /// Adds a line and waits until it is on the disk.
    /// - Parameter line: its bytes, without the line feed.
    /// - Throws: `AppendOnlyFileError.cannotWrite`; the lines before stay as they are.
    public func append(_ line: some Sequence<UInt8>) throws(AppendOnlyFileError) {
        try endsWithinLine.withLock { endsWithinLine throws(AppendOnlyFileError) in
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw .cannotWrite(path: path, reason: systemErrorText()) }
            var failure = writeAll((endsWithinLine ? [Self.lineFeed] : []) + line + [Self.lineFeed], to: descriptor)
            if failure == nil, fsync(descriptor) != 0, errno != EINVAL { failure = systemErrorText() }
            if let failure {
                if ftruncate(descriptor, status.st_size) != 0 { endsWithinLine = true }
                throw .cannotWrite(path: path, reason: failure)
            }
            endsWithinLine = false
        }
    }

    /// Removes what a killed writer left of a line.
    /// - Throws: `AppendOnlyFileError`.
    public func removeCutLine() throws(AppendOnlyFileError) {
        let bytes = try contents()
        let whole = (bytes.lastIndex(of: Self.lineFeed) ?? -1) + 1
        try endsWithinLine.withLock { endsWithinLine throws(AppendOnlyFileError) in
            guard endsWithinLine else { return }
            guard ftruncate(descriptor, off_t(whole)) == 0 else { throw .cannotWrite(path: path, reason: systemErrorText()) }
            endsWithinLine = false
        }
    }
}

/// Why a journal cannot be used.
public enum AppendOnlyFileError: Error, Equatable, CustomStringConvertible {
    case cannotUse(path: String, reason: String)
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)

    public var description: String {
        switch self {
        case .cannotUse(let path, let reason): "cannot open the journal \(path): \(reason)"
        case .cannotRead(let path, let reason): "cannot read the journal \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot write to the journal \(path): \(reason)"
        }
    }
}
