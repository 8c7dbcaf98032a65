import Dispatch
import Synchronization

/// The plugin programs that run, so that none is left behind by a host that has to end at once.
///
/// A program that is well behaved ends with its input, and that ends with the host; one that is busy or ignores it would run on.
public final class RunningPrograms: Sendable {
    private let processes = Mutex<[ObjectIdentifier: ChildProcess]>([:])

    public init() {}

    func add(_ process: ChildProcess) { processes.withLock { $0[ObjectIdentifier(process)] = process } }

    func remove(_ process: ChildProcess) { processes.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(process)) } }

    /// Closes the input of every program, and ends those that are still there after some time, with everything in their process groups.
    ///
    /// Whoever waits for an answer of theirs waits on: the host is to end after this.
    public func end(within time: Duration) {
        let running = processes.withLock { Array($0.values) }
        for process in running { process.abandon() }
        let deadline = DispatchTime.now() + time.seconds
        for process in running { process.waitForEnd(until: deadline) }
        for process in running { process.kill() }
    }
}
