import Dispatch
import Glibc

/// Runs the tasks that talk to one child process on a queue of their own.
///
/// Fitting and predicting are synchronous and wait for the child, maybe on a thread of Swift's cooperative pool. The tasks that
/// they wait for must therefore not need that pool: with every one of its threads waiting they would never run. A private serial queue has
/// a thread when it needs one.
final class ChildExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "sectorkit.plugin")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            Self.blockSIGPIPE()
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }

    /// Lets writing to a child that is gone give an error instead of ending this program.
    ///
    /// The thread stays so: a signal that waits for it would arrive as soon as it were let in again.
    private static func blockSIGPIPE() {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
