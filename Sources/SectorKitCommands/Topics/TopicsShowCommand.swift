import ArgumentParser
import HTMLReports
import TextClassification
import TopicModels

struct TopicsShowCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show fitted topics.",
        usage: "sectorkit topics show <topics> [<options>]",
        discussion: """
            Each topic with its share of the archive, its coherence, its most relevant terms and its most typical articles.

            EXAMPLES
              sectorkit topics show a.topics
              sectorkit topics show a.topics --terms 15 --relevance 0.3
              sectorkit topics show a.topics --html a.html
              sectorkit topics show a.topics --reference other.jsonl
            """)

    @Argument(help: "The file that topics fit wrote.", completion: .file())
    var topics: String

    @Option(help: ArgumentHelp("How many terms a topic.", valueName: "n"))
    var terms = 8

    @Option(
        help: ArgumentHelp(
            "What counts for a term: 1 its probability in the topic, 0 that it is in no other.", valueName: "lambda"))
    var relevance = 0.6

    @Option(help: ArgumentHelp("How many typical articles a topic.", valueName: "n"))
    var articles = 3

    @Option(help: ArgumentHelp("Where to write a page to look at.", valueName: "file"), completion: .file(extensions: ["html"]))
    var html: String?

    @Option(
        help: ArgumentHelp("Measure coherence in these articles and not in those of the fit.", valueName: "file|folder"),
        completion: .file())
    var reference: String?

    @OptionGroup(title: "INPUT OF --REFERENCE") var input: InputOptions
    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions
    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Print the topics as JSON.")
    var json = false

    func validate() throws {
        if !(0...1 ~= relevance) { throw ValidationError("--relevance wants a number from 0 to 1") }
        if terms < 1 || articles < 0 { throw ValidationError("--terms and --articles want whole numbers") }
    }

    func run() throws {
        if let html { try PageProgram.check(html) }
        let archive = try TopicArchive(path: topics, registry: CommandEnvironment.current.registry)
        var report = archive.report
        if let reference {
            report = report.measured(
                in: try TopicInput.reference(reference, input, archive.featureExtractor, threads: threads.count),
                of: archive.model)
        }
        if let html { try PageProgram.write(TopicPage(report).content, to: html) }
        let text = TopicText(report)
        try StandardOutput().print(
            json ? JSONText.encoded(report) : text.topics(termCount: terms, lambda: relevance, articleCount: articles))
    }
}
