import ArgumentParser
import TextClassification

struct InspectCommand: PluginUser {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print what is in a model: labels, thresholds, recipe, training, sections.",
        usage: "sectorkit inspect [<file>] [<options>]",
        discussion: """
            EXAMPLES
              sectorkit inspect models/sectors.sectorkit
              sectorkit inspect --verify --json big.sectorkit
            """)

    @Argument(help: "The model file, instead of --model.", completion: .file(extensions: ["sectorkit"]))
    var file: String?

    @OptionGroup(title: "MODEL") var model: ModelOptions

    @OptionGroup(title: "PLUGINS") var plugins: PluginOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        if file != nil, model.model != nil { throw ValidationError("name the model once: as an argument or with --model") }
    }

    func run() throws {
        var options = model
        if let file { options.model = file }
        let opened = try options.file()
        let pipeline = try PipelineModel(opened, registry: CommandEnvironment.current.registry)
        var summary = ModelSummary(pipeline, path: opened.path, byteCount: opened.byteCount)
        summary.sections = opened.sections.map { .init(name: $0.name, bytes: $0.length) }
        summary.isVerified = model.verify || opened.byteCount <= ModelFile.verifiedAtOpenLimit
        try StandardOutput().print(json ? JSONText.encoded(summary) : summary.inspectionText)
    }
}
