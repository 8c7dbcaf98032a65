import ArgumentParser
import HTMLReports

/// The page that `evaluate` and `crossvalidate` write.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to write a page to look at: figures, curves, confusions, mistakes with what misled the model, a threshold to try. It "
                + "holds texts of the articles.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(help: ArgumentHelp("How many mistakes the page shows.", valueName: "n"))
    var reportMistakes = 20

    func validate() throws {
        if !(0...10_000 ~= reportMistakes) { throw ValidationError("--report-mistakes wants a number from 0 to 10000") }
    }

    /// Fails where the page could not be made or written, before there is any work.
    func check() throws { if let report { try PageProgram.check(report) } }

    /// Writes the page, if one is wanted.
    func write(_ content: () throws -> PageContent) throws {
        if let report { try PageProgram.write(content(), to: report) }
    }
}
