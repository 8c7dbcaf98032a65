import Foundation
import Testing

/// What a run of the tool left.
struct Run {
    /// The exit code; 128 and the number of the signal where one ended it, as shells count.
    let status: Int32
    let outputBytes: Data
    let errors: String

    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    /// The rows of the output as a table, its heading left out, and of them the columns of a range.
    func columns(_ range: some RangeExpression<Int>) -> [[String]] {
        lines.dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
            .map { Array($0[range.relative(to: $0.indices)]) }
    }
    /// The first column of the output as a table.
    var identifiers: [String] { columns(...0).flatMap { $0 } }
    /// The output as one JSON object.
    var object: [String: Any] { Self.object(outputBytes) }
    /// The output as a JSON object a line.
    var objects: [[String: Any]] { lines.map { Self.object(Data($0.utf8)) } }

    private static func object(_ bytes: Data) -> [String: Any] {
        let value = try? JSONSerialization.jsonObject(with: bytes)
        return value as? [String: Any] ?? [:]
    }
}

/// A folder of its own for a test, in which the built executable runs as users run it.
final class Workspace: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sectorkit-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The executable, beside the bundle of these tests.
    static let tool = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("sectorkit").path

    /// The names in the folder, sorted.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    /// Writes a file, and the folder it is in.
    func write(_ name: String, _ bytes: Data) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

    /// The tool, ready to run here, with nothing on standard input.
    func process(_ arguments: [String], environment: [String: String] = [:]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.tool)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "SECTORKIT_MODEL" && $0.key != "NO_COLOR" }
            .merging(["COLUMNS": "80", "TERM": "xterm"]) { $1 }.merging(environment) { $1 }
        return process
    }

    /// Runs the tool to its end.
    /// - Parameter input: what stands on standard input; nothing if it is `nil`.
    func run(_ arguments: [String], input: String? = nil, environment: [String: String] = [:]) throws -> Run {
        let process = process(arguments, environment: environment)
        if let input {
            let name = "input-\(UUID().uuidString)"
            try write(name, input)
            process.standardInput = try FileHandle(forReadingFrom: folder.appendingPathComponent(name))
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
        return try finish(process)
    }

    func run(_ arguments: String..., input: String? = nil) throws -> Run { try run(arguments, input: input) }

    /// Runs a line of shell in which `sectorkit` is the tool.
    func shell(_ script: String) throws -> Run {
        let process = process([])
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "sectorkit() { \"$TOOL\" \"$@\"; }\n" + script]
        process.environment?["TOOL"] = Self.tool
        return try finish(process)
    }

    /// Runs a process to its end, but not for ever. Its streams go to files, which never fill up.
    private func finish(_ process: Process) throws -> Run {
        let streams = try Workspace.streamFolder()
        defer { try? FileManager.default.removeItem(at: streams) }
        func file(_ name: String) throws -> FileHandle {
            let url = streams.appendingPathComponent(name)
            try Data().write(to: url)
            return try FileHandle(forWritingTo: url)
        }
        process.standardOutput = try file("output")
        process.standardError = try file("errors")
        try process.run()
        process.end(after: 60)
        process.waitUntilExit()
        return Run(
            status: process.status, outputBytes: try Data(contentsOf: streams.appendingPathComponent("output")),
            errors: String(decoding: try Data(contentsOf: streams.appendingPathComponent("errors")), as: UTF8.self))
    }

    private static func streamFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sectorkit-streams-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

extension Process {
    /// The exit code as shells count it.
    var status: Int32 { terminationReason == .exit ? terminationStatus : 128 + terminationStatus }

    /// Ends the process if it is still there after so many seconds.
    func end(after seconds: Double) {
        let number = processIdentifier
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
            if let self, isRunning { kill(number, SIGKILL) }
        }
    }
}

/// Expects a run to have failed with an exit code and one sentence that holds all of the fragments.
func expectFailure(
    _ run: Run, _ status: Int32, _ fragments: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    // The parser of arguments adds how the command is used.
    let sentences = run.errorLines.filter { !$0.hasPrefix("Usage:") && !$0.hasPrefix("Help:") && !$0.hasPrefix("  See ") }
    #expect(sentences.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors.hasPrefix("error: "), "\(run.errors)", sourceLocation: sourceLocation)
    for fragment in fragments {
        #expect(run.errors.contains(fragment), "\(fragment) in \(run.errors)", sourceLocation: sourceLocation)
    }
}
