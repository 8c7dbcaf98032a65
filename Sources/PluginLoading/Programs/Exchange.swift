import Dispatch
import FoundationEssentials
import TextClassification

/// One request to a plugin and its answer: within a time, with everything checked that comes back.
struct Exchange {
    let process: ChildProcess
    let plugin: String
    let limits: PluginLimits
    private let time: Duration
    private let deadline: DispatchTime
    private let isCancelled: () -> Bool

    /// So much is gathered before it is sent, in bytes.
    private static let pieceSize = 1 << 16

    init(
        process: ChildProcess, plugin: String, limits: PluginLimits, time: Duration,
        isCancelled: @escaping () -> Bool = { false }
    ) {
        self.process = process
        self.plugin = plugin
        self.limits = limits
        self.time = time
        self.isCancelled = isCancelled
        deadline = .now() + time.seconds
    }

    func failure(_ reason: String) -> PluginError { PluginError(plugin: plugin, reason: reason) }

    /// Fails where the program has spoken without being asked.
    func begin() throws(PluginError) {
        if let line = process.begin() { throw failure("it wrote without being asked: \(Self.excerpt(line))") }
    }

    // MARK: - Sending

    /// Sends a message. What is answered meanwhile goes to `answers`, or is an error without.
    func send(
        _ message: some Encodable, report: (TrainingEvent) -> Void = { _ in },
        answers: ((Reply) throws(PluginError) -> Void)? = nil
    ) throws(PluginError) {
        let line: [UInt8]
        do {
            line = try Request.line(message)
        } catch {
            throw failure("a request cannot be written: \(error)")
        }
        try send(line, report, answers)
    }

    /// Sends so many messages that are made one by one.
    func send(
        report: (TrainingEvent) -> Void = { _ in }, count: Int, answers: ((Reply) throws(PluginError) -> Void)? = nil,
        _ append: (_ number: Int, _ bytes: inout [UInt8]) -> Void
    ) throws(PluginError) {
        var bytes: [UInt8] = []
        for number in 0..<count {
            append(number, &bytes)
            if bytes.count >= Self.pieceSize || number == count - 1 {
                try send(bytes, report, answers)
                bytes.removeAll(keepingCapacity: true)
            }
        }
    }

    private func send(
        _ bytes: [UInt8], _ report: (TrainingEvent) -> Void, _ answers: ((Reply) throws(PluginError) -> Void)?
    ) throws(PluginError) {
        while let reception = process.send(bytes, until: deadline, isCancelled: isCancelled) {
            let line = try line(of: reception, "reading what it was sent")
            if let reply = try handled(line, report) {
                guard let answers, reply.type == .scores else {
                    throw failure("it answered before it had everything: \(Self.excerpt(line))")
                }
                try answers(reply)
            }
        }
    }

    // MARK: - Receiving

    /// Waits for an answer of one of the kinds; notes and progress that come before go to `report`.
    func reply(_ kinds: [Reply.Kind], report: (TrainingEvent) -> Void = { _ in }) throws(PluginError) -> Reply {
        while true {
            let line = try line("an answer")
            guard let reply = try handled(line, report) else { continue }
            guard kinds.contains(reply.type) else {
                let names = kinds.map(\.rawValue).joined(separator: " or ")
                throw failure("it answered \(Self.excerpt(line)) where \(names) was expected")
            }
            return reply
        }
    }

    /// Waits for a line.
    func line(_ what: String) throws(PluginError) -> [UInt8] {
        try line(of: process.receive(until: deadline, isCancelled: isCancelled), what)
    }

    private func line(of reception: ChildProcess.Reception, _ what: String) throws(PluginError) -> [UInt8] {
        switch reception {
        case .line(let line): return line
        case .end(let reason): throw failure("\(reason), where \(what) was expected")
        case .timeout: throw failure("it took more than \(time.seconds) seconds for \(what); it was ended")
        case .cancelled: throw failure("stopped")
        }
    }

    /// The answer in a line; `nil` where it was news that has been passed on.
    private func handled(_ line: [UInt8], _ report: (TrainingEvent) -> Void) throws(PluginError) -> Reply? {
        let reply: Reply
        do {
            reply = try JSONDecoder().decode(Reply.self, from: Data(line))
        } catch {
            throw failure("it wrote what is not a message of the plugin protocol: \(Self.excerpt(line))\(Self.hint(line))")
        }
        switch reply.type {
        case .progress:
            if let done = reply.done, let total = reply.total { report(.progress(done: done, total: total)) }
            return nil
        case .note:
            report(.note(reply.message ?? ""))
            return nil
        case .warning:
            report(.warning(reply.message ?? ""))
            return nil
        case .error: throw failure(complaint(reply))
        default: return reply
        }
    }

    /// What the plugin says went wrong.
    func complaint(_ reply: Reply) -> String { "it says: \(reply.message ?? "(nothing)")" }

    /// The beginning of a line, for a message.
    static func excerpt(_ line: [UInt8]) -> String {
        let text = String(decoding: line.prefix(120), as: UTF8.self)
        return "«\(text)\(line.count > 120 ? "…" : "")»"
    }

    private static func hint(_ line: [UInt8]) -> String {
        let text = String(decoding: line.prefix(100_000), as: UTF8.self)
        let isNotFinite = ["NaN", "nan", "Infinity", "inf", "null"].contains { text.contains($0) } && text.contains("scores")
        return isNotFinite ? " (a score is not a finite number)" : ""
    }
}
