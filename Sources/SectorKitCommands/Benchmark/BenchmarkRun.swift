import Benchmarking
import Evaluation
import FoundationEssentials
import HTMLReports
import Synchronization
import TextClassification

/// A benchmark from its plan to its table: measures what the journal does not hold, each cell in a child process.
struct BenchmarkRun {
    let work: ResolvedPlan
    let command: BenchmarkCommand

    func run() throws {
        if let page = command.output.report { try PageProgram.check(page) }
        let path = command.output.journalPath(plan: work.file)
        var journal = try path.map { path throws(AppendOnlyFileError) in try BenchmarkJournal(path: path) }
        if let journal, journal.skippedLineCount > 0 {
            Console.warn(
                "\(journal.path): \(counted(journal.skippedLineCount, "line")) left out that a killed run did not finish")
        }
        var progress = BenchmarkProgress(work: work)
        var report = emptyReport
        for set in work.sets.indices {
            report.sections.append(try section(of: set, journal: &journal, progress: &progress))
        }
        Console.clearProgress()
        if progress.reusedCount > 0, let journal {
            Console.print(
                "note: \(counted(progress.reusedCount, "cell")) of \(progress.cellCount) taken from \(journal.path); --fresh measures "
                    + "them anew")
        }
        let output = command.output
        if let page = output.report { try PageProgram.write(BenchmarkPage(report).content, to: page) }
        try StandardOutput().print(output.json ? report.json() : output.markdown ? report.markdown : report.text)
        if report.failureCount > 0 {
            throw Failure(
                "\(counted(report.failureCount, "cell")) of \(progress.cellCount) failed; the table says why",
                code: Failure.Code.failed)
        }
    }

    private var emptyReport: BenchmarkReport {
        BenchmarkReport(
            environment: .init(
                threadCount: command.threads.count, processorCount: ProcessInfo.processInfo.activeProcessorCount,
                seed: command.seed, resampleCount: command.comparison.bootstrap,
                permutationCount: command.comparison.permutations),
            baseline: work.baseline,
            recipes: work.recipes.map {
                .init(name: $0.name, summary: $0.recipe.summary, isExternal: $0.program != nil, note: $0.note)
            })
    }

    private func section(
        of position: Int, journal: inout BenchmarkJournal?, progress: inout BenchmarkProgress
    ) throws -> BenchmarkReport.Section {
        let set = work.sets[position]
        progress.begin(set: set.name)
        let loaded: LoadedSet
        do {
            loaded = try LoadedSet(set, input: command.input, seed: command.seed, threads: command.threads.count)
        } catch {
            // A set that cannot be read is an error in its rows; the others go on.
            let message = Failure(known: error)?.message ?? "\(error)"
            Console.clearProgress()
            Console.print("error: \(message)")
            let meant = work.recipes.indices.filter { work.isMeant($0, for: position) }
            progress.skip(meant.count)
            return SectionComparison.failedSection(
                named: set.name, recipes: meant.map { work.recipes[$0].name }, message: message)
        }
        var outcomes: [(recipe: String, outcome: SectionComparison.Outcome)] = []
        for recipe in work.recipes.indices {
            let name = work.recipes[recipe].name
            guard work.isMeant(recipe, for: position) else {
                outcomes.append((name, .notMeant))
                continue
            }
            let record = try record(of: recipe, on: loaded, at: position, journal: &journal, progress: &progress)
            outcomes.append((name, record.result.map { .result($0) } ?? .failure(record.failure?.message ?? "no result")))
        }
        progress.show("comparing")
        let tested = loaded.tested
        let comparison = SectionComparison(
            bootstrap: Bootstrap(resampleCount: command.comparison.bootstrap, threadCount: command.threads.count),
            permutationCount: command.comparison.permutations, baseline: work.baseline)
        return comparison.section(
            of: .init(
                name: set.name, targets: loaded.corpus.targets.selecting(tested),
                trainingCount: loaded.trainingCount ?? loaded.corpus.count,
                foldCount: loaded.trainingCount == nil ? loaded.splits.count : nil,
                figure: set.figure ?? command.comparison.figure),
            outcomes: outcomes)
    }

    /// The record of a cell: from the journal, or measured now and put there.
    private func record(
        of recipe: Int, on set: LoadedSet, at position: Int, journal: inout BenchmarkJournal?,
        progress: inout BenchmarkProgress
    ) throws -> CellRecord {
        let names = (set: work.sets[position].name, recipe: work.recipes[recipe].name)
        let key = try set.key(of: work.recipes[recipe], seed: command.seed, threads: command.threads.count)
        if !command.output.fresh, let known = journal?.records[key], known.isFinal(timeLimit: work.timeLimit) {
            progress.reuse()
            return known
        }
        progress.begin(recipe: names.recipe)
        let address = CellAddress(set: position, recipe: recipe, key: key)
        let outcome = try measured(address, progress: progress)
        let record: CellRecord =
            switch outcome {
            case .success(let result): CellRecord(key: key, set: names.set, recipe: names.recipe, result: result)
            case .failure(let failure): CellRecord(key: key, set: names.set, recipe: names.recipe, failure: failure.failure)
            }
        if journal != nil { try Interrupts.during(.finishing) { try journal?.append(record) } }
        progress.finish()
        return record
    }

    /// What an interrupt leaves, in words.
    private func interruption(_ progress: BenchmarkProgress) -> Failure {
        Console.clearProgress()
        let done = "\(progress.doneCount) of \(counted(progress.cellCount, "cell"))"
        let path = command.output.journalPath(plan: work.file)
        let message =
            path.map { "interrupted: \(done) kept in \($0); the same command goes on from there" }
            ?? "interrupted: without a journal (--journal FILE) the \(done) that were done are lost"
        return Failure(message, code: Failure.Code.interrupted)
    }

    private struct CellFailure: Error { let failure: CellRecord.Failure }

    /// Runs the cell in a child process.
    private func measured(_ address: CellAddress, progress: BenchmarkProgress) throws -> Result<CellResult, CellFailure> {
        var arguments = PluginOptions.removing(
            programsBut: work.recipes[address.recipe].program, from: CommandEnvironment.current.arguments)
        arguments.insert(contentsOf: ["--cell", "\(address)"], at: min(1, arguments.count))
        let child = ChildProcess(arguments: arguments, timeLimit: work.timeLimit)
        let received = Mutex<CellResult?>(nil)
        let outcome = try Interrupts.during(.cancellable) {
            try child.run { line in
                switch try? JSONDecoder().decode(BenchmarkCell.Message.self, from: Data(line.utf8)) {
                case .result(let result): received.withLock { $0 = result }
                case .phase(let phase): progress.show(phase)
                case nil: break
                }
            }
        }
        func failure(_ message: String, timeLimit: Double? = nil) -> Result<CellResult, CellFailure> {
            .failure(CellFailure(failure: .init(message: message, timeLimit: timeLimit)))
        }
        switch outcome {
        case .interrupted:
            throw interruption(progress)
        case .overTimeLimit:
            return failure("given up after \((work.timeLimit ?? 0).fixed(0)) s", timeLimit: work.timeLimit)
        case .exited(0, _):
            return received.withLock { $0 }.map { .success($0) } ?? failure("its process gave no result")
        case .exited(let status, let line):
            let message = line.map { $0.hasPrefix("error: ") ? String($0.dropFirst(7)) : $0 }
            return failure(message ?? "its process ended with status \(status)")
        case .signalled(let signal, let line):
            return failure("its process was ended by signal \(signal)\(line.map { ": \($0)" } ?? "")")
        }
    }
}
