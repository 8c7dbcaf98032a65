import CKernels

/// 64-bit hashes of terms (see `CKernels`): of strings from their bytes, of n-grams of words from the hashes of the words.
///
/// Hashes only ever lead to a place to look at; what is found there is compared.
enum TermHash {
    /// The hash of `bytes[start..<end]`.
    /// - Precondition: `Tokenizer.padding` bytes stand behind `end`.
    @inline(__always)
    static func hash(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 { Kernels.stringKey(bytes, start, end).hash }

    /// The hash of an n-gram one word longer.
    @inline(__always)
    static func extended(_ hash: UInt64, by word: UInt64) -> UInt64 { sk_ngram_hash(hash, word) }
}
