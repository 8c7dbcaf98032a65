/// A package's components, to be added to a program that is built with them or that loads them as a library.
public protocol Plugin {
    /// The name by which model files and listings know it.
    static var name: String { get }
    /// The version that it gives itself.
    static var version: String? { get }
    /// Registers every component, and recipes if there are some.
    static func register(in registry: inout Registry)
}

extension Plugin {
    public static var version: String? { nil }
}

extension Registry {
    /// Adds the components of a plugin that is compiled in.
    public mutating func add(_ plugin: (some Plugin).Type) {
        plugin.register(in: &self)
    }
}

/// What a plugin library is handed, to put its components into.
public struct PluginReceiver {
    public private(set) var name = ""
    public private(set) var version: String?
    public private(set) var registry = Registry()

    public init() {}

    /// Registers a plugin with the receiver at an address: what the C function `sectorkit_plugin_register` of a library does.
    /// - Precondition: a `PluginReceiver` lies there.
    @unsafe public static func receive(_ plugin: (some Plugin).Type, at address: UnsafeMutableRawPointer) {
        let receiver = unsafe address.assumingMemoryBound(to: PluginReceiver.self)
        unsafe receiver.pointee.name = plugin.name
        unsafe receiver.pointee.version = plugin.version
        unsafe plugin.register(in: &receiver.pointee.registry)
    }
}
