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

let code = SectorKitCommand.run(registry: .standard())
// Everything is written; what libraries clean up behind a program takes longer than an answer may.
fflush(nil)
_exit(code)
