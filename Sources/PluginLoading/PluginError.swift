/// What a plugin did wrong, or why it cannot be loaded: one sentence that names the plugin.
public struct PluginError: Error, Equatable, CustomStringConvertible {
    /// The path of the plugin as it was given.
    public let plugin: String
    public let reason: String

    public init(plugin: String, reason: String) {
        self.plugin = plugin
        self.reason = reason
    }

    public var description: String { "plugin \(plugin): \(reason)" }
}
