import CKernels
import LinearAlgebra

/// The hash table of strings: from the hash of a string to its node, its number in the table.
///
/// Lines of 64 bytes hold twelve nodes and a tag of one byte for each, so that a look-up touches one line of cache, and then the key of
/// the node it finds there. A string whose line is full lies in the next line with room, and the line is marked. Node 0 is none; its key is
/// all zeros. `CKernels` describes lines and keys, and looks many strings up at once; here are the steps for one.
enum TermLines {
    static let lineLength = Int(SK_LINE_WORDS)
    private static let slotCount = Int(SK_LINE_SLOTS)
    private static let markPlace = Int(SK_LINE_MARK)
    /// So many terms a line, on average, leave few lines full.
    static let usualLoad = 6
    /// So that the place of every number in them has 32 bits.
    static let maximumLineCount = 1 << 28

    static func isLong(_ key: TermKey) -> Bool { key.high >> 56 == SK_LONG_KEY >> 56 }

    /// The key of a long string that is known: with its number.
    static func longKey(hash: UInt64, number: Int) -> TermKey { TermKey(low: hash, high: SK_LONG_KEY | UInt64(number)) }
    /// The key with which a long string is looked for.
    static func soughtKey(hash: UInt64) -> TermKey { TermKey(low: hash, high: SK_SOUGHT_KEY) }
    /// The number of a known long string.
    static func longNumber(_ key: TermKey) -> Int { Int(key.high & ~SK_LONG_KEY) }

    /// The hash of the string of a known key.
    static func hash(_ key: TermKey) -> UInt64 { isLong(key) ? key.low : sk_short_hash(key.low, key.high) }

    /// Empty lines for so many terms.
    static func empty(termCount: Int) -> [UInt32] {
        [UInt32](largeRepeating: 0, count: (termCount / usualLoad + 1) * lineLength)
    }

    /// Lines with the nodes of all hashes but the first, with room for so many terms.
    static func lines(of hashes: [UInt64], termCount: Int) -> [UInt32] {
        var lines = empty(termCount: max(hashes.count, termCount))
        if hashes.count > 1 { Kernels.place(1..<hashes.count, hashes: hashes, in: &lines) }
        return lines
    }

    /// The node of a term, or 0. `isSameLong` says whether the term is the long string of a number.
    ///
    /// Looks at each line once at most, whatever the table holds.
    static func node(
        _ key: TermKey, hash: UInt64, lines: Span<UInt32>, known: Span<TermKey>, isSameLong: (Int) -> Bool
    ) -> UInt32 {
        guard key.low != 0 else { return 0 }
        let lineCount = lines.count / lineLength
        var line = Int(sk_line(hash, UInt32(lineCount)))
        for _ in 0..<lineCount {
            let first = line * lineLength
            var slots = Kernels.slots(lines, line: first, tag: sk_tag(hash))
            while slots != 0 {
                let node = lines[first + slots.trailingZeroBitCount]
                slots &= slots - 1
                guard Int(node) < known.count else { continue }
                let other = known[Int(node)]
                if other.low == key.low {
                    if other.high == key.high { return node }
                    if isLong(key), isLong(other), isSameLong(longNumber(other)) { return node }
                }
            }
            if lines[first + markPlace] == 0 { return 0 }
            line = line + 1 == lineCount ? 0 : line + 1
        }
        return 0
    }
}
