import FoundationEssentials
import Subprocess
import SystemPackage

/// A child that runs this same program with other arguments, in a process group of its own.
struct ChildProcess {
    enum Outcome {
        case exited(status: Int32, lastErrorLine: String?)
        case signalled(Int32, lastErrorLine: String?)
        case overTimeLimit
        case interrupted
    }

    let arguments: [String]
    /// After so many seconds it is killed.
    let timeLimit: Double?

    /// Runs the child to its end; Ctrl-C ends it and its own children at once.
    ///
    /// Its standard input stays open for as long as this process lives, and closes with it.
    /// - Parameter onLine: receives each line that it prints.
    func run(onLine: @escaping @Sendable (String) -> Void) throws -> Outcome {
        try waiting { try await outcome(onLine) }
    }

    private func outcome(_ onLine: @escaping @Sendable (String) -> Void) async throws -> Outcome {
        var options = PlatformOptions()
        options.processGroupID = 0
        let run = try await Subprocess.run(
            .path(FilePath(ProgramIdentity.path)), arguments: .init(arguments), platformOptions: options, input: .inputWriter,
            output: .sequence, error: .sequence
        ) { execution in
            // The output's end, which comes when the child has ended, ends the watch.
            let watch = Task { try await Self.watch(execution, timeLimit: timeLimit) }
            async let errors = Self.lastLine(of: execution.standardError)
            for try await line in execution.standardOutput.strings() {
                onLine(line.hasSuffix("\n") ? String(line.dropLast()) : line)
            }
            watch.cancel()
            let end = try? await watch.value
            return (end, try await errors)
        }
        let (end, errors) = run.closureResult
        if let end { return end }
        switch run.terminationStatus {
        case .exited(let status): return .exited(status: status, lastErrorLine: errors)
        case .signaled(let signal): return .signalled(signal, lastErrorLine: errors)
        }
    }

    /// How long a child may take to stop when it is asked to; then it is killed.
    static let graceSeconds = 3

    /// Ends the process group when time is over or somebody interrupts; returns why.
    ///
    /// The child is asked first, for it ends what it started in groups of their own.
    private static func watch<Input, Output, ErrorOutput>(
        _ execution: Execution<Input, Output, ErrorOutput>, timeLimit: Double?
    ) async throws -> Outcome {
        let start = ContinuousClock.now
        while true {
            try await Task.sleep(for: .milliseconds(50))
            let isOver = timeLimit.map { ContinuousClock.now - start > .seconds($0) } ?? false
            guard isOver || Interrupts.isPending else { continue }
            try? execution.send(signal: .terminate)
            // Cut short when the child has ended.
            try? await Task.sleep(for: .seconds(graceSeconds))
            try? execution.send(signal: .kill, toProcessGroup: true)
            return isOver ? .overTimeLimit : .interrupted
        }
    }

    private static func lastLine(of lines: SubprocessOutputSequence) async throws -> String? {
        var last: String?
        for try await line in lines.strings() where !line.allSatisfy(\.isWhitespace) { last = line }
        return last.map { String($0.filter { $0 != "\n" }) }
    }
}
