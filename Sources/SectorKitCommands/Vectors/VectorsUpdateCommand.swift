import ArgumentParser
import SemiSupervised
import TextClassification

struct VectorsUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Add more text to vectors of words.",
        usage: "sectorkit vectors update <vectors> [<files> ...] [<options>]",
        discussion: """
            The result is, byte for byte, what `vectors fit` makes of the articles that the file was fitted to and then the new ones, with the \
            same hyper-parameters, seed and --maximum-memory. The old texts are not needed; the time is that of a new fit but for reading \
            them. The file is replaced in one step, unless --output names another.

            EXAMPLES
              sectorkit vectors update archive.vectors today.jsonl
              sectorkit vectors update archive.vectors a.jsonl b.jsonl -o new.vectors
              zcat today.jsonl.gz | sectorkit vectors update archive.vectors
            """)

    @Argument(help: "The file that `vectors fit` wrote.", completion: .file(extensions: ["vectors"]))
    var vectors: String

    @Argument(help: "Files or folders with articles; standard input without any, or for `-`.", completion: .file())
    var files: [String] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the vectors. (default: in place)", valueName: "file"),
        completion: .file(extensions: ["vectors"]))
    var output: String?

    @OptionGroup(title: "MORE TEXT THAN MEMORY") var memory: VectorsMemoryOptions
    @OptionGroup(title: "INPUT") var input: InputOptions
    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print what was learnt as JSON.")
    var json = false

    func run() throws {
        try Interrupts.handled {
            let target = output ?? vectors
            try AtomicFile.check(target)
            let file = try ArchiveVectorsFile(path: vectors)
            let builder = try ArchiveVectorsFile.Builder(updating: file, memory: try memory.limits)
            try VectorsFit(
                paths: files.isEmpty ? ["-"] : files, input: input, threads: threads.count, seed: file.header.training.seed
            ).run(builder, output: target, json: json)
        }
    }
}
