import LinearAlgebra
import TextClassification

/// The terms of a training corpus that became features, found again by hash and compared by their bytes.
///
/// The table lies in the model file as it is used: lines of 64 bytes, eight tags (upper halves of hashes) and behind them eight
/// features + 1, so that a lookup touches one line of cache, then the bytes of the term that may be equal. A term whose line is
/// full lies in the next line with room.
struct Vocabulary: Sendable {
    /// Tags and features, line after line.
    let lines: ModelArray<UInt32>
    /// Where the bytes of each term begin; one more entry closes the last one.
    let offsets: ModelArray<UInt32>
    let bytes: ModelArray<UInt8>
    private let lineMask: Int

    static let lineLength = 16
    /// What fits 32-bit columns, two blocks together.
    static let maximumCount = 1 << 30

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
        lines = ModelArray(Self.table(terms.lazy.map(\.hash), lineCount: lineCount))
    }

    private static func table(_ hashes: some Sequence<UInt64>, lineCount: Int) -> [UInt32] {
        var table = [UInt32](repeating: 0, count: lineCount * lineLength)
        for (term, hash) in hashes.enumerated() {
            var line = Int(truncatingIfNeeded: hash) & (lineCount - 1)
            search: while true {
                for slot in line * lineLength..<line * lineLength + 8 where table[slot] == 0 {
                    table[slot] = tag(hash)
                    table[slot + 8] = UInt32(term + 1)
                    break search
                }
                line = (line + 1) & (lineCount - 1)
            }
        }
        return table
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
        let tag = Self.tag(hash)
        var line = Int(truncatingIfNeeded: hash) & lineMask
        // A damaged table may have no empty slot: a look-up never takes more steps than there are lines.
        for _ in 0...lineMask {
            let base = line * Self.lineLength
            var isFull = true
            for slot in base..<base + 8 {
                let found = lines[slot]
                if found == tag {
                    let feature = Int(lines[slot + 8]) - 1
                    if Self.isEqual(feature, text, start, end, offsets: offsets, bytes: bytes) { return feature }
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
    }

    init(reading reader: ModelReader) throws(ModelFileError) {
        lines = try reader.array("lines", of: UInt32.self)
        offsets = try reader.array("offsets", of: UInt32.self)
        bytes = try reader.array("bytes", of: UInt8.self)
        let lineCount = lines.count / Self.lineLength
        guard lineCount > 0, lineCount & (lineCount - 1) == 0, lineCount * Self.lineLength == lines.count else {
            throw reader.malformed("lines", "has \(lines.count) numbers, not \(Self.lineLength) times a power of two")
        }
        guard offsets.count > 0 else { throw reader.malformed("offsets", "is empty") }
        guard offsets.count <= Self.maximumCount + 1 else {
            throw reader.malformed("offsets", "claims \(offsets.count - 1) terms")
        }
        lineMask = lineCount - 1
    }
}
