import Glibc

/// An open file of the system, closed with its owner: the one handle on reading in this module.
struct FileDescriptor: ~Copyable {
    private let number: Int32
    private let isOwned: Bool
    /// Whether it is a regular file, of which every byte can be read at once.
    let isRegular: Bool

    /// Opens a file for reading.
    init(path: String) throws(CorpusFormatError) {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .cannotOpen(path: path, reason: systemErrorText()) }
        self.init(number: number, isOwned: true)
    }

    /// Reads a descriptor that somebody else opened and will close.
    init(borrowing number: Int32) {
        self.init(number: number, isOwned: false)
    }

    /// No file at all.
    init() {
        self.init(number: -1, isOwned: false)
    }

    private init(number: Int32, isOwned: Bool) {
        self.number = number
        self.isOwned = isOwned
        var status = stat()
        isRegular = unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    deinit {
        if isOwned { _ = close(number) }
    }

    var isOpen: Bool { number >= 0 }

    /// Appends at most `count` bytes: those that are there, or, when there are none, the next ones that come.
    /// - Returns: the number of bytes; 0 at the end.
    func read(_ count: Int, into bytes: inout [UInt8], file: String) throws(CorpusFormatError) -> Int {
        var result = 0
        var code: Int32 = 0
        unsafe bytes.append(capacity: count) { buffer in
            repeat {
                result = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
                code = result < 0 ? errno : 0
            } while code == EINTR
            return max(0, result)
        }
        guard result >= 0 else { throw .cannotRead(file: file, reason: systemErrorText(code)) }
        return result
    }

    /// Whether reading would return at once.
    var isReady: Bool {
        if isRegular || !isOpen { return true }
        var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, 0) > 0
    }
}

/// The text of a system error; of the last one, if none is given.
func systemErrorText(_ code: Int32 = errno) -> String {
    unsafe String(cString: strerror(code))
}
