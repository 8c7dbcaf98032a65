import Foundation
import Testing

/// Plugins from the command line.
@Suite(.timeLimit(.minutes(5))) struct PluginTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private let workspace = Result { try Workspace() }

    private func example(_ name: String) -> String { Self.root.appendingPathComponent("docs/plugins/" + name).path }

    /// Runs one of the project's scripts to its end.
    private func script(_ name: String, _ argument: String) throws -> String {
        let process = Process()
        process.executableURL = Self.root.appendingPathComponent("scripts/" + name)
        process.arguments = [argument]
        process.currentDirectoryURL = Self.root
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("sectorkit-script-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardError = try FileHandle(forWritingTo: file)
        process.standardOutput = process.standardError
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOf: file, encoding: .utf8)
        return process.terminationStatus == 0 ? "" : text + "(exit code \(process.terminationStatus))"
    }

    @Test(arguments: ["naive_bayes.py", "word_counts.sh"])
    func `Programs train, tag, and are measured`(name: String) throws {
        let workspace = try workspace.get()
        try workspace.write("seeds.jsonl", Samples.jsonl(Samples.articles(120)))
        let plugin = ["--plugin", example(name)]
        let trained = try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", "m.sectorkit"] + plugin)
        #expect(trained.status == 0 && trained.output.contains("articles as they are"), "\(trained.errors)")
        let first = try workspace.bytes("m.sectorkit")
        let again = try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", "m.sectorkit", "--threads", "1"] + plugin)
        #expect(try again.status == 0 && workspace.bytes("m.sectorkit") == first)
        let tagged = try workspace.run(["predict", "--model", "m.sectorkit"] + plugin, input: Samples.kitchenText)
        #expect(tagged.status == 0 && tagged.output.contains("kitchen"), "\(tagged.errors)")
        let measured = try workspace.run(
            ["evaluate", "--model", "m.sectorkit", "--data", "seeds.jsonl", "--bootstrap", "0", "--json"] + plugin)
        #expect(measured.status == 0 && !measured.object.isEmpty, "\(measured.errors)")
        let without = try workspace.run(["predict", "--model", "m.sectorkit"], input: Samples.kitchenText)
        expectFailure(without, 65, "was trained with the plugin", "name it with --plugin")
        for command in ["compress", "explain"] {
            let arguments = command == "compress" ? ["-o", "n.sectorkit"] : ["-"]
            let run = try workspace.run([command, "--model", "m.sectorkit"] + arguments + plugin, input: Samples.kitchenText)
            #expect(run.status == 1 && run.errorLines.count == 1, "\(run.errors)")
        }
    }

    @Test func `A program that fails while it tags ends the stream`() throws {
        let workspace = try workspace.get()
        let source = try String(contentsOfFile: example("naive_bayes.py"), encoding: .utf8)
        // The same plugin, which dies at an article that says so.
        let dying = source.replacingOccurrences(
            of: "            for article in messages():\n",
            with: "            for article in messages():\n                if 'die' in article['text']: sys.exit(9)\n")
        #expect(dying != source)
        try workspace.write("plugin.py", dying)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: workspace.path("plugin.py"))
        try workspace.write("seeds.jsonl", Samples.jsonl(Samples.articles(120)))
        let plugin = ["--plugin", "./plugin.py"]
        #expect(try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", "m.sectorkit"] + plugin).status == 0)
        let run = try workspace.run(
            ["predict", "--model", "m.sectorkit", "--input-format", "lines", "--format", "tsv"] + plugin,
            input: "butter and flour\ndie\nthe mast\n")
        expectFailure(run, 1, "plugin ./plugin.py: it ended with exit code 9")
    }

    /// A program that is busy, and ignores the end of its input and whoever asks it to end.
    @Test(arguments: [SIGINT, SIGTERM]) func `An interrupt leaves no program behind`(signal: Int32) throws {
        let workspace = try workspace.get()
        let source = try String(contentsOfFile: example("naive_bayes.py"), encoding: .utf8)
        let deaf = source.replacingOccurrences(
            of: "            for article in messages():\n",
            with: """
                            for article in messages():
                                if 'deaf' in article['text']:
                                    import os, signal, subprocess, time
                                    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
                                    child = subprocess.Popen(['sleep', '1000'])
                                    with open('numbers.new', 'w') as file: file.write(f'{os.getpid()} {child.pid}')
                                    os.rename('numbers.new', 'numbers')
                                    while True: time.sleep(1)

                """)
        #expect(deaf != source)
        try workspace.write("plugin.py", deaf)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: workspace.path("plugin.py"))
        try workspace.write("seeds.jsonl", Samples.jsonl(Samples.articles(120)))
        let plugin = ["--plugin", "./plugin.py"]
        #expect(try workspace.run(["train", "--seeds", "seeds.jsonl", "-o", "m.sectorkit"] + plugin).status == 0)
        try workspace.write("article.txt", "deaf")
        let process = workspace.process(["predict", "--model", "m.sectorkit", "article.txt"] + plugin)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.end(after: 60)
        while process.isRunning, !workspace.names.contains("numbers") { usleep(20_000) }
        let numbers = try String(decoding: workspace.bytes("numbers"), as: UTF8.self).split(separator: " ").compactMap {
            Int32($0)
        }
        try #require(numbers.count == 2)
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.status == 130)
        // They were killed; how soon they are gone is up to whoever takes their exit codes.
        for number in numbers {
            for _ in 0..<500 where Self.isRunning(number) { usleep(20_000) }
            #expect(!Self.isRunning(number))
        }
    }

    /// Whether there is such a process, which is not only waiting for its exit code to be taken.
    private static func isRunning(_ number: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }

    /// A flood is answered within bounded memory: what the system grants is no more than a program of this kind takes at rest.
    @Test func `A flood does not take memory`() throws {
        let workspace = try workspace.get()
        try workspace.write("flood.sh", "#!/bin/sh\ncat > /dev/null &\nexec tr '\\000' 'x' < /dev/zero\n")
        try workspace.write("lines.sh", "#!/bin/sh\nexec yes '{\"type\":\"progress\",\"done\":1,\"total\":2}'\n")
        for name in ["flood.sh", "lines.sh"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: workspace.path(name))
            let run = try workspace.shell(
                "(ulimit -v 1500000; sectorkit components --plugin ./\(name) --plugin-timeout 3)")
            expectFailure(run, 1, "plugin ./\(name): it ")
        }
    }

    @Test func `Messages are those of the schema`() throws {
        #expect(try script("check-plugin-protocol", Workspace.tool) == "")
    }

    @Test func `Libraries are loaded, and refused where they do not fit`() throws {
        let configuration = Workspace.tool.split(separator: "/").dropLast().last.map(String.init) ?? ""
        #expect(try script("check-library-plugins", configuration) == "")
    }
}
