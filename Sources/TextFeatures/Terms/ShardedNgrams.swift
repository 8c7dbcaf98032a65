import CKernels
import LinearAlgebra

/// Where n-grams of one length stand, by shards of their hashes, in a shard by position.
struct ShardedOccurrences: Sendable {
    var elements: [NgramOccurrence] = []
    /// For each piece of the positions the first of its elements in each shard, and how many they are.
    let places: [[UInt32]]
    private let counts: [[UInt32]]
    private let shards: [Range<Int>]

    /// - Parameter counts: for each piece how many n-grams it has in each shard.
    init(_ counts: [[UInt32]], shardCount: Int) {
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
        (self.places, self.counts, self.shards) = (places, counts, shards)
    }

    /// The number of n-grams of all shards.
    var count: Int { shards.last?.upperBound ?? 0 }

    /// Counts the n-grams of each shard, each shard on one thread, and returns those that are kept: see `sk_count_shard`.
    mutating func count(minimumFrequency: Int, favouredEnd: Int, threads: Int) -> ShardedNgrams {
        ShardedNgrams(
            parallelRanges(of: &elements, shards, threads: threads) { _, _, occurrences in
                Kernels.countShard(&occurrences, minimumFrequency: minimumFrequency, favouredEnd: favouredEnd)
            })
    }

    /// Writes the numbers of the n-grams of a piece to their positions, the first of which is `firstPosition`. Those of each shard begin at its
    /// base with a 0.
    func place(_ piece: Int, numbers: [UInt32], bases: [Int], firstPosition: Int, in terms: inout MutableSpan<UInt32>) {
        let (elements, numbers) = (elements.span, numbers.span)
        let (places, counts) = (places[piece], counts[piece])
        for shard in places.indices where counts[shard] > 0 {
            let start = Int(places[shard])
            Kernels.place(
                elements.extracting(start..<start + Int(counts[shard])),
                numbers: numbers.extracting(bases[shard]..<bases[shard + 1]), firstPosition: firstPosition, in: &terms)
        }
    }
}

/// The n-grams that were kept of each shard.
struct ShardedNgrams: Sendable {
    /// Those of each shard by first occurrence, behind an empty one that stands for none.
    let elements: [CountedNgram]
    /// Where the shards begin; one more number is the count of elements.
    let bases: [Int]

    init(_ shards: [[CountedNgram]]) {
        var elements: [CountedNgram] = []
        elements.reserveCapacity(shards.reduce(0) { $0 + $1.count + 1 })
        var bases = [0]
        for shard in shards {
            elements.append(CountedNgram(parts: 0, first_position: 0, document_frequency: 0))
            elements += shard
            bases.append(elements.count)
        }
        (self.elements, self.bases) = (elements, bases)
    }

    /// The places of those that occur first at given positions, in the order of these.
    func order(firstIn positions: Range<Int>) -> [UInt32] {
        var marks = [UInt32](repeating: 0, count: positions.count)
        let elements = elements.span
        for shard in 0..<bases.count - 1 {
            var (low, high) = (bases[shard] + 1, bases[shard + 1])
            while low < high {
                let middle = (low + high) / 2
                if Int(elements[middle].first_position) < positions.lowerBound { low = middle + 1 } else { high = middle }
            }
            while low < bases[shard + 1], Int(elements[low].first_position) < positions.upperBound {
                marks[Int(elements[low].first_position) - positions.lowerBound] = UInt32(low)
                low += 1
            }
        }
        return Kernels.nonzero(marks)
    }
}
