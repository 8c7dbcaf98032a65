import ArgumentParser
import TextClassification

struct LoadModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load-model",
        abstract: "Open a model until it can predict: the first time in this process, and the median of more.",
        discussion: "As predict opens it: the checksums of its sections are compared later, before the first answer.")

    @Argument(help: "A model file.") var model: String
    @Option(name: .customLong("repeat"), help: "How many times after the first.") var count = 100

    func run() throws {
        func open() throws -> Double {
            let registry = SectorKitBenchmark.registry
            let (seconds, check) = try timed {
                let file = try ModelFile(path: model, verifiesSections: false)
                let check = ModelCheck(file)
                _ = try PipelineModel(file, registry: registry).makePrediction()
                return check
            }
            try check.require()
            return seconds
        }
        let first = try open()
        let later = try (0..<max(1, count)).map { _ in try open() }.sorted()
        printJSON(["seconds": first, "medianSeconds": later[later.count / 2]])
    }
}
