/// 64-bit hashes of terms, computed from eight bytes at a time (a multiply-and-fold hash in the manner of wyhash).
///
/// Hashes only ever lead to a place to look at; the bytes found there are compared.
enum TermHash {
    private static let factor1: UInt64 = 0xA076_1D64_78BD_642F
    private static let factor2: UInt64 = 0xE703_7ED1_A0B4_28DB

    @inline(__always)
    static func mixed(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.high ^ product.low
    }

    /// The hash of `bytes[start..<end]`.
    /// - Precondition: at least 8 bytes stand behind `end` (`Tokenizer.padding`).
    @inline(__always)
    static func hash(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
        var position = start
        var hash = UInt64(truncatingIfNeeded: end - start) &* factor2
        while end - position >= 8 {
            hash = mixed(hash ^ word(bytes, position), factor1)
            position += 8
        }
        let rest = end - position
        if rest > 0 {
            hash = mixed(hash ^ word(bytes, position) & (UInt64.max >> UInt64(64 - 8 * rest)), factor2)
        }
        return mixed(hash, factor1)
    }

    /// The hash of an n-gram one word longer.
    @inline(__always)
    static func extended(_ hash: UInt64, by word: UInt64) -> UInt64 {
        mixed(hash &+ 0x9E37_79B9_7F4A_7C15, word ^ factor1)
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ position: Int) -> UInt64 {
        precondition(position >= 0 && position + 8 <= bytes.count)
        return unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self).littleEndian
    }
}
