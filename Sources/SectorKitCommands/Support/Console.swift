#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What goes to people: standard error, and questions about terminals.
enum Console {
    static var isErrorTerminal: Bool { isatty(2) == 1 }
    static var isOutputTerminal: Bool { isatty(1) == 1 }

    /// Whether output may be coloured: on a terminal, unless `NO_COLOR` is set.
    static var isOutputColored: Bool { isOutputTerminal && Variables["NO_COLOR"] == nil }

    /// Writes a line to standard error; failures have nobody to be told to.
    static func print(_ text: String) {
        write(text + "\n")
    }

    /// Replaces the current line of standard error, on a terminal.
    static func showProgress(_ text: String) {
        guard isErrorTerminal else { return }
        write("\r\u{1B}[K\(text)")
    }

    static func clearProgress() {
        guard isErrorTerminal else { return }
        write("\r\u{1B}[K")
    }

    private static func write(_ text: String) {
        _ = try? FileOutput(descriptor: 2).write(Array(text.utf8))
    }
}

/// The variables of the environment.
enum Variables {
    static subscript(name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}

/// Why output could not be written.
enum OutputError: Error, Equatable {
    case closedPipe
    case failed(String)
}

/// A file descriptor to write to.
struct FileOutput {
    let descriptor: Int32

    /// Writes all bytes, however often the system has to be asked.
    func write(_ bytes: [UInt8]) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.span.extracting(written..<bytes.count).bytes.withUnsafeBytes {
                unsafe systemWrite(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                written += count
            } else if errno == EPIPE {
                throw .closedPipe
            } else if errno != EINTR, errno != EAGAIN {
                throw .failed(unsafe String(cString: strerror(errno)))
            }
        }
    }
}

/// `write(2)`, under a name that methods called `write` do not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}

/// Standard output.
struct StandardOutput {
    private let file = FileOutput(descriptor: 1)

    func write(_ bytes: [UInt8]) throws(OutputError) { try file.write(bytes) }
    func print(_ text: String) throws(OutputError) { try write(Array((text + "\n").utf8)) }
}
