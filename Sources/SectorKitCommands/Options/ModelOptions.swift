import ArgumentParser
import FoundationEssentials
import TextClassification

/// Which model to use.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model file. (default: $SECTORKIT_MODEL, else models/sectors.sectorkit here, else one beside the program)",
            valueName: "file"),
        completion: .file(extensions: ["sectorkit"]))
    var model: String?

    @Flag(help: "Compare the checksums of the whole model, however large it is.")
    var verify = false

    /// The path of the model: the option, the variable, the current folder, the folder of the program.
    func path() throws(Failure) -> String {
        if let model { return model }
        if let variable = Variables["SECTORKIT_MODEL"], !variable.isEmpty { return variable }
        let name = "models/sectors.sectorkit"
        if Files.exists(name) { return name }
        if let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            for candidate in ["\(folder)/sectors.sectorkit", "\(folder)/\(name)"] where Files.exists(candidate) {
                return candidate
            }
        }
        throw Failure(
            "no model: name one with --model or SECTORKIT_MODEL, or train one into \(name)", code: Failure.Code.missingInput)
    }

    func file() throws -> ModelFile {
        let file = try ModelFile(path: try path())
        if verify { try file.verify() }
        return file
    }

    func load() throws -> PipelineModel {
        try PipelineModel(file(), registry: CommandEnvironment.current.registry)
    }

    /// The model, and what has to be required before anything that comes of it is shown.
    func loadUnchecked() throws -> (model: PipelineModel, check: ModelCheck?) {
        let file = try ModelFile(path: try path(), verifiesSections: false)
        let check = verify || file.byteCount <= ModelFile.verifiedAtOpenLimit ? ModelCheck(file) : nil
        do {
            return (try PipelineModel(file, registry: CommandEnvironment.current.registry), check)
        } catch {
            // That it is damaged explains why it cannot be understood.
            try check?.require()
            throw error
        }
    }
}

/// How many threads to use.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many threads to use; results do not depend on it. (default: all cores)", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024 ~= threads) { throw ValidationError("--threads wants a number from 1 to 1024") }
    }

    var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
