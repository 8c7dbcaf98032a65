#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that is going to be replaced, held so that no other program replaces it meanwhile: the two would overwrite each other's work.
///
/// It asks only those that ask, too, and goes with the value or the program, however that ends.
public final class FileLock: Sendable {
    private let descriptor: Int32

    /// Holds a file that is there.
    /// - Throws: `ModelFileError.cannotOpen`, or `cannotWrite` where another program holds it.
    public init(path: String) throws(ModelFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: systemErrorText()) }
        var (held, current) = (stat(), stat())
        let isHeld = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        // A file that was replaced before it was held is another one by now.
        guard isHeld, unsafe fstat(descriptor, &held) == 0, unsafe stat(path, &current) == 0, held.st_ino == current.st_ino,
            held.st_dev == current.st_dev
        else {
            let reason = isHeld || errno == EWOULDBLOCK ? "another program is changing it" : systemErrorText()
            _ = close(descriptor)
            throw .cannotWrite(path: path, reason: reason)
        }
        self.descriptor = descriptor
    }

    deinit { _ = close(descriptor) }
}
