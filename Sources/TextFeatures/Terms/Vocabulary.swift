import CKernels
import LinearAlgebra
import TextClassification

/// The terms of a training corpus that became features, found again exactly.
///
/// Every term has a node: features come first, in their order, feature f having node f + 1; behind them come words and n-grams that are
/// no features but begin or end one that is. The tables lie in the model file as they are used: a hash table (`TermLines`) and one
/// key of 16 bytes a node. A key is a string of up to 16 bytes itself, or the nodes of the two parts of an n-gram of words, so that comparing
/// keys is comparing terms; only longer strings are compared byte by byte. No n-gram is looked up of which a part is unknown.
struct Vocabulary: Sendable {
    let lines: ModelArray<UInt32>
    /// The key of each node, that of node 0 being zeros.
    let keys: ModelArray<TermKey>
    let longOffsets: ModelArray<UInt32>
    let longBytes: ModelArray<UInt8>
    /// The number of features.
    let count: Int

    /// What fits 32-bit columns, two blocks together.
    static let maximumCount = 1 << 30
    /// The words of the longest n-gram that is spelled out: more than any has, so that a damaged file cannot make it endless.
    private static let maximumWordCount = 8

    /// A vocabulary of the given keys (that of node 0 first), of which the first `count` are features; `hashes` are theirs.
    /// - Precondition: the long strings take no more than 2³² bytes.
    init(keys: [TermKey], hashes: [UInt64], long: LongStrings, count: Int) {
        lines = ModelArray(TermLines.lines(of: hashes, termCount: keys.count))
        self.keys = ModelArray(keys)
        longOffsets = ModelArray(long.offsets.map { UInt32($0) })
        longBytes = ModelArray(long.bytes)
        self.count = count
    }

    /// The text of a term.
    func term(_ feature: Int) -> String {
        var bytes: [UInt8] = []
        spell(feature + 1, &bytes, wordCount: Self.maximumWordCount)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func spell(_ node: Int, _ bytes: inout [UInt8], wordCount: Int) {
        guard node > 0, node < keys.count, wordCount > 0 else { return bytes.append(UInt8(ascii: "?")) }
        let key = keys[node]
        if TermLines.isNgram(key) {
            // Two words at least, unless the file is damaged.
            guard wordCount > 1 else { return bytes.append(UInt8(ascii: "?")) }
            let parts = TermLines.parts(key)
            spell(Int(parts.prefix), &bytes, wordCount: wordCount - 1)
            bytes.append(UInt8(ascii: " "))
            spell(Int(parts.word), &bytes, wordCount: 1)
        } else if TermLines.isLong(key) {
            spellLong(TermLines.longNumber(key), &bytes)
        } else {
            for word in [key.low, key.high] {
                var rest = word
                while rest != 0 {
                    bytes.append(UInt8(truncatingIfNeeded: rest))
                    rest >>= 8
                }
            }
        }
    }

    private func spellLong(_ number: Int, _ bytes: inout [UInt8]) {
        if let text = longString(number) { bytes += text } else { bytes.append(UInt8(ascii: "?")) }
    }

    /// The long string of a number, unless the vocabulary is damaged.
    func longString(_ number: Int) -> [UInt8]? {
        guard number < longOffsets.count - 1 else { return nil }
        let first = Int(longOffsets[number])
        let last = Int(longOffsets[number + 1])
        guard first <= last, last <= longBytes.count else { return nil }
        return longBytes.withSpan { known in (first..<last).map { known[$0] } }
    }
}

extension Vocabulary: TermIndex {
    func find(
        _ block: inout TermBlock, count: Int, hashes: [UInt64], firstHash: Int, bytes: Span<UInt8>, edges: Span<UInt32>
    ) {
        lines.withSpan { lines in
            keys.withSpan { known in
                let unsureCount = Kernels.find(
                    lines: lines, known: known, keys: block.keys, hashes: hashes, firstHash: firstHash, count: count,
                    into: &block.nodes, unsure: &block.unsure)
                for position in 0..<unsureCount {
                    let term = Int(block.unsure[position])
                    let key = block.keys[term]
                    block.nodes[term] = TermLines.node(key, hash: hashes[firstHash + term], lines: lines, known: known) {
                        number in
                        let string = 2 * (firstHash + term)
                        return longOffsets.withSpan { offsets in
                            longBytes.withSpan { known in
                                LongStrings.isSame(
                                    number, bytes, Int(edges[string]), Int(edges[string + 1]), offsets: offsets, bytes: known)
                            }
                        }
                    }
                }
            }
        }
    }
}

extension Vocabulary {
    func write(to writer: inout ModelWriter) {
        writer.add("lines", lines)
        writer.add("keys", keys)
        writer.add("long-offsets", longOffsets)
        writer.add("long-bytes", longBytes)
    }

    /// The vocabulary of so many features that a file holds.
    init(reading reader: ModelReader, count: Int) throws(ModelFileError) {
        lines = try reader.array("lines", of: UInt32.self)
        keys = try reader.array("keys", of: TermKey.self)
        longOffsets = try reader.array("long-offsets", of: UInt32.self)
        longBytes = try reader.array("long-bytes", of: UInt8.self)
        self.count = count
        guard lines.count > 0, lines.count % TermLines.lineLength == 0,
            lines.count / TermLines.lineLength <= TermLines.maximumLineCount
        else {
            throw reader.malformed("lines", "has \(lines.count) numbers, not a multiple of \(TermLines.lineLength)")
        }
        guard keys.count > count, keys.count <= 2 * Self.maximumCount, keys[0].low == 0, keys[0].high == 0 else {
            throw reader.malformed("keys", "does not hold the keys of \(count) terms")
        }
    }
}
