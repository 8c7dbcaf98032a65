import Dispatch

/// Runs the tasks that talk to one child process on a queue of their own.
///
/// Fitting and predicting are synchronous and wait for the child, maybe on a thread of Swift's cooperative pool. The tasks that
/// they wait for must therefore not need that pool: with every one of its threads waiting they would never run. A private serial queue has
/// a thread when it needs one. Its threads block signals, so that writing to a child that is gone gives an error and no SIGPIPE.
final class ChildExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "sectorkit.plugin")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
