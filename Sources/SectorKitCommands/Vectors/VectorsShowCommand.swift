import ArgumentParser
import SemiSupervised
import TextClassification

struct VectorsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a file of vectors was learnt from, and how.",
        usage: "sectorkit vectors show <vectors> [<options>]",
        discussion: """
            EXAMPLES
              sectorkit vectors show archive.vectors
              sectorkit vectors show archive.vectors --json
            """)

    @Argument(help: "The file that `vectors fit` wrote.", completion: .file(extensions: ["vectors"]))
    var vectors: String

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
        let file = try ModelFile(path: vectors)
        try file.verify()
        let summary = VectorsSummary(try ArchiveVectorsFile(file), path: vectors, byteCount: file.byteCount)
        guard !json else { return try StandardOutput().print(JSONText.encoded(summary)) }
        var table = TextTable()
        for (name, value) in summary.parameters.sorted(by: { $0.key < $1.key }) { table.append(name, "\(value)") }
        try StandardOutput().print(summary.text + "\n" + table.text)
    }
}
