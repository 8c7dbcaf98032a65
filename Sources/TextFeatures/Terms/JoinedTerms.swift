import CKernels
import LinearAlgebra

/// The terms of several counters as one: which nodes of different counters are the same term, and in how many articles it occurs.
///
/// A node of a counter has a place: the counter's base and the number of the node. Its owner is the first place of its term, counters in
/// their order; what is known of a term stands at its owner's place.
struct JoinedTerms: Sendable {
    /// The first place of each counter; one more entry is the number of places.
    let bases: [Int]
    /// The owner of each place; empty when there is but one counter, and every place its own owner.
    private var owners: [Int32] = []
    /// In how many articles the term of each owner occurs.
    private(set) var documentFrequencies: [Int32]

    /// - Complexity: O(nodes · counters), on all threads: the terms of each counter are looked up in the tables of those before it.
    init(_ counters: [TermCounter], threads: Int) {
        var bases = [0]
        for counter in counters { bases.append(bases[bases.count - 1] + counter.table.count) }
        self.bases = bases
        documentFrequencies = counters.count == 1 ? counters[0].documentFrequencies : counters.flatMap(\.documentFrequencies)
        guard counters.count > 1 else { return }
        owners = (0..<bases[counters.count]).map { Int32($0) }
        var twins = Twins(counters.map(\.table))
        // N-grams are looked up when it is known what their parts are in the other tables.
        for length in 0...UInt8(counters.reduce(0) { max($0, $1.longestLength) }) {
            twins.find(length: length, threads: threads)
        }
        for counter in 1..<counters.count {
            // The first counters last, since theirs is the place that counts.
            for other in (0..<counter).reversed() {
                twins.forEach(counter, other) { node, twin in
                    owners[bases[counter] + node] = Int32(bases[other] + twin)
                }
            }
            for place in bases[counter]..<bases[counter + 1] where Int(owners[place]) != place {
                documentFrequencies[Int(owners[place])] += documentFrequencies[place]
            }
        }
    }

    func owner(_ place: Int) -> Int { owners.isEmpty ? place : Int(owners[place]) }

    /// Replaces the numbers of all places by those of their owners, or by 0 where these are above the maximum.
    func giveOwnersNumbers(_ numbers: inout [UInt32], maximum: Int) {
        var numbers = numbers.mutableSpan
        let maximum = UInt32(maximum)
        if owners.isEmpty {
            for place in numbers.indices where numbers[place] > maximum { numbers[place] = 0 }
        } else {
            // An owner comes before all other places of its term, or is the place itself.
            let owners = self.owners.span
            for place in numbers.indices {
                let number = numbers[Int(owners[place])]
                numbers[place] = number <= maximum ? number : 0
            }
        }
    }

    /// The counter that a place belongs to.
    func counter(_ place: Int) -> Int {
        var counter = bases.count - 2
        while bases[counter] > place { counter -= 1 }
        return counter
    }

    /// The owners of the two parts of an n-gram.
    func parts(_ key: TermKey, counter: Int) -> (prefix: Int, word: Int) {
        let parts = TermLines.parts(key)
        return (owner(bases[counter] + Int(parts.prefix)), owner(bases[counter] + Int(parts.word)))
    }
}

/// Which nodes of the tables before each table are the same terms as its own.
private struct Twins: Sendable {
    private let tables: [TermTable]
    /// For each table, and each one before it, the node there that is the same term as each node here; 0 where there is none.
    private var nodes: [[[UInt32]]]

    /// So many nodes are looked up by one thread at a time.
    private static let pieceLength = 1 << 14

    init(_ tables: [TermTable]) {
        self.tables = tables
        nodes = tables.indices.map { table in
            [[UInt32]](repeating: [UInt32](repeating: 0, count: tables[table].count), count: table)
        }
    }

    /// Calls `body` with each node of a table that has a twin in another one, and the twin.
    func forEach(_ table: Int, _ other: Int, _ body: (_ node: Int, _ twin: Int) -> Void) {
        let twins = nodes[table][other]
        for node in twins.indices where twins[node] != 0 { body(node, Int(twins[node])) }
    }

    /// Looks up the terms of one length; those of smaller lengths must have been looked up.
    mutating func find(length: UInt8, threads: Int) {
        var pieces: [(table: Int, other: Int, nodes: Range<Int>)] = []
        for table in 1..<tables.count {
            for start in stride(from: 1, to: tables[table].count, by: Self.pieceLength) {
                let range = start..<min(tables[table].count, start + Self.pieceLength)
                for other in 0..<table { pieces.append((table, other, range)) }
            }
        }
        let (all, known) = (pieces, self)
        let found = parallelMap(count: pieces.count, threads: threads) { known.found(all[$0], length: length) }
        for (piece, found) in zip(pieces, found) {
            for (node, twin) in found { nodes[piece.table][piece.other][Int(node)] = twin }
        }
    }

    private func found(_ piece: (table: Int, other: Int, nodes: Range<Int>), length: UInt8) -> [(node: UInt32, twin: UInt32)] {
        let (own, other) = (tables[piece.table], tables[piece.other])
        let twins = nodes[piece.table][piece.other]
        let (keys, hashes, lengths) = (own.keys, own.hashes, own.lengths)
        var found: [(UInt32, UInt32)] = []
        var lookup = TermLookup()
        for node in piece.nodes where lengths[node] == length {
            var key = keys[node]
            if TermLines.isNgram(key) {
                let parts = TermLines.parts(key)
                let (prefix, word) = (twins[Int(parts.prefix)], twins[Int(parts.word)])
                guard prefix != 0, word != 0 else { continue }
                key = TermLines.ngramKey(prefix: prefix, word: word)
            }
            lookup.append(UInt32(node), key, hash: hashes[node])
            if lookup.isFull { lookup.find(in: other, long: own.long, &found) }
        }
        lookup.find(in: other, long: own.long, &found)
        return found
    }
}

/// Nodes of one table that are looked up in another one together.
private struct TermLookup {
    private var block = TermBlock()
    private var hashes = [UInt64](repeating: 0, count: TermBlock.capacity)
    private var longNumbers = [Int](repeating: 0, count: TermBlock.capacity)
    private var nodes: [UInt32] = []

    var isFull: Bool { nodes.count == TermBlock.capacity }

    mutating func append(_ node: UInt32, _ key: TermKey, hash: UInt64) {
        block.keys[nodes.count] = key
        if TermLines.isLong(key) {
            block.keys[nodes.count] = TermLines.soughtKey(hash: hash)
            longNumbers[nodes.count] = TermLines.longNumber(key)
        }
        hashes[nodes.count] = hash
        nodes.append(node)
    }

    /// Appends those that `table` has to `found`, and forgets all. `long` are the long strings of the keys.
    mutating func find(in table: TermTable, long: LongStrings, _ found: inout [(UInt32, UInt32)]) {
        table.findKnown(&block, count: nodes.count, hashes: hashes, longNumbers: longNumbers, of: long)
        for position in nodes.indices where block.nodes[position] != 0 { found.append((nodes[position], block.nodes[position])) }
        nodes.removeAll(keepingCapacity: true)
    }
}
