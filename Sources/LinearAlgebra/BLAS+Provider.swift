import CDenseRoutines

/// Which library stands behind BLAS, and its threads.
///
/// OpenBLAS would start a thread a core for every product, beside those of this toolkit, and divide its sums by their number. It is
/// held to one thread before its first use here, unless asked otherwise. The functions are looked up while running: the
/// reference library has none of them.
extension BLAS {
    /// The library in use, for reports of measurements: OpenBLAS with its version and kernels, or "reference or unknown".
    public static var providerDescription: String {
        typealias GetConfiguration = @convention(c) () -> UnsafePointer<CChar>?
        guard let symbol = unsafe sk_blas_function("openblas_get_config") else { return "reference or unknown" }
        let function = unsafe unsafeBitCast(symbol, to: GetConfiguration.self)
        guard let text = unsafe function() else { return "OpenBLAS" }
        return unsafe String(cString: text)
    }

    /// Sets the number of threads inside BLAS, for dense products of real size; without effect on a library that has no threads.
    ///
    /// Results may then depend on the number of threads, and on the library they do already.
    public static func setThreadCount(_ count: Int) {
        precondition(count > 0, "a thread count of \(count)")
        _ = oneThread
        setProviderThreadCount(count)
    }

    /// Holds the library to one thread, once.
    static let oneThread: Void = setProviderThreadCount(1)

    private static func setProviderThreadCount(_ count: Int) {
        typealias SetThreadCount = @convention(c) (Int32) -> Void
        guard let symbol = unsafe sk_blas_function("openblas_set_num_threads") else { return }
        unsafe unsafeBitCast(symbol, to: SetThreadCount.self)(Int32(clamping: count))
    }
}
