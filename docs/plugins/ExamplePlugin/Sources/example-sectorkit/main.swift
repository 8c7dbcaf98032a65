import ExamplePlugin
import Glibc
import SectorKitCommands
import StandardPlugins
import TextClassification

var registry = Registry.standard()
registry.add(ExamplePlugin.self)
exit(SectorKitCommand.run(registry: registry))
