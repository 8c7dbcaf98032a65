import CKernels
import LinearAlgebra
import TextClassification

/// The terms of a training corpus that became features, found again exactly.
///
/// Every term has a node: features come first, in their order, feature f having node f + 1; behind them come words and n-grams that are
/// no features but begin or end one that is. The tables lie in the model file as they are used: one of the strings (`TermLines`), with a key
/// of 16 bytes for each, and one of the n-grams of words (`NgramTable`), by the nodes of their parts. A key is a string of up to 16 bytes
/// itself, so that comparing keys is comparing strings; only longer ones are compared byte by byte. No n-gram is looked up of which a part
/// is unknown.
struct Vocabulary: Sendable {
    /// The strings have numbers from 1 on: their table, the key of each, and its node, unless all have their numbers as nodes.
    let lines: ModelArray<UInt32>
    let keys: ModelArray<TermKey>
    private let stringNodes: ModelArray<UInt32>
    let longOffsets: ModelArray<UInt32>
    let longBytes: ModelArray<UInt8>
    let ngrams: NgramTable
    private let nodeParts: OnDemand<ModelArray<UInt64>>
    /// The number of nodes, that of 0 included.
    let nodeCount: Int
    /// The number of features.
    let count: Int

    /// What fits 32-bit columns, two blocks together, and a table of n-grams.
    static let maximumCount = NgramTable.maximumNodeCount - 1
    /// The words of the longest n-gram that is spelled out: more than any has, so that a damaged file cannot make it endless.
    private static let maximumWordCount = 8

    /// A vocabulary of which the first `count` nodes behind node 0 are features.
    ///
    /// - Parameters:
    ///   - parts: of each node that is an n-gram of words the nodes of its first words (low half) and of its last one; of others the number of
    ///     the string (high half). That of node 0 is 0.
    ///   - keys: those of the strings, that of number 0 being zeros; `hashes` are theirs.
    /// - Precondition: the long strings take no more than 2³² bytes, and the nodes are no more than `maximumCount` beside node 0.
    init(parts: [UInt64], keys: [TermKey], hashes: [UInt64], long: LongStrings, count: Int) {
        lines = ModelArray(TermLines.lines(of: hashes, termCount: keys.count))
        self.keys = ModelArray(keys)
        let stringNodes = Self.stringNodes(parts, count: keys.count)
        self.stringNodes = ModelArray(stringNodes)
        longOffsets = ModelArray(long.offsets.map { UInt32($0) })
        longBytes = ModelArray(long.bytes)
        nodeCount = parts.count
        self.count = count
        let isPlain = Self.isPlain(keys.count, nodeCount: parts.count, stringNodes: self.stringNodes)
        nodeParts = OnDemand(ModelArray(isPlain ? [] : parts))
        ngrams = NgramTable(parts: isPlain ? [0] : parts)
    }

    /// Whether all nodes are the strings of their numbers.
    private static func isPlain(_ stringCount: Int, nodeCount: Int, stringNodes: ModelArray<UInt32>) -> Bool {
        stringNodes.count == 0 && stringCount == nodeCount
    }

    /// The nodes of so many strings, or nothing where these are their numbers.
    private static func stringNodes(_ parts: [UInt64], count: Int) -> [UInt32] {
        var nodes = [UInt32](repeating: 0, count: count)
        var isOther = false
        for (node, parts) in parts.enumerated() {
            guard case .string(let number) = TermParts(parts) else { continue }
            nodes[number] = UInt32(node)
            isOther = isOther || number != node
        }
        return isOther ? nodes : []
    }

    /// A vocabulary of strings alone, each with its number as its node.
    init(keys: [TermKey], hashes: [UInt64], long: LongStrings, count: Int) {
        self.init(
            parts: keys.indices.map { TermParts.string($0).packed }, keys: keys, hashes: hashes, long: long, count: count)
    }

    /// What each node is, that of node 0 being 0; nothing where all are the strings of their numbers.
    ///
    /// No prediction needs it, and the tables tell it: a file does not hold it.
    var parts: ModelArray<UInt64> { nodeParts.value }

    /// What each of so many nodes is, by the tables: those of which they do not tell anything are the string 0.
    private static func parts(
        count: Int, stringCount: Int, stringNodes: ModelArray<UInt32>, ngrams: NgramTable
    ) -> ModelArray<UInt64> {
        if isPlain(stringCount, nodeCount: count, stringNodes: stringNodes) { return ModelArray([]) }
        var parts = [UInt64](repeating: 0, count: count)
        ngrams.takeParts(into: &parts)
        for number in 1..<max(1, stringCount) {
            let node = stringNodes.count > 0 ? Int(stringNodes[number]) : number
            if node > 0, node < count { parts[node] = TermParts.string(number).packed }
        }
        return ModelArray(parts)
    }

    /// What a node consists of.
    func parts(of node: Int) -> TermParts {
        let parts = self.parts
        return parts.count > 0 ? TermParts(parts[node]) : .string(node)
    }

    /// The text of a term.
    func term(_ feature: Int) -> String {
        var bytes: [UInt8] = []
        spell(feature + 1, &bytes, wordCount: Self.maximumWordCount)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func spell(_ node: Int, _ bytes: inout [UInt8], wordCount: Int) {
        guard node > 0, node < nodeCount, wordCount > 0 else { return bytes.append(UInt8(ascii: "?")) }
        switch parts(of: node) {
        case .ngram(let prefix, let word):
            // Two words at least, unless the file is damaged.
            guard wordCount > 1 else { return bytes.append(UInt8(ascii: "?")) }
            spell(prefix, &bytes, wordCount: wordCount - 1)
            bytes.append(UInt8(ascii: " "))
            spell(word, &bytes, wordCount: 1)
        case .string(let number):
            guard let key = key(number) else { return bytes.append(UInt8(ascii: "?")) }
            if TermLines.isLong(key) { return spellLong(TermLines.longNumber(key), &bytes) }
            for word in [key.low, key.high] {
                var rest = word
                while rest != 0 {
                    bytes.append(UInt8(truncatingIfNeeded: rest))
                    rest >>= 8
                }
            }
        }
    }

    /// The key of the string of a number, unless the vocabulary is damaged.
    func key(_ number: Int) -> TermKey? { number > 0 && number < keys.count ? keys[number] : nil }

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

/// What a term consists of.
enum TermParts {
    /// The number of a string.
    case string(Int)
    /// The nodes of the first words and of the last word of an n-gram.
    case ngram(prefix: Int, word: Int)

    @inline(__always)
    init(_ packed: UInt64) {
        let (low, high) = (Int(UInt32(truncatingIfNeeded: packed)), Int(packed >> 32))
        self = low == 0 ? .string(high) : .ngram(prefix: low, word: high)
    }

    @inline(__always)
    var packed: UInt64 {
        switch self {
        case .string(let number): UInt64(number) << 32
        case .ngram(let prefix, let word): UInt64(word) << 32 | UInt64(prefix)
        }
    }
}

extension Vocabulary: NgramIndex {
    static var usesHashes: Bool { false }

    func find(_ block: inout TermBlock, count: Int, first: Int, bytes: Span<UInt8>, edges: Span<UInt32>) {
        lines.withSpan { lines in
            keys.withSpan { known in
                let unsureCount = Kernels.find(
                    lines: lines, known: known, keys: block.keys, hashes: block.hashes, count: count, into: &block.nodes,
                    unsure: &block.unsure)
                for position in 0..<unsureCount {
                    let term = Int(block.unsure[position])
                    let key = block.keys[term]
                    block.nodes[term] = TermLines.node(key, hash: block.hashes[term], lines: lines, known: known) { number in
                        let string = 2 * (first + term)
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
        if stringNodes.count > 0 { stringNodes.withSpan { Kernels.replace(&block.nodes, count: count, by: $0) } }
    }

    func findNgrams(
        prefix: Int, last: Int, count: Int, in nodes: inout [UInt32], hashes: inout [UInt64], at result: Int,
        unsure: inout [UInt32]
    ) {
        ngrams.find(prefix: prefix, last: last, count: count, in: &nodes, at: result, unsure: &unsure)
    }
}

extension Vocabulary {
    func write(to writer: inout ModelWriter) {
        writer.add("node-count", [UInt64(nodeCount)])
        writer.add("string-lines", lines)
        writer.add("string-keys", keys)
        writer.add("string-nodes", stringNodes)
        writer.add("long-offsets", longOffsets)
        writer.add("long-bytes", longBytes)
        ngrams.write(to: &writer)
    }

    /// The vocabulary of so many features that a file holds.
    init(reading reader: ModelReader, count: Int) throws(ModelFileError) {
        guard !reader.has("keys") else {
            self = try Self(readingFormat1: reader, count: count)
            return
        }
        lines = try reader.array("string-lines", of: UInt32.self)
        keys = try reader.array("string-keys", of: TermKey.self)
        stringNodes = try reader.array("string-nodes", of: UInt32.self)
        longOffsets = try reader.array("long-offsets", of: UInt32.self)
        longBytes = try reader.array("long-bytes", of: UInt8.self)
        self.count = count
        let (keys, stringNodes) = (self.keys, self.stringNodes)
        if !reader.has("parts") {
            nodeCount = Int(clamping: try reader.array("node-count", of: UInt64.self, count: 1)[0])
            try Self.check(nodeCount, count: count, reader, "node-count")
            let nodeCount = self.nodeCount
            let isPlain = Self.isPlain(keys.count, nodeCount: nodeCount, stringNodes: stringNodes)
            let ngrams = try NgramTable(reading: reader, nodeCount: isPlain ? 1 : nodeCount)
            guard nodeCount <= keys.count + ngrams.capacity else {
                throw reader.malformed("node-count", "is more than there are strings and n-grams")
            }
            self.ngrams = ngrams
            nodeParts = OnDemand {
                Self.parts(count: nodeCount, stringCount: keys.count, stringNodes: stringNodes, ngrams: ngrams)
            }
        } else {
            // Written before they were left out.
            let parts = try reader.array("parts", of: UInt64.self)
            nodeCount = parts.count > 0 ? parts.count : keys.count
            try Self.check(nodeCount, count: count, reader, parts.count > 0 ? "parts" : "string-keys")
            guard parts.count == 0 || parts[0] == 0 else { throw reader.malformed("parts", "has something at node 0") }
            ngrams = try NgramTable(reading: reader, nodeCount: max(1, parts.count))
            nodeParts = OnDemand(parts)
        }
        guard lines.count > 0, lines.count % TermLines.lineLength == 0,
            lines.count / TermLines.lineLength <= TermLines.maximumLineCount
        else {
            throw reader.malformed("string-lines", "has \(lines.count) numbers, not a multiple of \(TermLines.lineLength)")
        }
        guard keys.count > 0, keys.count <= nodeCount, keys[0].low == 0, keys[0].high == 0 else {
            throw reader.malformed("string-keys", "does not hold the keys of strings")
        }
        guard stringNodes.count == 0 || stringNodes.count == keys.count && stringNodes[0] == 0 else {
            throw reader.malformed("string-nodes", "does not hold the nodes of \(keys.count) strings")
        }
    }

    private static func check(
        _ nodeCount: Int, count: Int, _ reader: ModelReader, _ section: String
    ) throws(ModelFileError) {
        guard nodeCount > count, nodeCount <= NgramTable.maximumNodeCount else {
            throw reader.malformed(section, "does not hold \(count) terms")
        }
    }

    /// The vocabulary of a file of format 1, where strings and n-grams had keys in one array and lay in one table, which is made anew.
    private init(readingFormat1 reader: ModelReader, count: Int) throws(ModelFileError) {
        let nodes = try reader.array("keys", of: TermKey.self).elements
        let longOffsets = try reader.array("long-offsets", of: UInt32.self).elements
        let longBytes = try reader.array("long-bytes", of: UInt8.self).elements
        guard nodes.count > count, nodes.count <= NgramTable.maximumNodeCount, nodes[0].low == 0, nodes[0].high == 0 else {
            throw reader.malformed("keys", "does not hold the keys of \(count) terms")
        }
        guard (longOffsets.last ?? 0) == longBytes.count, longOffsets == longOffsets.sorted() else {
            throw reader.malformed("long-offsets", "does not fit the long strings")
        }
        var long = LongStrings()
        for (start, end) in zip(longOffsets, longOffsets.dropFirst()) { long.append(longBytes.span, Int(start), Int(end)) }
        var (parts, keys, hashes) = ([UInt64](), [TermKey](), [UInt64]())
        for (node, key) in nodes.enumerated() {
            if key.high == SK_NGRAM_KEY, key.low & 0xFFFF_FFFF != 0 {
                parts.append(key.low)
            } else {
                parts.append(TermParts.string(keys.count).packed)
                keys.append(key)
                hashes.append(node == 0 ? 0 : TermLines.hash(key))
            }
        }
        self.init(parts: parts, keys: keys, hashes: hashes, long: long, count: count)
    }
}
