import CPluginHandshake
import Glibc
import TextClassification

/// An open dynamic library; the one place that looks into one.
///
/// It is never closed: types of it may live as long as the program.
@safe struct PluginLibrary {
    private let path: String
    private let handle: UnsafeMutableRawPointer

    private typealias Number = @convention(c) () -> Int32
    private typealias Text = @convention(c) () -> UnsafePointer<CChar>?
    private typealias Registration = @convention(c) (UnsafeMutableRawPointer) -> Void

    /// A function of the core that a library must not have one of its own of: the metadata of `Registry`.
    private static let coreSymbol = "$s18TextClassification8RegistryVMa"

    /// Opens the library at a path, which is never looked for elsewhere.
    /// - Throws: `PluginError` for a file that is none, and for a library that does not fit this program.
    init(path: String) throws(PluginError) {
        func refused(_ reason: String) -> PluginError { PluginError(plugin: path, reason: reason) }
        self.path = path
        guard unsafe access(path, R_OK) == 0 else {
            throw refused("it cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        guard sectorkit_host_shares_runtime() != 0 else {
            throw refused(
                "this program has the Swift runtime built in, and can load no libraries: build it without --static-swift-stdlib")
        }
        // A name without a slash would be searched for in the system's folders.
        guard let handle = unsafe dlopen(path.contains("/") ? path : "./" + path, RTLD_NOW | RTLD_LOCAL) else {
            throw refused("it cannot be loaded: \(Self.lastError())")
        }
        unsafe self.handle = unsafe handle
        guard let abi = unsafe symbol("sectorkit_plugin_abi"), let toolchain = unsafe symbol("sectorkit_plugin_toolchain"),
            unsafe symbol("sectorkit_plugin_register") != nil
        else {
            throw refused(
                "it is no plugin of this kind, since it lacks the functions sectorkit_plugin_abi, sectorkit_plugin_toolchain and "
                    + "sectorkit_plugin_register: build it with scripts/build-plugin")
        }
        let version = unsafe unsafeBitCast(abi, to: Number.self)()
        guard version == sectorkit_host_abi() else {
            throw refused("it was built for version \(version) of the plugin interface; this program has \(sectorkit_host_abi())")
        }
        let (theirs, ours) = unsafe (Self.text(unsafeBitCast(toolchain, to: Text.self)()), Self.text(sectorkit_host_toolchain()))
        guard theirs == ours else {
            throw refused("it was built with \(theirs), this program with \(ours): build both with one toolchain")
        }
        guard unsafe symbol(Self.coreSymbol) == nil else {
            throw refused(
                "it brings a copy of TextClassification of its own, whose types are not those of this program: build it with scripts/build-plugin"
            )
        }
    }

    /// Lets the library register its components.
    func register() throws(PluginError) -> PluginReceiver {
        guard let function = unsafe symbol("sectorkit_plugin_register") else {
            throw PluginError(plugin: path, reason: "it has no function sectorkit_plugin_register")
        }
        var receiver = PluginReceiver()
        unsafe withUnsafeMutablePointer(to: &receiver) { receiver in
            unsafe unsafeBitCast(function, to: Registration.self)(receiver)
        }
        guard Greeting.isName(receiver.name) else {
            throw PluginError(
                plugin: path, reason: "its name, \"\(receiver.name)\", is not made of 1 to 64 letters, digits, -, _ and .")
        }
        return receiver
    }

    private func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(handle, name) }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer = unsafe pointer else { return "(nothing)" }
        return unsafe String(cString: pointer)
    }

    private static func lastError() -> String { unsafe text(dlerror()) }
}
