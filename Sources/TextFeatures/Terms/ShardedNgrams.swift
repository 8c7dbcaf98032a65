import CKernels
import LinearAlgebra

/// How the n-grams of one length are divided into shards by their hashes, and the shards into rounds, which follow each other.
struct ShardDivision: Sendable {
    /// Some shards, and the places of their elements among those of all shards.
    struct Round: Sendable {
        let shards: Range<Int>
        let elements: Range<Int>
    }

    /// For each piece of the positions the place of the first of its elements in each shard, and how many they are.
    let places: [[UInt32]]
    let counts: [[UInt32]]
    /// The places of the elements of each shard.
    let shards: [Range<Int>]
    let rounds: [Round]

    /// - Parameters:
    ///   - counts: for each piece how many n-grams it has in each shard.
    ///   - roundLength: how many n-grams a round should have at least, if there are so many.
    ///   - maximumRoundCount: the most rounds.
    init(_ counts: [[UInt32]], shardCount: Int, roundLength: Int, maximumRoundCount: Int) {
        var places = counts
        var shards: [Range<Int>] = []
        var place: UInt32 = 0
        for shard in 0..<shardCount {
            let first = place
            for piece in counts.indices {
                places[piece][shard] = place
                place += counts[piece][shard]
            }
            shards.append(Int(first)..<Int(place))
        }
        let roundCount = min(max(1, Int(place) / roundLength), maximumRoundCount)
        var rounds: [Round] = []
        var start = 0
        for round in 1...roundCount {
            let limit = Int(place) * round / roundCount
            var end = start
            while end < shardCount, shards[end].upperBound <= limit { end += 1 }
            guard end > start else { continue }
            rounds.append(
                Round(shards: start..<end, elements: shards[start].lowerBound..<shards[end - 1].upperBound))
            start = end
        }
        (self.places, self.counts, self.shards, self.rounds) = (places, counts, shards, rounds)
    }

    /// So many shards are counted in the same memory, one after the other.
    private static let groupLength = 8

    /// Counts the n-grams of each shard of a round, each shard on one thread, and returns those that are kept: see `sk_count_shard`.
    func count(
        _ occurrences: inout [NgramOccurrence], _ round: Round, minimumFrequency: Int, favouredEnd: Int, threads: Int
    ) -> [[CountedNgram]] {
        let first = round.elements.lowerBound
        let groups = stride(from: round.shards.lowerBound, to: round.shards.upperBound, by: Self.groupLength).map {
            shards[$0..<min(round.shards.upperBound, $0 + Self.groupLength)]
        }
        let ranges = groups.map { $0[$0.startIndex].lowerBound - first..<$0[$0.endIndex - 1].upperBound - first }
        let kept = parallelRanges(of: &occurrences, ranges, threads: threads) { group, _, occurrences in
            var memory = Kernels.ShardMemory()
            let start = groups[group][groups[group].startIndex].lowerBound
            return groups[group].map {
                Kernels.countShard(
                    &occurrences, $0.lowerBound - start..<$0.upperBound - start, minimumFrequency: minimumFrequency,
                    favouredEnd: favouredEnd, memory: &memory)
            }
        }
        return Array(kept.joined())
    }

    /// Writes the n-grams of a piece that belong to a round to their positions, the first of which is `firstPosition`: the places at which
    /// `ShardedNgrams` has them, whose shards begin at the bases.
    func place(
        _ piece: Int, of occurrences: Span<NgramOccurrence>, _ round: Round, bases: [Int], firstPosition: Int,
        in terms: inout MutableSpan<UInt32>
    ) {
        let (places, counts) = (places[piece], counts[piece])
        for shard in round.shards where counts[shard] > 0 {
            let start = Int(places[shard]) - round.elements.lowerBound
            Kernels.place(
                occurrences.extracting(start..<start + Int(counts[shard])), base: bases[shard], firstPosition: firstPosition,
                in: &terms)
        }
    }
}

/// The n-grams that were kept of each shard.
struct ShardedNgrams: Sendable {
    /// Those of each shard by first occurrence, behind an empty one that stands for none.
    private(set) var elements: [CountedNgram] = []
    /// Where the shards begin; one more number is the count of elements.
    private(set) var bases = [0]

    /// Appends the n-grams of the next shards.
    mutating func append(_ shards: [[CountedNgram]], threads: Int) {
        elements.append(pieces: shards.map { $0.count + 1 }, threads: threads) { shard, output in
            output.append(CountedNgram(parts: 0, first_position: 0, document_frequency: 0))
            for ngram in shards[shard] { output.append(ngram) }
        }
        for shard in shards { bases.append(bases[bases.count - 1] + shard.count + 1) }
    }

    /// The places of those that occur first at positions of ascending ranges, in the order of these.
    func orders(firstIn ranges: ArraySlice<Range<Int>>) -> [[UInt32]] {
        guard let start = ranges.first?.lowerBound else { return [] }
        let elements = elements.span
        var next = (0..<bases.count - 1).map { shard in
            var (low, high) = (bases[shard] + 1, bases[shard + 1])
            while low < high {
                let middle = (low + high) / 2
                if Int(elements[middle].first_position) < start { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return ranges.map { positions in
            var marks = [UInt32](repeating: 0, count: positions.count)
            for shard in next.indices {
                var place = next[shard]
                let end = bases[shard + 1]
                while place < end, Int(elements[place].first_position) < positions.upperBound {
                    marks[Int(elements[place].first_position) - positions.lowerBound] = UInt32(place)
                    place += 1
                }
                next[shard] = place
            }
            return Kernels.nonzero(marks)
        }
    }
}
