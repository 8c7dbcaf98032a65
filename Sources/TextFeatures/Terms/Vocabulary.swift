import LinearAlgebra
import TextClassification

/// The terms of a training corpus that became features, found again by hash and compared by their bytes.
///
/// The table lies in the model file as it is used: lines of 64 bytes, eight tags (upper halves of hashes) and behind them eight
/// features + 1, so that a lookup touches one line of cache, then the bytes of the one term that may be equal. A term whose line
/// is full lies in the next line with room. No two terms of the same tag share a line: `seed` was chosen so.
struct Vocabulary: Sendable {
    /// Tags and features, line after line.
    let lines: ModelArray<UInt32>
    /// Where the bytes of each term begin; one more entry closes the last one.
    let offsets: ModelArray<UInt32>
    let bytes: ModelArray<UInt8>
    /// Mixed into every hash.
    let seed: UInt64
    private let lineMask: Int

    static let lineLength = 16

    /// The number of terms.
    var count: Int { offsets.count - 1 }

    /// A table of the given terms, in their order.
    init(terms: [(hash: UInt64, bytes: ArraySlice<UInt8>)]) {
        var text: [UInt8] = []
        var offsets: [UInt32] = [0]
        for term in terms {
            text += term.bytes
            offsets.append(UInt32(text.count))
        }
        self.offsets = ModelArray(offsets)
        bytes = ModelArray(text)
        var lineCount = 1
        while lineCount * 4 < terms.count { lineCount *= 2 }
        lineMask = lineCount - 1
        var seed: UInt64 = 0
        var table: [UInt32]?
        while table == nil {
            table = Self.table(terms.map(\.hash), seed: seed, lineCount: lineCount)
            if table == nil { seed += 1 }
        }
        self.seed = seed
        lines = ModelArray(table ?? [])
    }

    /// The lines, or `nil` when two terms of the same tag would share one.
    private static func table(_ hashes: [UInt64], seed: UInt64, lineCount: Int) -> [UInt32]? {
        var table = [UInt32](repeating: 0, count: lineCount * lineLength)
        for (term, hash) in hashes.enumerated() {
            let seeded = seededHash(hash, seed)
            let tag = tag(seeded)
            var line = Int(truncatingIfNeeded: seeded) & (lineCount - 1)
            search: while true {
                for slot in line * lineLength..<line * lineLength + 8 {
                    if table[slot] == tag { return nil }
                    if table[slot] == 0 {
                        table[slot] = tag
                        table[slot + 8] = UInt32(term + 1)
                        break search
                    }
                }
                line = (line + 1) & (lineCount - 1)
            }
        }
        return table
    }

    @inline(__always)
    private static func seededHash(_ hash: UInt64, _ seed: UInt64) -> UInt64 {
        seed == 0 ? hash : TermHash.mixed(hash ^ seed, 0x9E37_79B9_7F4A_7C15)
    }

    @inline(__always)
    private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) | 1 }

    /// The feature of the term `text[start..<end]`, or -1; `lines`, `offsets` and `bytes` are the vocabulary's own, borrowed once
    /// around a loop of look-ups.
    @inline(__always)
    func feature(
        _ hash: UInt64, _ text: Span<UInt8>, _ start: Int, _ end: Int, lines: Span<UInt32>, offsets: Span<UInt32>,
        bytes: Span<UInt8>
    ) -> Int {
        let seeded = Self.seededHash(hash, seed)
        let tag = Self.tag(seeded)
        var line = Int(truncatingIfNeeded: seeded) & lineMask
        // A damaged table may have no empty slot: a look-up never takes more steps than there are lines.
        for _ in 0...lineMask {
            let base = line * Self.lineLength
            var isFull = true
            for slot in base..<base + 8 {
                let found = lines[slot]
                if found == tag {
                    let feature = Int(lines[slot + 8]) - 1
                    return Self.isEqual(feature, text, start, end, offsets: offsets, bytes: bytes) ? feature : -1
                }
                if found == 0 {
                    isFull = false
                    break
                }
            }
            if !isFull { return -1 }
            line = (line + 1) & lineMask
        }
        return -1
    }

    @inline(__always)
    private static func isEqual(
        _ feature: Int, _ text: Span<UInt8>, _ start: Int, _ end: Int, offsets: Span<UInt32>, bytes: Span<UInt8>
    ) -> Bool {
        guard feature >= 0, feature + 1 < offsets.count else { return false }
        let first = Int(offsets[feature])
        let last = Int(offsets[feature + 1])
        guard last - first == end - start, last <= bytes.count else { return false }
        for position in 0..<end - start where bytes[first + position] != text[start + position] { return false }
        return true
    }

    /// The text of a term.
    func term(_ feature: Int) -> String {
        let first = Int(offsets[feature])
        let last = Int(offsets[feature + 1])
        guard first <= last, last <= bytes.count else { return "?" }
        return bytes.withSpan { span in String(decoding: (first..<last).map { span[$0] }, as: UTF8.self) }
    }
}

extension Vocabulary {
    func write(to writer: inout ModelWriter) {
        writer.add("lines", lines)
        writer.add("offsets", offsets)
        writer.add("bytes", bytes)
        writer.add("seed", [seed])
    }

    init(reading reader: ModelReader) throws(ModelFileError) {
        lines = try reader.array("lines", of: UInt32.self)
        offsets = try reader.array("offsets", of: UInt32.self)
        bytes = try reader.array("bytes", of: UInt8.self)
        seed = try reader.array("seed", of: UInt64.self, count: 1)[0]
        let lineCount = lines.count / Self.lineLength
        guard lineCount > 0, lineCount & (lineCount - 1) == 0, lineCount * Self.lineLength == lines.count else {
            throw reader.malformed("lines", "has \(lines.count) numbers, not \(Self.lineLength) times a power of two")
        }
        guard offsets.count > 0 else { throw reader.malformed("offsets", "is empty") }
        lineMask = lineCount - 1
    }
}
