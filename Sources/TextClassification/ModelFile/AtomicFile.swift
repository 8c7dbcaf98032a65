import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes files whole or not at all.
public enum AtomicFile {
    /// Tells temporary files of one process apart.
    private static let number = Atomic<Int>(0)

    /// Writes bytes as `write(to:_:)` does.
    public static func write(_ bytes: [UInt8], to path: String) throws(ModelFileError) {
        try write(to: path) { $0(unsafe bytes.span.bytes) }
    }

    /// Writes the parts that `body` hands on, one after another, into a temporary file beside `path`, makes them durable and renames it; whatever
    /// stood at `path` is left whole when anything fails, and the temporary file is removed. Who may read the old file may read the new one.
    ///
    /// Where `path` is a symbolic link, the file it leads to is replaced. What is there and is no regular file (a device, a pipe, a
    /// folder) is never replaced.
    /// - Throws: `ModelFileError.cannotWrite` with the system's reason.
    static func write(to path: String, _ body: (_ take: (RawSpan) -> Void) -> Void) throws(ModelFileError) {
        let target = resolved(path)
        // Renaming over a device would put a plain file in its place.
        try check(path)
        let mode = mode(of: target)
        let unique = number.wrappingAdd(1, ordering: .relaxed).oldValue
        let temporary = "\(target).\(getpid())-\(unique).tmp"
        // A file of that name was left behind by a killed process that had the same number.
        _ = unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemErrorText()) }
        if let mode { _ = fchmod(descriptor, mode & 0o777) }
        var failure: String?
        body { if failure == nil { failure = writeAll($0, to: descriptor) } }
        if failure == nil, fsync(descriptor) != 0, errno != EINVAL { failure = systemErrorText() }
        if close(descriptor) != 0, failure == nil { failure = systemErrorText() }
        if failure == nil, unsafe rename(temporary, target) != 0 { failure = systemErrorText() }
        if let failure {
            _ = unsafe unlink(temporary)
            throw .cannotWrite(path: path, reason: failure)
        }
    }

    /// Finds out, before the work for it is done, whether a file can be written at `path`.
    /// - Throws: `ModelFileError.cannotWrite` when something other than a file stands there, or its folder cannot be written to.
    public static func check(_ path: String) throws(ModelFileError) {
        if let mode = mode(of: path), mode & S_IFMT != S_IFREG {
            throw .cannotWrite(path: path, reason: mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a regular file")
        }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard !path.isEmpty, slash != path.indices.last else {
            throw .cannotWrite(path: path, reason: "it is not the name of a file")
        }
        if let mode = mode(of: folder), mode & S_IFMT != S_IFDIR {
            throw .cannotWrite(path: path, reason: "\(folder) is no folder")
        }
        guard unsafe access(folder, W_OK | X_OK) == 0 else {
            throw .cannotWrite(path: path, reason: "the folder \(folder): \(systemErrorText())")
        }
    }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode : nil
    }

    /// The path with symbolic links followed; the path itself where nothing is there yet.
    private static func resolved(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}

/// Writes all bytes; gives the system's reason where it cannot.
func writeAll(_ elements: [some BitwiseCopyable], to descriptor: Int32) -> String? {
    writeAll(unsafe elements.span.bytes, to: descriptor)
}

func writeAll(_ span: RawSpan, to descriptor: Int32) -> String? {
    var written = 0
    while written < span.byteCount {
        let count = unsafe span.extracting(written..<span.byteCount).withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress, $0.count)
        }
        if count > 0 {
            written += count
        } else if count == 0 {
            return "nothing more could be written"
        } else if errno != EINTR {
            return systemErrorText()
        }
    }
    return nil
}
