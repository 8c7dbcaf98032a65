/// The 64-bit xxHash of bytes (Collet 2012, <https://github.com/Cyan4973/xxHash>), seed 0: the checksum of model files and the
/// digest of training data. Not a cryptographic hash.
public struct XXH64: Sendable {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value << count | value >> (64 - count)
    }

    private static func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 {
        rotated(accumulator &+ lane &* prime2, 31) &* prime1
    }

    private static func merged(_ hash: UInt64, _ accumulator: UInt64) -> UInt64 {
        (hash ^ round(0, accumulator)) &* prime1 &+ prime4
    }

    /// The hash of the bytes. O(count), several bytes a cycle.
    public static func hash(_ bytes: RawSpan) -> UInt64 {
        let count = bytes.byteCount
        var position = 0
        var hash: UInt64
        // The loops below never read past `count`, so the unchecked loads stay inside the span.
        func word64(_ offset: Int) -> UInt64 {
            unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
        }
        if count >= 32 {
            var lanes = SIMD4<UInt64>(prime1 &+ prime2, prime2, 0, 0 &- prime1)
            while position + 32 <= count {
                lanes.x = round(lanes.x, word64(position))
                lanes.y = round(lanes.y, word64(position + 8))
                lanes.z = round(lanes.z, word64(position + 16))
                lanes.w = round(lanes.w, word64(position + 24))
                position += 32
            }
            hash = rotated(lanes.x, 1) &+ rotated(lanes.y, 7) &+ rotated(lanes.z, 12) &+ rotated(lanes.w, 18)
            hash = merged(merged(merged(merged(hash, lanes.x), lanes.y), lanes.z), lanes.w)
        } else {
            hash = prime5
        }
        hash &+= UInt64(count)
        while position + 8 <= count {
            hash = rotated(hash ^ round(0, word64(position)), 27) &* prime1 &+ prime4
            position += 8
        }
        if position + 4 <= count {
            let word = unsafe UInt32(
                littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self))
            hash = rotated(hash ^ UInt64(word) &* prime1, 23) &* prime2 &+ prime3
            position += 4
        }
        while position < count {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            hash = rotated(hash ^ UInt64(byte) &* prime5, 11) &* prime1
            position += 1
        }
        hash ^= hash >> 33
        hash = hash &* prime2
        hash ^= hash >> 29
        hash = hash &* prime3
        return hash ^ hash >> 32
    }

    public static func hash(_ bytes: [UInt8]) -> UInt64 { hash(unsafe bytes.span.bytes) }
}
