#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
