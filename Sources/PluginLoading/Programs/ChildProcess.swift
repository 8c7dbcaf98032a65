import Dispatch
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A running program: lines in, lines out, from synchronous code.
///
/// Tasks on an executor of their own write, read, and pass standard error on. What the program says is held back from it as soon
/// as nobody takes it (its pipe fills), what is written to it waits until it reads, and every wait has an end. One thread at a time
/// may call `send` and `receive`.
final class ChildProcess: Sendable {
    private typealias Running = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    private struct State {
        var running: Running?
        var isKilled = false
        /// Whether nobody is to be told anything any more.
        var isAbandoned = false
        /// Lines that were read and not yet taken, and their bytes.
        var inbox: ArraySlice<[UInt8]> = []
        var inboxSize = 0
        /// The reader that waits for room.
        var reader: CheckedContinuation<Void, Never>?
        /// Why there will be no more lines.
        var outputEnd: String?
        var isWriting = false
        /// Whether the program is gone.
        var isEnded = false
        var diagnosticAllowance: Int
    }

    /// As much as is read ahead of whoever takes the lines, in bytes.
    private static let inboxLimit = 1_000_000
    /// How long those rest who wait for the end, in microseconds.
    private static let pause: UInt32 = 20_000
    /// How often a wait looks whether it should be given up.
    private static let pollInterval = DispatchTimeInterval.milliseconds(100)

    private let name: String
    private let limits: PluginLimits
    private let state: Mutex<State>
    /// Signalled whenever the state has changed.
    private let changed = DispatchSemaphore(value: 0)
    private let outgoing: AsyncStream<[UInt8]>.Continuation

    /// Starts a program in a process group of its own.
    ///
    /// - Parameter name: what stands before each line of its standard error.
    init(path: String, name: String, limits: PluginLimits) {
        self.name = name
        self.limits = limits
        state = Mutex(State(diagnosticAllowance: limits.diagnosticSize))
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        outgoing = continuation
        limits.running.add(self)
        Task.detached(executorPreference: ChildExecutor()) { [self] in await run(path, stream) }
    }

    private func run(_ path: String, _ stream: AsyncStream<[UInt8]>) async {
        var options = PlatformOptions()
        options.processGroupID = 0
        var end: String
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)), platformOptions: options, input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                change { state in
                    state.running = execution
                    if state.isKilled { try? execution.send(signal: .kill, toProcessGroup: true) }
                }
                await withTaskGroup { group in
                    group.addTask { await self.write(stream, execution.standardInputWriter) }
                    group.addTask { await self.read(execution.standardOutput) }
                    group.addTask { await self.passOn(execution.standardError) }
                }
                // The process is not reaped before this returns, so that its number still is its own.
                change { state in
                    try? execution.send(signal: .kill, toProcessGroup: true)
                    state.running = nil
                }
            }
            end =
                switch result.terminationStatus {
                case .exited(0): "it ended"
                case .exited(let code): "it ended with exit code \(code)"
                case .signaled(let signal): "it was ended by signal \(signal)"
                }
        } catch {
            end = "it cannot be started: \(error)"
        }
        limits.running.remove(self)
        change { state in
            state.isEnded = true
            // A reason that the reader found stands; that its output ended tells less than how the program did.
            state.outputEnd = state.outputEnd.flatMap { $0 == Self.closedOutput ? nil : $0 } ?? end
        }
    }

    private static let closedOutput = "it closed its standard output"

    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        changed.signal()
    }

    // MARK: - Tasks

    private func write(_ stream: AsyncStream<[UInt8]>, _ writer: StandardInputWriter) async {
        for await bytes in stream {
            // A program that does not read to the end may have answered already, so that this is not what decides.
            let count = try? await writer.write(bytes)
            change { $0.isWriting = false }
            if count != bytes.count { break }
        }
        try? await writer.finish()
    }

    private func read(_ output: SubprocessOutputSequence) async {
        var buffer = LineBuffer(limit: limits.lineLength)
        var end = Self.closedOutput
        do {
            for try await piece in output {
                guard let lines = buffer.append(Array(piece)) else {
                    end = "it wrote a line of more than \(limits.lineLength) bytes"
                    break
                }
                guard !lines.isEmpty else { continue }
                change { state in
                    state.inbox += lines
                    state.inboxSize += lines.reduce(0) { $0 + $1.count + 1 }
                }
                await room()
            }
        } catch {
            end = "its output cannot be read: \(error)"
        }
        if end == Self.closedOutput, !buffer.rest.isEmpty { end = "it ended in the middle of a line" }
        change { if $0.outputEnd == nil { $0.outputEnd = end } }
        outgoing.finish()
    }

    /// Waits until somebody has taken enough of what was read.
    private func room() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.inboxSize <= Self.inboxLimit || state.isKilled {
                    continuation.resume()
                } else {
                    state.reader = continuation
                }
            }
        }
    }

    private func passOn(_ errors: SubprocessOutputSequence) async {
        var buffer = LineBuffer(limit: 1 << 16)
        var rest: [UInt8] = []
        do {
            for try await piece in errors {
                if let lines = buffer.append(Array(piece)) {
                    lines.forEach(passOn)
                } else {
                    passOn(buffer.rest + Array(piece))
                    buffer = LineBuffer(limit: 1 << 16)
                }
            }
        } catch {
            rest = Array("(standard error cannot be read: \(error))".utf8)
        }
        rest = buffer.rest + rest
        if !rest.isEmpty { passOn(rest) }
    }

    private func passOn(_ line: [UInt8]) {
        let (allowed, isFirstBeyond) = state.withLock { state in
            let before = state.diagnosticAllowance
            state.diagnosticAllowance -= line.count + 1
            return (before > 0, before > 0 && state.diagnosticAllowance <= 0)
        }
        if allowed { limits.diagnostics("\(name): \(String(decoding: line.prefix(10_000), as: UTF8.self))") }
        if isFirstBeyond { limits.diagnostics("\(name): (what more it writes to standard error is left out)") }
    }

    // MARK: - From outside

    /// What a wait ended with.
    enum Reception {
        case line([UInt8])
        /// No more lines will come.
        case end(String)
        case timeout
        case cancelled
    }

    /// Begins a request: the program may say something on standard error again.
    ///
    /// - Returns: a line that it has written although it was not asked, if there is one.
    func begin() -> [UInt8]? {
        state.withLock { state in
            state.diagnosticAllowance = limits.diagnosticSize
            return state.inbox.first
        }
    }

    /// Hands bytes over, and waits until the program has taken those before.
    ///
    /// - Returns: `nil` when it is to go on; anything that the program wrote meanwhile, or what hinders.
    func send(_ bytes: [UInt8], until deadline: DispatchTime, isCancelled: () -> Bool) -> Reception? {
        while true {
            let found = state.withLock { state -> (Reception?, isFree: Bool) in
                if state.isAbandoned { return (nil, false) }
                if let line = Self.taken(&state) { return (.line(line), false) }
                if let end = state.outputEnd { return (state.isEnded || end != Self.closedOutput ? .end(end) : nil, false) }
                if state.isWriting { return (nil, false) }
                state.isWriting = true
                return (nil, true)
            }
            if let reception = found.0 { return reception }
            if found.isFree {
                outgoing.yield(bytes)
                return nil
            }
            if let reception = wait(until: deadline, isCancelled) { return reception }
        }
    }

    /// Waits for a line.
    func receive(until deadline: DispatchTime, isCancelled: () -> Bool) -> Reception {
        while true {
            // Also where lines keep coming.
            if DispatchTime.now() >= deadline, !state.withLock(\.isAbandoned) { return .timeout }
            let found = state.withLock { state -> Reception? in
                if state.isAbandoned { return nil }
                if let line = Self.taken(&state) { return .line(line) }
                // How the program ended follows shortly upon the end of its output.
                if let end = state.outputEnd, state.isEnded || end != Self.closedOutput { return .end(end) }
                return nil
            }
            if let found { return found }
            if let reception = wait(until: deadline, isCancelled) { return reception }
        }
    }

    private static func taken(_ state: inout State) -> [UInt8]? {
        guard let line = state.inbox.popFirst() else { return nil }
        state.inboxSize -= line.count + 1
        if state.inboxSize <= inboxLimit / 2, let reader = state.reader {
            state.reader = nil
            reader.resume()
        }
        return line
    }

    private func wait(until deadline: DispatchTime, _ isCancelled: () -> Bool) -> Reception? {
        if state.withLock(\.isAbandoned) {
            usleep(Self.pause)
            return nil
        }
        if isCancelled() { return .cancelled }
        let now = DispatchTime.now()
        if now >= deadline { return .timeout }
        _ = changed.wait(timeout: min(deadline, now + Self.pollInterval))
        return nil
    }

    /// Ends the program and everything in its process group at once.
    func kill() {
        let reader = state.withLock { state in
            state.isKilled = true
            try? state.running?.send(signal: .kill, toProcessGroup: true)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
        outgoing.finish()
    }

    /// Closes the program's input, and lets those that wait for an answer wait on.
    func abandon() {
        state.withLock { $0.isAbandoned = true }
        outgoing.finish()
    }

    func waitForEnd(until deadline: DispatchTime) {
        while !state.withLock(\.isEnded), DispatchTime.now() < deadline { usleep(Self.pause) }
    }

    /// Closes the program's input, and ends it if it does not end by itself.
    func close() {
        outgoing.finish()
        let deadline = DispatchTime.now() + limits.farewellTime.seconds
        while !state.withLock(\.isEnded), DispatchTime.now() < deadline {
            // What it still says is of no interest, but must not hold it up.
            state.withLock { while Self.taken(&$0) != nil {} }
            _ = changed.wait(timeout: min(deadline, .now() + Self.pollInterval))
        }
        kill()
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

extension Array where Element == UInt8 {
    fileprivate init(_ buffer: SubprocessOutputSequence.Buffer) {
        self = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
    }
}
