import Foundation

/// The built program, run as a process in a folder of its own.
struct Tool {
    /// What a run left behind.
    struct Outcome {
        let output: String
        let errors: String
        let code: Int32

        /// Standard output, line by line.
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// The folder in which the program runs; removed with `remove()`.
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sectorkit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// The program stands beside the bundle of tests.
    static let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "sectorkit")

    func path(_ name: String) -> String { folder.appending(path: name).path() }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }
    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: folder.appending(path: name)) }
    func bytes(of name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    /// Runs `sectorkit` with the arguments and waits for its end.
    func run(_ arguments: String..., input: String = "", variables: [String: String] = [:]) throws -> Outcome {
        try run(arguments, input: Array(input.utf8), variables: variables)
    }

    func run(_ arguments: [String], input: [UInt8] = [], variables: [String: String] = [:]) throws -> Outcome {
        let name = UUID().uuidString
        let (input, output, errors) = try (file("\(name).in", input), file("\(name).out"), file("\(name).err"))
        let process = process(arguments, variables: variables)
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        return Outcome(
            output: try text("\(name).out"), errors: try text("\(name).err"),
            code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
    }

    /// A process of the program that has not started.
    func process(_ arguments: [String], variables: [String: String] = [:]) -> Process {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["SECTORKIT_MODEL"] = nil
        process.environment = environment.merging(variables) { $1 }
        return process
    }

    private func file(_ name: String, _ content: [UInt8]? = nil) throws -> FileHandle {
        let url = folder.appending(path: name)
        try Data(content ?? []).write(to: url)
        return content == nil ? try FileHandle(forWritingTo: url) : try FileHandle(forReadingFrom: url)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
}

/// Small invented articles that two labels tell apart.
enum Sample {
    static let fruit = ["apple pear plum", "plum cherry apple", "pear apple quince", "cherry plum pear", "quince cherry apple"]
    static let tools = ["hammer saw chisel", "saw drill hammer", "chisel plane saw", "drill hammer plane", "plane chisel drill"]
    static let other = ["cloud rain wind", "rain snow cloud", "wind snow hail", "hail cloud rain", "snow wind rain"]

    /// Articles with several labels or none, as JSON lines.
    static var multi: String {
        var lines: [String] = []
        for (number, text) in fruit.enumerated() { lines.append(#"{"id":"f\#(number)","text":"\#(text)","labels":["fruit"]}"#) }
        for (number, text) in tools.enumerated() { lines.append(#"{"id":"t\#(number)","text":"\#(text)","labels":["tools"]}"#) }
        for (number, text) in other.enumerated() { lines.append(#"{"id":"o\#(number)","text":"\#(text)","labels":[]}"#) }
        lines.append(#"{"id":"b0","text":"apple hammer plum saw","labels":["fruit","tools"]}"#)
        lines.append(#"{"id":"b1","text":"pear drill cherry chisel","labels":["fruit","tools"]}"#)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Articles with exactly one label, as JSON lines.
    static var single: String {
        let labelled = fruit.map { ($0, "fruit") } + tools.map { ($0, "tools") } + other.map { ($0, "weather") }
        return labelled.enumerated().map { #"{"id":"a\#($0)","text":"\#($1.0)","labels":["\#($1.1)"]}"# }.joined(separator: "\n")
            + "\n"
    }
}

extension Tool {
    /// A folder with `seeds.jsonl` and `model.sectorkit` trained from it.
    static func trained(_ seeds: String = Sample.multi) throws -> Tool {
        let tool = try Tool()
        try tool.write(seeds, to: "seeds.jsonl")
        let outcome = try tool.run(
            "train", "--seeds", "seeds.jsonl", "--output", "model.sectorkit", "--set", "inverseRegularization=100")
        guard outcome.code == 0 else { throw TrainingFailed(errors: outcome.errors) }
        return tool
    }

    struct TrainingFailed: Error { let errors: String }
}
