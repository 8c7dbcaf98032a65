import SectorKitCommands
import StandardPlugins
import TextClassification

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

exit(SectorKitCommand.run(registry: .standard()))
