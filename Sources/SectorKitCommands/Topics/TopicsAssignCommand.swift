import ArgumentParser
import CorpusFormats
import LinearAlgebra
import TextClassification
import TopicModels

struct TopicsAssignCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Give new articles the weights of fitted topics.",
        discussion: """
            Reads files, folders or standard input like predict, and writes a line an article as soon as it can. An article without \
            any term that the topics know gets none.

            EXAMPLES
              cat article.txt | sectorkit topics assign --topics a.topics
              sectorkit topics assign --topics a.topics --json < new.jsonl
            """)

    @Option(help: ArgumentHelp("The file that topics fit wrote.", valueName: "file"), completion: .file())
    var topics: String

    @Argument(help: "Files or folders with articles; standard input without any, or for `-`.", completion: .file())
    var files: [String] = []

    @Option(help: ArgumentHelp("Leave topics with a smaller share out.", valueName: "share"))
    var minimumShare = 0.05

    @Flag(help: "One JSON object an article, with id and topics.")
    var json = false

    @OptionGroup(title: "INPUT") var input: InputOptions
    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if !(0...1 ~= minimumShare) { throw ValidationError("--minimum-share wants a number from 0 to 1") }
    }

    private struct Assigned: Encodable {
        struct Topic: Encodable {
            let topic: Int
            let name: String
            let share: Double
        }
        let id: String
        let topics: [Topic]
    }

    func run() throws {
        let archive = try TopicArchive(path: topics, registry: CommandEnvironment.current.registry)
        let names = archive.report.topics.indices.map { archive.name(ofTopic: $0) }
        let output = StandardOutput()
        var problemCount = 0
        let inputs = (files.isEmpty ? ["-"] : files).map(ArticleInput.init(argument:))
        if inputs.contains(.standardInput) { Console.announceReading("articles") }
        for source in inputs {
            let reader = try ArticleBlockReader(source, options: input.readingOptions(readsLabels: false))
            var block = ArticleBlock()
            while try reader.next(into: &block) {
                for problem in block.problems {
                    if input.strict { throw Failure("\(problem)", code: Failure.Code.badData) }
                    Console.warn("\(problem)")
                }
                problemCount += block.problems.count
                let rows = archive.featureExtractor.rows(of: block.batch, threadCount: threads.count)
                let shares = archive.model.shares(of: rows, threadCount: threads.count)
                var text = ""
                for position in 0..<block.count {
                    text += try line(block.identifier(of: position), Array(shares.row(position)), names) + "\n"
                }
                if !text.isEmpty { try output.print(text) }
            }
        }
        if problemCount > 0 {
            throw Failure("\(counted(problemCount, "bad record")) left out", code: Failure.Code.badData)
        }
    }

    private func line(_ id: String, _ shares: [Double], _ names: [String]) throws -> String {
        let given = shares.indices.filter { shares[$0] > 0 && shares[$0] >= minimumShare }
            .sorted { (shares[$0], $1) > (shares[$1], $0) }
        if json {
            let assigned = Assigned(
                id: id, topics: given.map { .init(topic: $0 + 1, name: names[$0], share: (shares[$0] * 1e6).rounded() / 1e6) })
            return try JSONText.encoded(assigned, isPretty: false)
        }
        let named = given.map { "\(names[$0]) \(shares[$0].fixed(3))" }
        return "\(id.withoutControlCharacters.replacing("\n", with: " ")): "
            + (named.isEmpty ? "none" : named.joined(separator: "  "))
    }
}
