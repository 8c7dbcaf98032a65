import ArgumentParser
import FoundationEssentials
import TextClassification

/// Which model to use.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model file.", valueName: "file"))
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
}

/// Threads and seed.
struct RunOptions: ParsableArguments {
    @Option(help: "How many threads to use; results do not depend on it. (default: all cores)")
    var threads: Int?

    @Option(help: "The seed of everything random.")
    var seed: UInt64 = 0

    func validate() throws {
        if let threads, !(1...1024 ~= threads) { throw ValidationError("--threads wants a number from 1 to 1024") }
    }

    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}

/// Overrides of the model's decision rule.
struct DecisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Give a label from this probability on instead of the model's threshold: 0.5 for all, or trade=0.4 for one; may be repeated.",
            valueName: "p"))
    var threshold: [String] = []

    @Option(help: ArgumentHelp("Give each article its k most probable labels.", valueName: "k"))
    var top: Int?

    func validate() throws {
        if let top, top < 1 { throw ValidationError("--top wants a whole number of at least 1") }
        if top != nil, !threshold.isEmpty { throw ValidationError("--top and --threshold exclude each other") }
    }

    /// The rule to use instead of the model's, or `nil`.
    func override(for model: PipelineModel) throws -> DecisionOverride? {
        if let top { return .top(min(top, model.labels.count)) }
        guard !threshold.isEmpty else { return nil }
        var thresholds = model.decisionRule.thresholds ?? [Double](repeating: 0.5, count: model.labels.count)
        for setting in threshold {
            let parts = setting.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard let value = Double(parts.last ?? ""), 0...1 ~= value, parts.count <= 2 else {
                throw ValidationError("--threshold \(setting): wanted a probability from 0 to 1, or label=probability")
            }
            if parts.count == 1 {
                thresholds = thresholds.map { _ in value }
            } else if let label = model.labels.position(of: parts[0]) {
                thresholds[label] = value
            } else {
                throw ValidationError("--threshold \(setting): the model's labels are \(model.labels.joined(separator: ", "))")
            }
        }
        return .thresholds(thresholds)
    }
}

/// A decision rule given on the command line.
enum DecisionOverride: Sendable {
    case thresholds([Double])
    case top(Int)

    func apply(to predictions: inout Predictions) {
        let labelCount = predictions.labelCount
        for article in 0..<predictions.count {
            let first = article * labelCount
            switch self {
            case .thresholds(let thresholds):
                for label in 0..<labelCount {
                    predictions.decisions[first + label] = predictions.probabilities[first + label] >= thresholds[label]
                }
            case .top(let count):
                for label in 0..<labelCount {
                    let own = predictions.probabilities[first + label]
                    let better = (0..<labelCount).count {
                        let other = predictions.probabilities[first + $0]
                        return other > own || (other == own && $0 < label)
                    }
                    predictions.decisions[first + label] = better < count
                }
            }
        }
    }
}
