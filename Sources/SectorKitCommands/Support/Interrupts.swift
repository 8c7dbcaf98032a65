import Dispatch
import Glibc
import Synchronization

/// Signals that the tool does not leave to their defaults.
enum Interrupts {
    /// What an interrupt finds the program doing.
    enum Phase: UInt8, AtomicRepresentable {
        /// There is nothing to lose: the program ends at once.
        case idle
        /// Work that asks `isPending` now and then; the second interrupt ends the program.
        case cancellable
        /// Something short that must not be cut off, such as replacing a file.
        case finishing
    }

    private static let wasInterrupted = Atomic<Bool>(false)
    private static let phase = Atomic<Phase>(.idle)
    private static let isHandling = Atomic<Bool>(false)
    /// What an end at once must not leave undone.
    private static let lastDeed = Mutex<(@Sendable () -> Void)?>(nil)

    /// Whether the work should stop.
    static var isPending: Bool { wasInterrupted.load(ordering: .relaxed) }

    /// Puts the signals into the state that the tool counts on, whatever its parent left.
    ///
    /// A reader that closes the pipe, and a limit on the size of files, are to be told of by `write`, not by a deadly signal. A
    /// program started from a thread that blocks signals, as threads of Dispatch do, could not be interrupted.
    static func prepare() {
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, number) }
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Runs `body` with Ctrl-C and SIGTERM doing what the phase wants; the exit code is that of an interrupt. A signal that whoever
    /// started the program had ignored stays ignored. Within another such call it just runs.
    /// - Parameter lastDeed: what is done before the program ends at once.
    static func handled(lastDeed: (@Sendable () -> Void)? = nil, _ body: () throws -> Void) rethrows {
        if let lastDeed { self.lastDeed.withLock { $0 = lastDeed } }
        guard !isHandling.exchange(true, ordering: .relaxed) else { return try body() }
        defer { isHandling.store(false, ordering: .relaxed) }
        let numbers = [SIGINT, SIGTERM].filter { !isIgnored($0) }
        let sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: receive)
            source.activate()
            return source
        }
        defer {
            for (source, number) in zip(sources, numbers) {
                source.cancel()
                signal(number, SIG_DFL)
            }
        }
        try body()
    }

    /// Runs `body` in a phase.
    static func during<Result>(_ phase: Phase, _ body: () throws -> Result) rethrows -> Result {
        Self.phase.store(phase, ordering: .relaxed)
        defer { Self.phase.store(.idle, ordering: .relaxed) }
        return try body()
    }

    @Sendable private static func receive() {
        switch phase.load(ordering: .relaxed) {
        case .finishing: wasInterrupted.store(true, ordering: .relaxed)
        case .cancellable where !isPending:
            // Said before the work can see it, which may then end the program.
            Console.clearProgress()
            Console.print("stopping; press Ctrl-C again to stop at once")
            wasInterrupted.store(true, ordering: .relaxed)
        case .cancellable, .idle:
            endAtOnce()
        }
    }

    /// Ends the program with the exit code of an interrupt.
    static func endAtOnce() -> Never {
        TerminalMode.restore()
        lastDeed.withLock { $0 }?()
        _exit(Failure.Code.interrupted)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        let handler = unsafe action.__sigaction_handler.sa_handler
        return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
