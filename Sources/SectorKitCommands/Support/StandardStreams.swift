import Glibc

/// The three descriptors that every program is started with, or should be.
enum StandardStreams {
    static let input: Int32 = 0
    static let output: Int32 = 1
    static let error: Int32 = 2

    /// Occupies the numbers of streams that the program was started without, so that no file that is opened later gets them: what
    /// is meant for people would be written into it. Reading and writing them fails, as it did.
    static func occupyClosed() {
        for number in [input, output, error] where fcntl(number, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", number == input ? O_WRONLY : O_RDONLY)
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
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
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: waitUntilWritable()
            case EPIPE: throw .closedPipe
            default: throw .failed(unsafe String(cString: strerror(errno)))
            }
        }
    }

    /// A terminal or a pipe that somebody made non-blocking is full.
    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }
}

/// `write(2)`, under a name that methods called `write` do not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}

/// Standard output.
struct StandardOutput {
    private let file = FileOutput(descriptor: StandardStreams.output)

    func write(_ bytes: [UInt8]) throws(OutputError) { try file.write(bytes) }

    /// Writes the text and a line feed, unless it ends with one.
    func print(_ text: String) throws(OutputError) { try write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8)) }
}
