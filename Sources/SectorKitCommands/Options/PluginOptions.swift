import ArgumentParser
import PluginLoading
import TextClassification

/// Components from outside of this program.
struct PluginOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Add a plugin: a program that speaks the plugin protocol (docs/plugin-protocol.md), or a dynamic library, whose name ends in \
            .so; may be repeated. It runs with your rights. A recipe that it brings is taken where none is named.
            """, valueName: "path"),
        completion: .file())
    var plugin: [String] = []

    @Option(
        help: ArgumentHelp(
            "How many seconds a plugin program may take for one answer, be it a whole training. (default: 600)",
            valueName: "seconds"))
    var pluginTimeout: Double?

    func validate() throws {
        if let pluginTimeout, !(0.1...1e6 ~= pluginTimeout) {
            throw ValidationError("--plugin-timeout wants a number of seconds from 0.1 to 1000000")
        }
    }

    /// A command line without the plugin programs that are not wanted, so that a child does not start them.
    static func removing(programsBut wanted: String?, from arguments: [String]) -> [String] {
        func isWanted(_ path: some StringProtocol) -> Bool { path.hasSuffix(".so") || wanted.map { $0 == path } ?? false }
        var kept: [String] = []
        var position = 0
        while position < arguments.count {
            let argument = arguments[position]
            position += 1
            if argument == "--plugin", position < arguments.count {
                if isWanted(arguments[position]) { kept += [argument, arguments[position]] }
                position += 1
            } else if !argument.hasPrefix("--plugin=") || isWanted(argument.dropFirst("--plugin=".count)) {
                kept.append(argument)
            }
        }
        return kept
    }

    /// How long plugin programs may take to end when this program is interrupted.
    static let graceTime = Duration.seconds(1)

    /// Adds the plugins to an environment; they start at once.
    func load(into environment: inout CommandEnvironment) throws {
        guard !plugin.isEmpty else { return }
        var limits = PluginLimits { Console.print($0) }
        if let programs = environment.programs { limits.running = programs }
        if let pluginTimeout {
            limits.answerTime = .seconds(pluginTimeout)
            limits.greetingTime = min(limits.greetingTime, limits.answerTime)
        }
        for path in plugin {
            let recipes = try environment.registry.loadPlugin(path, limits: limits)
            for plugin in environment.registry.plugins where environment.pluginPaths[plugin.name] == nil {
                environment.pluginPaths[plugin.name] = path
            }
            environment.pluginRecipe = environment.pluginRecipe ?? recipes.first
        }
    }
}

/// A command that makes use of components, and so of plugins: they are in the registry of its environment when it runs.
protocol PluginUser: ParsableCommand {
    var plugins: PluginOptions { get }
}
