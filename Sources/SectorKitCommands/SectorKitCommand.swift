import ArgumentParser
import TextClassification

/// What the commands need from the program that runs them.
public struct CommandEnvironment: Sendable {
    /// The components that can be used.
    public var registry: Registry

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
              sectorkit evaluate --data test.jsonl
              sectorkit crossvalidate --seeds seeds --json

            A model is looked for at --model, else at $SECTORKIT_MODEL, else at models/sectors.sectorkit under the current folder, \
            else beside the program.

            EXIT CODES
              0 done; 1 failed; 64 wrong usage; 65 bad data; 66 no such input; 73 or 74 cannot write; 130 interrupted
            """,
        version: SectorKitVersion.current,
        subcommands: [
            TrainCommand.self, PredictCommand.self, EvaluateCommand.self, CrossValidateCommand.self, ExplainCommand.self,
            InspectCommand.self, ComponentsCommand.self,
        ])

    public init() {}

    /// Runs the command line with the given components and returns the exit code.
    ///
    /// A program with plugins of its own is this call with a registry that holds them.
    public static func run(_ arguments: [String]? = nil, registry: Registry) -> Int32 {
        Interrupts.ignoreBrokenPipes()
        return CommandEnvironment.$current.withValue(CommandEnvironment(registry: registry)) {
            var command: any ParsableCommand
            do {
                command = try parseAsRoot(arguments)
            } catch {
                return report(parsing: error)
            }
            do {
                try command.run()
                return 0
            } catch {
                return report(running: error)
            }
        }
    }

    /// Help and versions go to standard output, errors to standard error.
    private static func report(parsing error: any Error) -> Int32 {
        let code = exitCode(for: error).rawValue
        let text = fullMessage(for: error)
        if code == 0 {
            try? StandardOutput().write(Array((text + "\n").utf8))
        } else {
            Console.print(text)
        }
        return code
    }

    private static func report(running error: any Error) -> Int32 {
        if error is CleanExit || error is ValidationError { return report(parsing: error) }
        let failure = Failure(error)
        if let message = failure.message { Console.print("error: \(message)") }
        return failure.code
    }
}
