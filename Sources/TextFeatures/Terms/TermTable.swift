import CKernels
import LinearAlgebra

/// Takes up strings as they come and gives each a node, from 1 on.
struct TermTable: Sendable {
    /// The key and the hash of each node, those of node 0 being 0.
    private(set) var keys = [TermKey()]
    private(set) var hashes: [UInt64] = [0]
    private(set) var long = LongStrings()
    private var lines: [UInt32]

    /// - Parameter capacity: how many terms to expect.
    init(capacity: Int) {
        lines = TermLines.empty(termCount: capacity)
        reserveTerms()
    }

    /// How many nodes lines may have before there should be more lines.
    private static func maximumCount(_ lines: [UInt32]) -> Int {
        lines.count / TermLines.lineLength * (TermLines.usualLoad + 2)
    }

    /// The number of nodes, that of 0 included.
    var count: Int { keys.count }

    /// Makes room for so many more terms.
    private mutating func reserve(_ added: Int) {
        precondition(count + added < Int(Int32.max), "too many different terms")
        guard count + added > Self.maximumCount(lines) else { return }
        lines = TermLines.lines(of: hashes, termCount: max(2 * count, count + added))
        reserveTerms()
    }

    /// Reserves room for as many terms as the lines hold before they grow. What is reserved in vain takes no memory.
    private mutating func reserveTerms() {
        let maximum = Self.maximumCount(lines) + 1
        keys.reserveLargePages(maximum)
        hashes.reserveLargePages(maximum)
    }

    /// Appends terms, which have the next nodes: those at the first `count` of `places`.
    private mutating func append(_ places: [UInt32], count: Int, keys: [TermKey], hashes: [UInt64]) {
        let (places, terms, ownHashes) = (places.span, keys.span, hashes.span)
        self.keys.append(addingCapacity: count) { keys in
            for place in 0..<count { keys.append(terms[Int(places[place])]) }
        }
        self.hashes.append(addingCapacity: count) { hashes in
            for place in 0..<count { hashes.append(ownHashes[Int(places[place])]) }
        }
    }
}

extension TermTable {
    /// Takes up the strings of another table in their order, and returns the node of each of its nodes.
    mutating func add(_ other: TermTable) -> [UInt32] {
        var nodes: [UInt32] = [0]
        nodes.reserveCapacity(other.count)
        var block = TermBlock()
        var edges = [UInt32](repeating: 0, count: 2 * TermBlock.capacity)
        var first = 1
        while first < other.count {
            let count = min(TermBlock.capacity, other.count - first)
            for term in 0..<count {
                let key = other.keys[first + term]
                block.hashes[term] = other.hashes[first + term]
                block.keys[term] = key
                if TermLines.isLong(key) {
                    let number = TermLines.longNumber(key)
                    block.keys[term] = TermLines.soughtKey(hash: block.hashes[term])
                    edges[2 * term] = UInt32(other.long.offsets[number])
                    edges[2 * term + 1] = UInt32(other.long.offsets[number + 1])
                }
            }
            find(&block, count: count, first: 0, bytes: other.long.bytes.span, edges: edges.span)
            nodes.append(contentsOf: block.nodes[..<count])
            first += count
        }
        return nodes
    }
}

extension TermTable: TermIndex {
    mutating func find(_ block: inout TermBlock, count: Int, first: Int, bytes: Span<UInt8>, edges: Span<UInt32>) {
        reserve(count)
        // What the table does not have yet is unsure as well, since it may come twice.
        _ = Kernels.find(
            lines: lines.span, known: keys.span, keys: block.keys, hashes: block.hashes, count: count, into: &block.nodes,
            unsure: &block.unsure)
        var term = 0
        while true {
            let (end, addedCount) = Kernels.insert(
                lines: &lines, known: keys, keys: block.keys, hashes: block.hashes, from: term, count: count,
                into: &block.nodes, added: &block.unsure)
            append(block.unsure, count: addedCount, keys: block.keys, hashes: block.hashes)
            guard end < count else { return }
            block.nodes[end] = longNode(block.keys[end], hash: block.hashes[end], string: first + end, bytes, edges)
            term = end + 1
        }
    }

    private mutating func longNode(
        _ key: TermKey, hash: UInt64, string: Int, _ bytes: Span<UInt8>, _ edges: Span<UInt32>
    ) -> UInt32 {
        let start = Int(edges[2 * string])
        let end = Int(edges[2 * string + 1])
        let found = TermLines.node(key, hash: hash, lines: lines.span, known: keys.span) { number in
            LongStrings.isSame(number, bytes, start, end, offsets: long.offsets.span, bytes: long.bytes.span)
        }
        if found != 0 { return found }
        long.append(bytes, start, end)
        keys.append(TermLines.longKey(hash: hash, number: long.count - 1))
        hashes.append(hash)
        Kernels.place(count - 1..<count, hashes: hashes, in: &lines)
        return UInt32(count - 1)
    }
}
