#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes files whole or not at all.
public enum AtomicFile {
    /// Writes `bytes` into a temporary file beside `path`, makes them durable and renames it; whatever stood at `path` is left
    /// whole when anything fails, and the temporary file is removed.
    /// - Throws: `ModelFileError.cannotWrite` with the system's reason.
    public static func write(_ bytes: [UInt8], to path: String) throws(ModelFileError) {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemErrorText()) }
        var failure: String?
        let span = bytes.span
        var written = 0
        while written < span.count, failure == nil {
            let count = unsafe span.extracting(written..<span.count).bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                failure = count == 0 ? "nothing more could be written" : systemErrorText()
            }
        }
        if failure == nil, fsync(descriptor) != 0, errno != EINVAL { failure = systemErrorText() }
        if close(descriptor) != 0, failure == nil { failure = systemErrorText() }
        if failure == nil, unsafe rename(temporary, path) != 0 { failure = systemErrorText() }
        if let failure {
            _ = unsafe unlink(temporary)
            throw .cannotWrite(path: path, reason: failure)
        }
    }
}
