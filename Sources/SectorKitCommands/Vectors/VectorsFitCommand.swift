import ArgumentParser
import CorpusFormats
import SemiSupervised
import TextClassification

struct VectorsFitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Learn vectors of words from an archive.",
        discussion: """
            Reads what the other commands read, as a stream, and uses no labels. The file holds the vectors of the words; the vectors and titles \
            of the articles, for `explain --similar`; and the words of the archive in their order, from which `vectors update` learns anew: \
            who has the file can read most of the texts. --final and --without-articles leave these out.

            EXAMPLES
              sectorkit vectors fit archive.jsonl.gz -o archive.vectors
              sectorkit vectors fit a.jsonl b.csv --set rank=100 window=20 -o a.vectors
              sectorkit vectors fit archive.jsonl --final --without-articles -o w.vectors
              sectorkit vectors fit huge.jsonl.gz --maximum-memory 2GB -o h.vectors
            """)

    @Argument(help: "Files or folders with articles; standard input without any, or for `-`.", completion: .file())
    var files: [String] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the vectors.", valueName: "file"),
        completion: .file(extensions: ["vectors"]))
    var output: String

    @Option(
        name: .customLong("set"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Set a hyper-parameter of archive-vectors (see `sectorkit components archive-vectors`).", valueName: "name=value"))
    var settings: [String] = []

    @Flag(help: "Leave out the words of the archive: nothing can be added to the file later.")
    var final = false

    @Flag(help: "Leave out vectors and titles of the articles: similar ones cannot be found.")
    var withoutArticles = false

    @OptionGroup(title: "MORE TEXT THAN MEMORY") var memory: VectorsMemoryOptions
    @OptionGroup(title: "INPUT") var input: InputOptions

    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print what was learnt as JSON.")
    var json = false

    func run() throws {
        try Interrupts.handled {
            try AtomicFile.check(output)
            var contents = ArchiveVectorsFile.Contents()
            contents.words = !final
            contents.articles = !withoutArticles
            let builder = ArchiveVectorsFile.Builder(
                try parameters(), contents: contents, seed: seed, memory: try memory.limits)
            try VectorsFit(paths: files.isEmpty ? ["-"] : files, input: input, threads: threads.count, seed: seed)
                .run(builder, output: output, json: json)
        }
    }

    private func parameters() throws -> ArchiveVectors.Parameters {
        try ArchiveVectors.Parameters(settings: settings, component: ArchiveVectors.identifier)
    }
}

/// How much memory fitting may take.
struct VectorsMemoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The most memory to use, such as 2GB: words go to a temporary file, and only the strongest pairs of words are kept.",
            valueName: "size"))
    var maximumMemory: ByteSize?

    @Option(
        help: ArgumentHelp("Where the temporary file goes. (default: $TMPDIR, else /tmp)", valueName: "folder"),
        completion: .directory)
    var temporaryDirectory: String?

    var limits: ArchiveFitter.Memory {
        get throws {
            let directory = temporaryDirectory ?? TemporaryFile.systemDirectory
            if let maximumMemory { return ArchiveFitter.Memory(maximum: maximumMemory.bytes, directory: directory) }
            var memory = ArchiveFitter.Memory()
            memory.directory = directory
            return memory
        }
    }
}

/// Reading an archive into a file of vectors.
struct VectorsFit {
    let paths: [String]
    let input: InputOptions
    let threads: Int
    let seed: UInt64

    func run(_ builder: consuming ArchiveVectorsFile.Builder, output: String, json: Bool) throws {
        let log = TrainingLog()
        let context = TrainingContext(
            seed: seed, threadCount: threads, report: log.report, isCancelled: { Interrupts.isPending })
        var builder = builder
        let before = builder.articleCount
        var problemCount = 0
        /// Digests of identifiers: those of a million articles take little room.
        var identifiers: Set<UInt64> = []
        var repeatedCount = 0
        let file = try Interrupts.during(.cancellable) {
            context.report(.phase("reading the archive"))
            problemCount = try ArchiveReading(paths: paths, options: input, context: context).eachBlock { block in
                let names = (0..<block.count).map { block.identifier(of: $0) }
                for (article, name) in names.enumerated() where block.hasIdentifier(article) {
                    if !identifiers.insert(XXH64.hash(Array(name.utf8))).inserted { repeatedCount += 1 }
                }
                try builder.append(block.batch, identifiers: names)
            }
            guard builder.articleCount > before else { throw TrainingError.emptyCorpus }
            return try builder.fitted(context: context)
        }
        Console.clearProgress()
        try Interrupts.during(.finishing) {
            if Interrupts.isPending { throw TrainingError.cancelled }
            try file.write(to: output)
        }
        if repeatedCount > 0 {
            Console.warn("\(counted(repeatedCount, "article")) of an identifier that others have, too: each was counted")
        }
        let summary = VectorsSummary(file, path: output, byteCount: try ModelFile(path: output).byteCount)
        try StandardOutput().print(json ? JSONText.encoded(summary) : summary.text)
        if problemCount > 0 {
            throw Failure("\(counted(problemCount, "bad record")) left out; the others were used", code: Failure.Code.badData)
        }
    }
}
