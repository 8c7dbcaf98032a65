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

    /// Adds the plugins to an environment; they start at once.
    func load(into environment: inout CommandEnvironment) throws {
        guard !plugin.isEmpty else { return }
        var limits = PluginLimits { Console.print($0) }
        if let pluginTimeout {
            limits.answerTime = .seconds(pluginTimeout)
            limits.greetingTime = min(limits.greetingTime, limits.answerTime)
        }
        for path in plugin {
            let recipes = try environment.registry.loadPlugin(path, limits: limits)
            environment.pluginRecipe = environment.pluginRecipe ?? recipes.first
        }
    }
}

/// A command that makes use of components, and so of plugins: they are in the registry of its environment when it runs.
protocol PluginUser: ParsableCommand {
    var plugins: PluginOptions { get }
}
