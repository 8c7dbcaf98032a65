import CKernels

/// 64-bit hashes of strings, from their bytes (see `CKernels`).
///
/// Hashes only ever lead to a place to look at; what is found there is compared.
enum TermHash {
    /// The hash of `bytes[start..<end]`.
    /// - Precondition: `Tokenizer.padding` bytes stand behind `end`.
    @inline(__always)
    static func hash(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 { Kernels.stringKey(bytes, start, end).hash }
}
