import CKernels
import LinearAlgebra
import TextClassification

/// The table of a vocabulary's n-grams: from the nodes of their first n - 1 words and of their last one to their own node.
///
/// A pair of nodes lies in one line of cache, with nothing else to compare, and a filter keeps most of those away that are nowhere;
/// `CKernels` describes both. The few pairs whose line is full are in a list. Place and tag tell the pair, so that the table is all that is
/// kept of it.
struct NgramTable: Sendable {
    let lines: ModelArray<UInt32>
    let filter: ModelArray<UInt32>
    /// The pairs that found no room, ascending, and their nodes.
    let rest: ModelArray<UInt64>
    private let restNodes: ModelArray<UInt32>
    /// All nodes are below the power of two of so many bits.
    private let bits: Int

    /// More nodes would need lines whose places do not have 32 bits.
    static let maximumNodeCount = 1 << 29
    private static let fewestBits = 16
    private static let lineLength = Int(SK_LINE_WORDS)
    /// So many pairs a line, of seven that have room, leave one line of twenty full, and one pair of a hundred without room.
    private static let usualLoad = 4

    /// So many bits of the filter for a pair, at least; up to twice as many, as its size is a power of two.
    private static let filterBits = 8

    private static func bits(nodeCount: Int) -> Int { max(fewestBits, nodeCount.bitsBelow) }
    /// So many lines there must be, since pairs that have the same tag lie in different ones.
    private static func fewestLines(bits: Int) -> Int { 1 << (2 * bits - 32) }

    /// The table of the nodes that have a first part.
    ///
    /// - Parameter parts: for each node the node of the first words (low half) and of the last one.
    /// - Precondition: no more than `maximumNodeCount` nodes, and no two with the same parts.
    /// - Complexity: O(nodes).
    init(parts: [UInt64]) {
        precondition(!parts.isEmpty && parts.count <= Self.maximumNodeCount)
        bits = Self.bits(nodeCount: parts.count)
        let count = parts.count { UInt32(truncatingIfNeeded: $0) != 0 }
        let lineCount = max(Self.fewestLines(bits: bits), count / Self.usualLoad + 1)
        var lines = [UInt32](largeRepeating: 0, count: lineCount * Self.lineLength)
        var filter = [UInt32](repeating: 0, count: 1 << max(1, (count * Self.filterBits / 32).bitsBelow))
        let nodes = Kernels.placePairs(parts, bits: bits, in: &lines, filter: &filter)
            .sorted { parts[Int($0)] < parts[Int($1)] }
        self.lines = ModelArray(lines)
        self.filter = ModelArray(filter)
        rest = ModelArray(nodes.map { parts[Int($0)] })
        restNodes = ModelArray(nodes)
    }

    /// Sets the nodes of the n-grams of one length that begin at `count` words, from `result` on, from those of their parts, which stand from
    /// `prefix` and from `last` on; 0 where there is none. O(count).
    func find(
        prefix: Int, last: Int, count: Int, in nodes: inout [UInt32], at result: Int, unsure: inout [UInt32]
    ) {
        let unsureCount = lines.withSpan { lines in
            filter.withSpan { filter in
                Kernels.findPairs(
                    lines: lines, filter: filter, bits: bits, prefix: prefix, last: last, count: count, in: &nodes, at: result,
                    unsure: &unsure)
            }
        }
        for position in 0..<unsureCount {
            let place = Int(unsure[position])
            nodes[result + place] = restNode(UInt64(nodes[last + place]) << 32 | UInt64(nodes[prefix + place]))
        }
    }

    /// The node of a pair that is not in the lines, or 0. O(log rest).
    private func restNode(_ pair: UInt64) -> UInt32 {
        rest.withSpan { rest in
            var (low, high) = (0, rest.count)
            while low < high {
                let middle = (low + high) / 2
                if rest[middle] < pair { low = middle + 1 } else { high = middle }
            }
            return low < rest.count && rest[low] == pair ? restNodes.withSpan { $0[low] } : 0
        }
    }

    /// The most n-grams that it may hold.
    var capacity: Int { lines.count / Self.lineLength * Int(SK_PAIR_SLOTS) + rest.count }

    /// Sets the parts of those nodes that are n-grams. O(lines).
    func takeParts(into parts: inout [UInt64]) {
        lines.withSpan { Kernels.takePairs($0, bits: bits, into: &parts) }
        for place in 0..<rest.count where Int(restNodes[place]) < parts.count { parts[Int(restNodes[place])] = rest[place] }
    }

    func write(to writer: inout ModelWriter) {
        writer.add("ngram-lines", lines)
        writer.add("ngram-filter", filter)
        writer.add("ngram-rest", rest)
        writer.add("ngram-rest-nodes", restNodes)
    }

    /// The table of a vocabulary of so many nodes, the one of 0 included, that a file holds.
    init(reading reader: ModelReader, nodeCount: Int) throws(ModelFileError) {
        bits = Self.bits(nodeCount: nodeCount)
        lines = try reader.array("ngram-lines", of: UInt32.self)
        filter = try reader.array("ngram-filter", of: UInt32.self)
        rest = try reader.array("ngram-rest", of: UInt64.self)
        restNodes = try reader.array("ngram-rest-nodes", of: UInt32.self, count: rest.count)
        let lineCount = lines.count / Self.lineLength
        guard lines.count % Self.lineLength == 0,
            Self.fewestLines(bits: bits)...TermLines.maximumLineCount ~= lineCount
        else {
            throw reader.malformed("ngram-lines", "has \(lines.count) numbers, which does not fit \(nodeCount) terms")
        }
        guard 2...1 << 31 ~= filter.count, 1 << filter.count.bitsBelow == filter.count else {
            throw reader.malformed("ngram-filter", "has \(filter.count) numbers, not a power of two")
        }
    }
}

extension Int {
    /// How many bits the numbers below this one take.
    fileprivate var bitsBelow: Int { self > 0 ? Int.bitWidth - (self - 1).leadingZeroBitCount : 0 }
}
