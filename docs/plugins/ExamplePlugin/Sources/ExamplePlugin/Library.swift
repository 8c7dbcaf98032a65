import TextClassification

// What a library plugin needs beside its components; scripts/build-plugin compiles it, the package leaves it out.
@_cdecl("sectorkit_plugin_register")
public func register(_ receiver: UnsafeMutableRawPointer) {
    unsafe PluginReceiver.receive(ExamplePlugin.self, at: receiver)
}
