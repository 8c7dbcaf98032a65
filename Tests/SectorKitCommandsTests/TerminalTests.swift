import Foundation
import Glibc
import Testing

/// What is different on a terminal, and what Ctrl-C does.
struct TerminalTests {
    let workspace = Result { try Workspace() }

    /// A pseudo-terminal: what a program writes to `terminal` can be read from `screen`.
    private struct Terminal {
        let screen: FileHandle
        let terminal: FileHandle

        // The requests of `ioctl_tty(2)`, which are macros that Swift does not see.
        private static let getNumber: UInt = 0x8004_5430
        private static let setLock: UInt = 0x4004_5431

        init() throws {
            let descriptor = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            guard descriptor >= 0 else { throw POSIXError(.ENOTTY) }
            screen = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            var (lock, number): (Int32, UInt32) = (0, 0)
            guard unsafe ioctl(descriptor, Self.setLock, &lock) == 0, unsafe ioctl(descriptor, Self.getNumber, &number) == 0
            else {
                throw POSIXError(.ENOTTY)
            }
            let other = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
            guard other >= 0 else { throw POSIXError(.ENOTTY) }
            terminal = FileHandle(fileDescriptor: other, closeOnDealloc: true)
        }

        /// What appears on the screen until `text` is there, or nobody writes to the terminal any more.
        func read(until text: String? = nil) -> String {
            try? terminal.close()
            var shown: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while text.map({ !String(decoding: shown, as: UTF8.self).contains($0) }) ?? true {
                // The end of a pseudo-terminal is an error.
                let count = unsafe Glibc.read(screen.fileDescriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                shown += buffer[..<count]
            }
            return String(decoding: shown, as: UTF8.self)
        }
    }

    private func crossValidation(_ environment: [String: String] = [:]) throws -> Process {
        let workspace = try workspace.get()
        return workspace.process(
            ["crossvalidate", "--seeds", try workspace.writeSeeds(), "--folds", "2"], environment: environment)
    }

    @Test func progressOnATerminal() throws {
        for (environment, isShown) in [([:], true), (["NO_COLOR": "1"], true), (["TERM": "dumb"], false)] {
            let process = try crossValidation(environment)
            let terminal = try Terminal()
            let output = Pipe()
            process.standardOutput = output
            process.standardError = terminal.terminal
            try process.run()
            process.end(after: 30)
            let screen = terminal.read()
            process.waitUntilExit()
            #expect(screen.contains("validation: 1 of 2") == isShown)
            // The line is cleared at the end, and nothing is ever coloured.
            #expect(isShown ? screen.hasSuffix("\r\u{1B}[K") : screen.isEmpty)
            #expect(!screen.replacing("\r\u{1B}[K", with: "").contains("\u{1B}"))
            #expect(!output.fileHandleForReading.readDataToEndOfFile().contains(0x1B))
        }
    }

    @Test func noProgressElsewhere() throws {
        let workspace = try workspace.get()
        let run = try workspace.run("crossvalidate", "--seeds", try workspace.writeSeeds(), "--folds", "2")
        #expect(run.errors == "" && !run.output.contains("\u{1B}"))
    }

    @Test func outputOnATerminalHasNoColour() throws {
        let workspace = try workspace.get()
        let process = workspace.process(["inspect", "--model", try SharedModel.multi.get().path])
        let terminal = try Terminal()
        process.standardOutput = terminal.terminal
        try process.run()
        process.end(after: 30)
        let screen = terminal.read()
        process.waitUntilExit()
        #expect(screen.contains("checksums verified") && !screen.contains("\u{1B}"))
    }

    /// Somebody who forgot to name a file is told that the program waits.
    @Test func waitingForATerminal() throws {
        let workspace = try workspace.get()
        let process = workspace.process(["predict", "--model", try SharedModel.multi.get().path])
        let (terminal, errors) = (try Terminal(), Pipe())
        process.standardInput = terminal.terminal
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.end(after: 30)
        #expect(
            String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self).hasPrefix(
                "reading articles from the terminal; Ctrl-D"))
        terminal.screen.write(Data("oven butter\n\u{4}".utf8))
        process.waitUntilExit()
        #expect(process.status == 0)
    }

    /// Ctrl-C while training: exit code 130, the old model stays, and no temporary file is left.
    @Test(arguments: [SIGINT, SIGTERM])
    func interruptedTraining(signal number: Int32) throws {
        let workspace = try workspace.get()
        // Whoever runs the tests in the background has interrupts ignored, and programs leave it so.
        signal(SIGINT, SIG_DFL)
        let seeds = try workspace.writeSeeds(Samples.articles(600))
        try workspace.write("m", "the old one")
        let process = workspace.process(["train", "--seeds", seeds, "-o", "m", "--inner-folds", "100"])
        let terminal = try Terminal()
        process.standardError = terminal.terminal
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.end(after: 30)
        let begun = terminal.read(until: "cross-validation for thresholds: 1 of 100")
        #expect(begun.contains("1 of 100"))
        kill(process.processIdentifier, number)
        let screen = terminal.read()
        process.waitUntilExit()
        #expect(process.status == 130)
        #expect(screen.contains("stopping; press Ctrl-C again to stop at once"))
        #expect(screen.hasSuffix("error: training was stopped before it was done; nothing was written\r\n"))
        #expect(workspace.names == ["m", "seeds.jsonl"])
        #expect(try workspace.bytes("m") == Data("the old one".utf8))
    }

    /// While there is nothing to lose, Ctrl-C ends the program at once and without a word.
    @Test(arguments: [["train", "--seeds", "-", "-o", "m"], ["predict"]])
    func interruptedReading(arguments: [String]) throws {
        let workspace = try workspace.get()
        signal(SIGINT, SIG_DFL)
        let model = try SharedModel.multi.get().path
        let process = workspace.process(arguments, environment: ["SECTORKIT_MODEL": model])
        let (input, errors) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.end(after: 30)
        // Long enough to be waiting for input.
        Thread.sleep(forTimeInterval: 1)
        process.interrupt()
        process.waitUntilExit()
        #expect(process.status == 130)
        #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
        #expect(workspace.names == [])
    }
}
