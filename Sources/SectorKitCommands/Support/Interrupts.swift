import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Signals that the tool does not leave to their defaults.
enum Interrupts {
    private static let wasInterrupted = Atomic<Bool>(false)

    /// A reader that closes the pipe is told of by `write`, not by a signal.
    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Runs `body` with Ctrl-C and SIGTERM setting a flag instead of ending the program; a second Ctrl-C ends it.
    static func handled<Result>(_ body: (_ isInterrupted: @escaping @Sendable () -> Bool) throws -> Result) rethrows -> Result {
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if wasInterrupted.exchange(true, ordering: .relaxed) { _exit(Failure.Code.interrupted) }
                Console.print("\nstopping: nothing is lost, press Ctrl-C again to end at once")
            }
            source.activate()
            return source
        }
        defer {
            for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
                source.cancel()
                signal(number, SIG_DFL)
            }
        }
        return try body { wasInterrupted.load(ordering: .relaxed) }
    }
}
