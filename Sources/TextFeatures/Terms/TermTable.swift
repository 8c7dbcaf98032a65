import CKernels
import LinearAlgebra

/// Takes up terms as they come and gives each a node, from 1 on.
struct TermTable: Sendable {
    /// The key and the hash of each node, those of node 0 being 0.
    private(set) var keys = [TermKey()]
    private(set) var hashes: [UInt64] = [0]
    private(set) var long = LongStrings()
    /// How many words each term has, less one: 0 for strings, which may be words or not.
    private(set) var lengths: [UInt8] = [0]
    private var lines: [UInt32]

    /// - Parameter capacity: how many terms to expect.
    init(capacity: Int) {
        lines = TermLines.empty(termCount: capacity)
        // As many as the lines hold before they grow. What is reserved in vain takes no memory.
        let maximum = Self.maximumCount(lines) + 1
        keys.reserveLargePages(maximum)
        hashes.reserveLargePages(maximum)
        lengths.reserveCapacity(maximum)
    }

    /// How many nodes lines may have before there should be more lines.
    private static func maximumCount(_ lines: [UInt32]) -> Int {
        lines.count / TermLines.lineLength * (TermLines.usualLoad + 2)
    }

    /// The number of nodes, that of 0 included.
    var count: Int { keys.count }

    private mutating func insert(_ key: TermKey, hash: UInt64) -> UInt32 {
        precondition(count < Int(Int32.max), "too many different terms")
        if count > Self.maximumCount(lines) { grow() }
        let node = UInt32(count)
        keys.append(key)
        hashes.append(hash)
        lengths.append(TermLines.isNgram(key) ? lengths[Int(TermLines.parts(key).prefix)] + 1 : 0)
        TermLines.place(node, hash: hash, in: &lines)
        return node
    }

    private mutating func grow() {
        lines = TermLines.empty(termCount: 2 * count)
        for node in 1..<count { TermLines.place(UInt32(node), hash: hashes[node], in: &lines) }
        let maximum = Self.maximumCount(lines) + 1
        keys.reserveLargePages(maximum)
        hashes.reserveLargePages(maximum)
        lengths.reserveCapacity(maximum)
    }
}

extension TermTable {
    /// Sets `block.nodes` for the first `count` of `block.keys`, terms of another table, whose long strings are `others`: of long
    /// ones the keys are those that are sought, and `longNumbers` tells their numbers there; n-grams have the nodes of this table.
    /// 0 where a term is not known.
    func findKnown(_ block: inout TermBlock, count: Int, hashes: [UInt64], longNumbers: [Int], of others: LongStrings) {
        let unsureCount = Kernels.find(
            lines: lines.span, known: keys.span, keys: block.keys, hashes: hashes, firstHash: 0, count: count,
            into: &block.nodes, unsure: &block.unsure)
        for position in 0..<unsureCount {
            let term = Int(block.unsure[position])
            block.nodes[term] = TermLines.node(
                block.keys[term], hash: hashes[term], lines: lines.span, known: keys.span
            ) { long.isSame($0, longNumbers[term], of: others) }
        }
    }
}

extension TermTable: TermIndex {
    mutating func find(
        _ block: inout TermBlock, count: Int, hashes: [UInt64], firstHash: Int, bytes: Span<UInt8>, edges: Span<UInt32>
    ) {
        // What the table does not have yet is unsure as well, since it may come twice.
        _ = Kernels.find(
            lines: lines.span, known: keys.span, keys: block.keys, hashes: hashes, firstHash: firstHash, count: count,
            into: &block.nodes, unsure: &block.unsure)
        for term in 0..<count where block.nodes[term] == 0 && block.keys[term].low != 0 {
            let hash = hashes[firstHash + term]
            block.nodes[term] = node(block.keys[term], hash: hash, string: firstHash + term, bytes, edges)
        }
    }

    private mutating func node(
        _ key: TermKey, hash: UInt64, string: Int, _ bytes: Span<UInt8>, _ edges: Span<UInt32>
    ) -> UInt32 {
        let found = TermLines.node(key, hash: hash, lines: lines.span, known: keys.span) { number in
            LongStrings.isSame(
                number, bytes, Int(edges[2 * string]), Int(edges[2 * string + 1]), offsets: long.offsets.span,
                bytes: long.bytes.span)
        }
        if found != 0 { return found }
        guard TermLines.isLong(key) else { return insert(key, hash: hash) }
        let start = Int(edges[2 * string])
        let end = Int(edges[2 * string + 1])
        long.append(bytes, start, end)
        return insert(TermLines.longKey(hash: hash, number: long.count - 1), hash: hash)
    }
}
