import Glibc
import Synchronization

/// Keys as they are pressed: from a terminal one by one and without echo, from a pipe or a file byte by byte.
final class KeyInput {
    enum Event: Equatable {
        case key(Character)
        case enter
        case backspace
        /// Nothing more will come.
        case end
        /// The work is to stop.
        case interrupt
    }

    let isTerminal: Bool
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    init() {
        isTerminal = StandardStreams.isTerminal(StandardStreams.input)
        if isTerminal { TerminalMode.enterKeys() }
    }

    deinit { TerminalMode.restore() }

    /// Whether keys have come that were not asked for yet.
    var hasBuffered: Bool { position < buffer.count }

    func next() -> Event {
        while true {
            guard let byte = nextByte() else { return isAtEnd ? .end : .interrupt }
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return .enter
            case 8, 127: return .backspace
            case 4 where isTerminal: return .end
            case 27: skipSequence()
            case 33..<127: return .key(Character(UnicodeScalar(byte)))
            // Blanks, and letters beyond ASCII, stand for nothing.
            default: continue
            }
        }
    }

    private func nextByte() -> UInt8? {
        while position >= buffer.count {
            if isAtEnd || Interrupts.isPending { return nil }
            fill(waiting: 100)
        }
        position += 1
        return buffer[position - 1]
    }

    /// Keys with arrows and the like send several bytes at once.
    private func skipSequence() {
        if position >= buffer.count { fill(waiting: 20) }
        guard position < buffer.count, buffer[position] == UInt8(ascii: "[") || buffer[position] == UInt8(ascii: "O") else {
            return
        }
        position += 1
        while position < buffer.count, !(64..<127 ~= buffer[position]) { position += 1 }
        if position < buffer.count { position += 1 }
    }

    private func fill(waiting milliseconds: Int32) {
        var request = pollfd(fd: StandardStreams.input, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, milliseconds) > 0 else { return }
        buffer = [UInt8](repeating: 0, count: 1024)
        position = 0
        let count = unsafe read(StandardStreams.input, &buffer, buffer.count)
        if count <= 0, errno != EINTR || count == 0 { isAtEnd = true }
        buffer.removeLast(buffer.count - max(0, count))
    }
}

/// The mode of the terminal on standard input, which must be as it was when the program ends.
enum TerminalMode {
    private static let original = Mutex<termios?>(nil)

    /// Keys come at once and are not shown; Ctrl-C still interrupts.
    static func enterKeys() {
        var mode = termios()
        guard unsafe tcgetattr(StandardStreams.input, &mode) == 0 else { return }
        let before = mode
        original.withLock { if $0 == nil { $0 = before } }
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
        _ = unsafe tcsetattr(StandardStreams.input, TCSADRAIN, &mode)
    }

    /// Does nothing where nothing was changed.
    static func restore() {
        original.withLock {
            guard var mode = $0 else { return }
            _ = unsafe tcsetattr(StandardStreams.input, TCSADRAIN, &mode)
            $0 = nil
        }
    }
}
