#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Numbers that are all 0 at first and take no memory before they are touched, page by page: for tables with a place for every feature,
/// of which a short text touches a few.
///
/// For inner loops, which get its address; copies of the reference share the numbers.
@safe public final class ZeroedFloats {
    /// Where the `count` numbers lie, as long as this lives.
    @unsafe public let address: UnsafeMutablePointer<Float>
    public let count: Int

    /// - Precondition: the count is not negative.
    public init(count: Int) {
        precondition(count >= 0)
        guard let memory = unsafe calloc(max(1, count), MemoryLayout<Float>.stride) else {
            preconditionFailure("no memory for \(count) numbers")
        }
        unsafe address = memory.bindMemory(to: Float.self, capacity: max(1, count))
        self.count = count
    }

    deinit { unsafe free(address) }
}
