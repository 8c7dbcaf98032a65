import Benchmarking
import Dispatch
import Evaluation
import Glibc
import Synchronization
import TextClassification

/// One cell, measured in this process: what a child of `benchmark` does.
struct BenchmarkCell {
    /// A line that the child prints.
    enum Message: Codable {
        /// What it is doing.
        case phase(String)
        case result(CellResult)
    }

    let work: ResolvedPlan
    let seed: UInt64
    let threads: Int
    let input: InputOptions

    func run(_ address: CellAddress) throws {
        Self.endWithParent()
        let output = StandardOutput()
        let warnings = Mutex<[String]>([])
        let set = try LoadedSet(work.sets[address.set], input: input, seed: seed, threads: threads)
        // The plan was resolved for this recipe alone.
        let entry = work.recipes[0]
        guard try set.key(of: entry, seed: seed, threads: threads) == address.key else {
            throw Failure("the articles, the recipe or the program changed while the benchmark ran", code: Failure.Code.badData)
        }
        let pipeline = try Pipeline(
            entry.recipe, registry: CommandEnvironment.current.registry, foldCount: ResolvedPlan.innerFoldCount)
        let context = TrainingContext(
            seed: seed, threadCount: threads, foldAssigner: StandardFolds(threadCount: threads),
            report: { event in
                switch event {
                case .phase(let name): try? output.print(JSONText.encoded(Message.phase(name), isPretty: false))
                case .warning(let text): warnings.withLock { if !$0.contains(text) { $0.append(text) } }
                case .progress, .note: break
                }
            },
            isCancelled: { Interrupts.isPending })
        var result = try CellMeasurement().result(of: pipeline, on: set.corpus, splits: set.splits, context: context)
        result.warnings = warnings.withLock { $0 }
        try output.print(JSONText.encoded(Message.result(result), isPretty: false))
    }

    /// Ends this process when the parent is gone, however it went: it holds the other end of standard input. What stops in time ends its
    /// own children, too.
    private static func endWithParent() {
        DispatchQueue(label: "parent").async {
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(StandardStreams.input, &byte, 1)
                if count == 0 || count < 0 && errno != EINTR { break }
            }
            raise(SIGTERM)
            sleep(UInt32(ChildProcess.graceSeconds))
            Interrupts.endAtOnce()
        }
    }
}
