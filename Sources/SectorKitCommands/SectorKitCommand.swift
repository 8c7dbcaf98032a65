import ArgumentParser
import PluginLoading
import TextClassification

/// What the commands need from the program that runs them.
public struct CommandEnvironment: Sendable {
    /// The components that can be used.
    public var registry: Registry
    /// The recipe that is taken where none is named, if a plugin brings one.
    var pluginRecipe: String?
    /// Where a plugin is, by its name.
    var pluginPaths: [String: String] = [:]
    /// The plugin programs that run, where there are plugins.
    var programs: RunningPrograms?
    /// What the command line is, without the program's name: children of a command are started with it.
    var arguments: [String] = []

    public init(registry: Registry) {
        self.registry = registry
    }

    /// The environment of the running command; set once, around the run.
    @TaskLocal static var current = CommandEnvironment(registry: Registry())
}

/// The root of the command tree.
public struct SectorKitCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "sectorkit",
        abstract: "Train text classifiers from a few labelled articles, and tag articles with them.",
        discussion: """
            EXAMPLES
              sectorkit train --seeds seeds --output my.sectorkit
              cat article.txt | sectorkit predict --model my.sectorkit
              sectorkit predict --format jsonl < stream.jsonl > tagged.jsonl
              sectorkit explain article.txt
              sectorkit evaluate --data test.jsonl
              sectorkit crossvalidate --seeds seeds --json
              sectorkit audit mine.jsonl
              sectorkit benchmark --data seeds --recipes words sectors

            A model is looked for at --model, else at $SECTORKIT_MODEL, else at models/sectors.sectorkit under the current folder, \
            else beside the program.

            EXIT CODES
              0    done
              1    failed
              64   wrong usage
              65   bad data; what could be read was worked on
              66   no such input, or it cannot be read
              73   cannot write a file
              74   cannot write to standard output
              130  interrupted
            """,
        version: SectorKitVersion.current,
        subcommands: [
            TrainCommand.self, UpdateCommand.self, PredictCommand.self, EvaluateCommand.self, CrossValidateCommand.self,
            TuneCommand.self,
            AuditCommand.self, BenchmarkCommand.self,
            ExplainCommand.self, InspectCommand.self, LabelCommand.self, TopicsCommand.self, VectorsCommand.self,
            CompressCommand.self, ComponentsCommand.self,
        ])

    public init() {}

    /// Runs the command line with the given components and returns the exit code.
    ///
    /// A program with plugins of its own is this call with a registry that holds them.
    public static func run(_ arguments: [String]? = nil, registry: Registry) -> Int32 {
        StandardStreams.occupyClosed()
        Interrupts.prepare()
        let arguments = arguments ?? Array(CommandLine.arguments.dropFirst())
        var environment = CommandEnvironment(registry: registry)
        environment.arguments = arguments
        return CommandEnvironment.$current.withValue(environment) {
            do {
                var command = try parsed(alone: arguments) ?? parsed(inTree: arguments)
                // The cast looks its protocol up among all that there are.
                guard arguments.contains(where: { $0.hasPrefix("--plugin") }), let user = command as? any PluginUser,
                    !user.plugins.plugin.isEmpty
                else {
                    try command.run()
                    return 0
                }
                var environment = CommandEnvironment.current
                let programs = RunningPrograms()
                environment.programs = programs
                try Interrupts.handled(lastDeed: { programs.end(within: PluginOptions.graceTime) }) {
                    try user.plugins.load(into: &environment)
                    try CommandEnvironment.$current.withValue(environment) { try command.run() }
                }
                return 0
            } catch {
                return report(error)
            }
        }
    }

    /// The command that the first argument names, if all the others are for it: less work than a tree of all commands.
    ///
    /// `nil` for the rest, such as mistakes and help, which the tree's root tells of.
    private static func parsed(alone arguments: [String]) -> (any ParsableCommand)? {
        guard let name = arguments.first,
            let command = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
            command.configuration.subcommands.isEmpty
        else { return nil }
        let parsed = try? command.parseAsRoot(Array(arguments.dropFirst()))
        // It may be the command that prints help.
        return parsed.flatMap { type(of: $0) == command ? $0 : nil }
    }

    /// Says which commands there are where the parser only says that it did not expect this one.
    private static func parsed(inTree arguments: [String]) throws -> any ParsableCommand {
        let known = configuration.subcommands.compactMap { $0.configuration.commandName }
        if let name = arguments.first, !name.isEmpty, !name.hasPrefix("-"), name != "help", !known.contains(name) {
            throw Failure(
                "no command is called \"\(name)\"; there are \(known.joined(separator: ", "))", code: Failure.Code.usage)
        }
        return try parseAsRoot(arguments)
    }

    /// Tells what happened and returns the exit code. Help and versions are no errors: they go to standard output.
    private static func report(_ error: any Error) -> Int32 {
        Console.clearProgress()
        if let failure = Failure(known: error) {
            if let message = failure.message { Console.print("error: \(message)") }
            return failure.code
        }
        let code = exitCode(for: error).rawValue
        let text = fullMessage(for: error)
        if code == 0 {
            do throws(OutputError) {
                try StandardOutput().print(text)
            } catch {
                return report(error)
            }
        } else {
            let label = "Error: "
            Console.print(text.hasPrefix(label) ? "error: " + text.dropFirst(label.count) : text)
        }
        return code
    }
}
