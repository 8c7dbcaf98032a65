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

    /// The sums of four interleaved streams of eight bytes each, over the stripes of 32 bytes so far.
    private var lanes = SIMD4<UInt64>(prime1 &+ prime2, prime2, 0, 0 &- prime1)
    /// The number of bytes in `lanes`, a multiple of 32.
    private var stripedCount = 0
    /// The bytes that follow them.
    private var pending: [UInt8] = []
    private static let pendingCapacity = 1 << 15

    /// The hash of no bytes, to append some.
    public init() {}

    /// Appends bytes: the hash is that of all appended ones together. O(count).
    public mutating func append(_ bytes: Span<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.extracting(first: Self.pendingCapacity)
            pending.append(addingCapacity: part.count) { pending in
                for position in part.indices { pending.append(part[position]) }
            }
            rest = rest.extracting(part.count...)
            if pending.count >= Self.pendingCapacity { takePending() }
        }
    }

    public mutating func append(_ byte: UInt8) {
        pending.append(byte)
        if pending.count >= Self.pendingCapacity { takePending() }
    }

    /// Appends bytes from where they lie.
    /// - Precondition: these, and all before them, are multiples of 32.
    mutating func append(stripes bytes: RawSpan) {
        precondition(pending.isEmpty && bytes.byteCount % 32 == 0)
        var lanes = lanes
        stripedCount += Self.addStripes(of: bytes, to: &lanes)
        self.lanes = lanes
    }

    private mutating func takePending() {
        var lanes = lanes
        let taken = Self.addStripes(of: unsafe pending.span.bytes, to: &lanes)
        self.lanes = lanes
        stripedCount += taken
        pending.removeSubrange(..<taken)
    }

    /// The hash of the bytes appended so far.
    public var value: UInt64 {
        var lanes = lanes
        let bytes = unsafe pending.span.bytes
        let taken = Self.addStripes(of: bytes, to: &lanes)
        return Self.finished(lanes, bytes.extracting(taken...), count: stripedCount + bytes.byteCount)
    }

    /// The hash of the bytes. O(count), several bytes a cycle.
    public static func hash(_ bytes: RawSpan) -> UInt64 {
        var lanes = XXH64().lanes
        let taken = addStripes(of: bytes, to: &lanes)
        return finished(lanes, bytes.extracting(taken...), count: bytes.byteCount)
    }

    /// The hash of the bytes and of so many zeros behind them. O(count).
    static func hash(_ bytes: RawSpan, zeroCount: Int) -> UInt64 {
        var lanes = XXH64().lanes
        let taken = addStripes(of: bytes, to: &lanes)
        var end = [UInt8](repeating: 0, count: bytes.byteCount - taken + zeroCount)
        for position in taken..<bytes.byteCount {
            end[position - taken] = unsafe bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
        }
        let rest = unsafe end.span.bytes
        let takenRest = addStripes(of: rest, to: &lanes)
        return finished(lanes, rest.extracting(takenRest...), count: bytes.byteCount + zeroCount)
    }

    public static func hash(_ bytes: [UInt8]) -> UInt64 { hash(unsafe bytes.span.bytes) }

    // The loops below never read past `byteCount`, so the unchecked loads stay inside the span.
    private static func word64(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// Adds all whole stripes of 32 bytes; returns how many bytes those are.
    private static func addStripes(of bytes: RawSpan, to lanes: inout SIMD4<UInt64>) -> Int {
        let count = bytes.byteCount
        var position = 0
        var (x, y, z, w) = (lanes.x, lanes.y, lanes.z, lanes.w)
        while position + 32 <= count {
            x = round(x, word64(bytes, position))
            y = round(y, word64(bytes, position + 8))
            z = round(z, word64(bytes, position + 16))
            w = round(w, word64(bytes, position + 24))
            position += 32
        }
        lanes = SIMD4(x, y, z, w)
        return position
    }

    /// The hash of `count` bytes, of which the last ones, fewer than 32, are given, and the others are in the lanes.
    private static func finished(_ lanes: SIMD4<UInt64>, _ bytes: RawSpan, count: Int) -> UInt64 {
        var hash: UInt64
        if count >= 32 {
            hash = rotated(lanes.x, 1) &+ rotated(lanes.y, 7) &+ rotated(lanes.z, 12) &+ rotated(lanes.w, 18)
            hash = merged(merged(merged(merged(hash, lanes.x), lanes.y), lanes.z), lanes.w)
        } else {
            hash = prime5
        }
        hash &+= UInt64(count)
        let end = bytes.byteCount
        var position = 0
        while position + 8 <= end {
            hash = rotated(hash ^ round(0, word64(bytes, position)), 27) &* prime1 &+ prime4
            position += 8
        }
        if position + 4 <= end {
            let word = unsafe UInt32(
                littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self))
            hash = rotated(hash ^ UInt64(word) &* prime1, 23) &* prime2 &+ prime3
            position += 4
        }
        while position < end {
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
}
