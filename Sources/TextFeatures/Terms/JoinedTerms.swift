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

    /// - Complexity: O(nodes of all counters), on all threads.
    init(_ counters: [TermCounter], threads: Int) {
        var bases = [0]
        for counter in counters { bases.append(bases[bases.count - 1] + counter.table.count) }
        self.bases = bases
        documentFrequencies = []
        documentFrequencies.reserveCapacity(bases[counters.count])
        for counter in counters { counter.appendDocumentFrequencies(to: &documentFrequencies) }
        guard counters.count > 1 else { return }
        owners = (0..<bases[counters.count]).map { Int32($0) }
        // Sharded by hash, so that threads join separate terms. N-grams are joined when their parts are.
        let shardBits = UInt64(max(1, Int.bitWidth - (threads - 1).leadingZeroBitCount))
        for length in 0...UInt8(counters.reduce(0) { max($0, $1.longestLength) }) {
            let joined = self
            let shards = parallelMap(count: 1 << Int(shardBits), threads: threads) { shard in
                joined.repetitions(in: counters, length: length, shard: UInt64(shard), shift: 64 - shardBits)
            }
            for shard in shards {
                for (place, owner) in shard {
                    owners[Int(place)] = owner
                    documentFrequencies[Int(owner)] += documentFrequencies[Int(place)]
                }
            }
        }
    }

    func owner(_ place: Int) -> Int { owners.isEmpty ? place : Int(owners[place]) }

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

    /// Which places of a shard are not the first ones of their terms, with their owners.
    private func repetitions(
        in counters: [TermCounter], length: UInt8, shard: UInt64, shift: UInt64
    ) -> [(place: Int32, owner: Int32)] {
        var repetitions: [(Int32, Int32)] = []
        // The upper half of a hash, and a place + 1.
        var slots = [UInt64](repeating: 0, count: 1 << 12)
        var used = 0
        for (number, counter) in counters.enumerated() {
            let hashes = counter.table.hashes.span
            let lengths = counter.table.lengths.span
            for node in 1..<max(1, hashes.count) where lengths[node] == length && hashes[node] >> shift == shard {
                let place = bases[number] + node
                let tag = hashes[node] & 0xFFFF_FFFF_0000_0000
                var slot = Int(truncatingIfNeeded: hashes[node]) & (slots.count - 1)
                var owner: Int?
                while slots[slot] != 0 {
                    if slots[slot] & 0xFFFF_FFFF_0000_0000 == tag {
                        let other = Int(slots[slot] & 0xFFFF_FFFF) - 1
                        if isSame(other, counters, number, node) {
                            owner = other
                            break
                        }
                    }
                    slot = (slot + 1) & (slots.count - 1)
                }
                if let owner {
                    repetitions.append((Int32(place), Int32(owner)))
                } else {
                    slots[slot] = tag | UInt64(place + 1)
                    used += 1
                    if used * 2 > slots.count { grow(&slots, counters) }
                }
            }
        }
        return repetitions
    }

    private func grow(_ slots: inout [UInt64], _ counters: [TermCounter]) {
        let mask = 4 * slots.count - 1
        var larger = [UInt64](repeating: 0, count: mask + 1)
        for entry in slots where entry != 0 {
            let place = Int(entry & 0xFFFF_FFFF) - 1
            let number = counter(place)
            var slot = Int(truncatingIfNeeded: counters[number].table.hashes[place - bases[number]]) & mask
            while larger[slot] != 0 { slot = (slot + 1) & mask }
            larger[slot] = entry
        }
        slots = larger
    }

    private func isSame(_ place: Int, _ counters: [TermCounter], _ number: Int, _ node: Int) -> Bool {
        let otherNumber = counter(place)
        let other = counters[otherNumber].table
        let otherKey = other.keys[place - bases[otherNumber]]
        let key = counters[number].table.keys[node]
        if TermLines.isNgram(key), TermLines.isNgram(otherKey) {
            return parts(key, counter: number) == parts(otherKey, counter: otherNumber)
        }
        if TermLines.isLong(key), TermLines.isLong(otherKey) {
            let strings = counters[number].table.long
            return other.long.isSame(TermLines.longNumber(otherKey), TermLines.longNumber(key), of: strings)
        }
        return key.low == otherKey.low && key.high == otherKey.high
    }
}
