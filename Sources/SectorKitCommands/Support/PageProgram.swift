import FoundationEssentials
import HTMLReports
import Subprocess
import SystemPackage
import TextClassification

/// The program that makes pages of what they show; it is built along with this one and stands beside it.
enum PageProgram {
    static let name = "sectorkit-pages"
    /// A page is no longer than this (in bytes); one of thousands of mistakes has a few millions.
    private static let pageLimit = 1 << 30

    /// Fails where a page could not be made or written, before there is any work.
    static func check(_ path: String) throws {
        _ = try program()
        try AtomicFile.check(path)
    }

    /// Writes a page into a file; there is a whole page, or the file as it was.
    static func write(_ content: PageContent, to path: String) throws {
        let bytes = try page(content)
        try Interrupts.during(.finishing) { try AtomicFile.write(bytes, to: path) }
    }

    /// Where the program is: beside this one, else in the folders of `PATH`.
    private static func program() throws(Failure) -> String {
        var folders = (Variables["PATH"] ?? "").split(separator: ":").map(String.init)
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: ProgramIdentity.path) {
            folders.insert(own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"), at: 0)
        }
        for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
            return "\(folder)/\(name)"
        }
        throw Failure(
            "pages are made by the program \(name), which is neither in \(folders.first ?? "PATH") nor in PATH: "
                + "`swift build -c release` builds it beside sectorkit", code: Failure.Code.missingInput)
    }

    private static func page(_ content: PageContent) throws -> [UInt8] {
        let program = try program()
        let run = try waiting {
            // Ctrl-C is for this process: a page that is begun is finished.
            var options = PlatformOptions()
            options.processGroupID = 0
            return try await Subprocess.run(
                .path(FilePath(program)), platformOptions: options, input: .array(content.bytes),
                output: .bytes(limit: pageLimit), error: .string(limit: 1 << 16))
        }
        guard run.terminationStatus.isSuccess else {
            let reason = run.standardError.split(separator: "\n").last.map(String.init) ?? "\(run.terminationStatus)"
            throw Failure("\(program) failed: \(reason)", code: Failure.Code.failed)
        }
        return run.standardOutput
    }
}
