import ArgumentParser
import StandardPlugins
import TextClassification

/// Times single stages of SectorKit on data in memory, and prints one JSON object.
@main
struct SectorKitBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sectorkit-benchmark",
        abstract: "Time single stages of SectorKit on data in memory.",
        subcommands: [Vectorise.self, TrainLogistic.self, LoadModel.self, PredictInMemory.self, FitTopics.self, StudyTopics.self])

    static let registry = Registry.standard()
}

/// The time a closure takes, in seconds, and what it returns.
func timed<Result>(_ work: () throws -> Result) rethrows -> (seconds: Double, result: Result) {
    let clock = ContinuousClock()
    let start = clock.now
    let result = try work()
    return ((clock.now - start) / .seconds(1), result)
}

/// Prints an object of the given members, whose values are JSON already, in their order.
func printJSON(_ members: KeyValuePairs<String, any CustomStringConvertible>) {
    print("{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}")
}

/// The hyper-parameters given as name=value.
func hyperparameters(_ settings: [String]) throws -> [String: HyperparameterValue] {
    var values: [String: HyperparameterValue] = [:]
    for setting in settings {
        let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("--set wants name=value, got \(setting)") }
        values[parts[0]] =
            Int(parts[1]).map { .integer($0) } ?? Double(parts[1]).map { .number($0) } ?? Bool(parts[1]).map { .boolean($0) }
            ?? .text(parts[1])
    }
    return values
}
