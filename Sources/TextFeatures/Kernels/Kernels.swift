import CKernels
import LinearAlgebra

typealias TermKey = sk_key

/// The kernels of `CKernels`, with what they rely on checked: the one place of this module that takes addresses.
///
/// What a kernel reads and writes lies in the arrays and spans that are passed here, and the preconditions say that it lies inside of
/// them: positions that come from the data (edges of words, nodes of terms) are either made by another kernel under the same
/// preconditions, or compared with the size of the table by the kernel itself.
enum Kernels {
    /// The best set of instructions of this machine.
    static var instructionSet: Int32 { sk_instruction_set() }

    /// Cuts ASCII into words, as `sk_cut_words` says, from a position of `text` on and at most `limit` bytes; what is folded goes to
    /// `folded` from `position` on. Returns the number of bytes that were ASCII.
    /// - Precondition: behind the places that are written, `folded` and `edges` have room for `SK_CUT_SLACK` more.
    static func cutWords(
        _ instructionSet: Int32, _ text: Span<UInt8>, from start: Int, limit: Int, into folded: inout [UInt8], at position: Int,
        edges: inout [UInt32], edgeCount: inout Int, inWord: inout Bool
    ) -> Int {
        let count = min(limit, text.count - start)
        precondition(start >= 0 && count >= 0 && position >= 0 && position + count + Int(SK_CUT_SLACK) <= folded.count)
        precondition(edgeCount >= 0 && edgeCount + count + Int(SK_CUT_SLACK) <= edges.count)
        var state: UInt8 = inWord ? 1 : 0
        let taken = unsafe text.withUnsafeBufferPointer { text in
            unsafe folded.withUnsafeMutableBufferPointer { folded in
                unsafe edges.withUnsafeMutableBufferPointer { edges in
                    unsafe sk_cut_words(
                        instructionSet, text.baseAddress.unsafelyUnwrapped + start, count,
                        folded.baseAddress.unsafelyUnwrapped + position, UInt32(position), edges.baseAddress, &edgeCount, &state)
                }
            }
        }
        inWord = state != 0
        return taken
    }

    /// Keys and hashes of the strings between `count` pairs of edges, from the pair `first` on.
    /// - Precondition: `Tokenizer.padding` bytes may be read behind the last edge.
    static func stringKeys(
        _ bytes: Span<UInt8>, _ edges: Span<UInt32>, first: Int, count: Int, into keys: inout [TermKey], hashes: inout [UInt64]
    ) {
        precondition(first >= 0 && count >= 0 && 2 * (first + count) <= edges.count)
        precondition(count <= keys.count && count <= hashes.count)
        // Edges ascend, but for those of n-grams of characters, none of which reaches beyond its word.
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe edges.withUnsafeBufferPointer { edges in
                unsafe keys.withUnsafeMutableBufferPointer { keys in
                    unsafe hashes.withUnsafeMutableBufferPointer { hashes in
                        unsafe sk_word_keys(
                            instructionSet, bytes.baseAddress.unsafelyUnwrapped, edges.baseAddress.unsafelyUnwrapped + 2 * first,
                            count, keys.baseAddress, hashes.baseAddress)
                    }
                }
            }
        }
    }

    /// Hashes of the n-grams of one length that begin at `count` words, from `result` on, from those of their parts, which stand from
    /// `prefix` and from `last` on.
    static func extendHashes(prefix: Int, last: Int, count: Int, in hashes: inout [UInt64], at result: Int) {
        precondition(prefix >= 0 && last >= 0 && count >= 0 && max(prefix, last) + count <= result)
        precondition(result + count <= hashes.count)
        unsafe hashes.withUnsafeMutableBufferPointer { hashes in
            let hashes = unsafe hashes.baseAddress.unsafelyUnwrapped
            unsafe sk_ngram_hashes(instructionSet, hashes + prefix, hashes + last, count, hashes + result)
        }
    }

    /// Looks `count` terms up: `nodes` gets the node of each that is known, and `unsure` the positions of those that must be looked
    /// for one by one, whose number is returned.
    static func find(
        lines: Span<UInt32>, known: Span<TermKey>, keys: [TermKey], hashes: [UInt64], count: Int, into nodes: inout [UInt32],
        unsure: inout [UInt32]
    ) -> Int {
        let lineCount = lines.count / Int(SK_LINE_WORDS)
        precondition(lineCount > 0 && known.count > 0 && count >= 0)
        precondition(count <= keys.count && count <= hashes.count && count <= nodes.count && count <= unsure.count)
        return unsafe lines.withUnsafeBufferPointer { lines in
            unsafe known.withUnsafeBufferPointer { known in
                unsafe sk_find_terms(
                    instructionSet, lines.baseAddress, UInt32(lineCount), known.baseAddress, UInt32(clamping: known.count), keys,
                    hashes, count, &nodes, &unsure)
            }
        }
    }

    /// Looks up the n-grams of one length that begin at `count` words by their parts, whose nodes stand from `prefix` and from `last` on:
    /// from `result` on `nodes` gets the node of each, and `unsure` the positions of those whose line is full, whose number is returned.
    /// - Precondition: the lines are as many as so many bits need; the filter has a power of two of words.
    static func findPairs(
        lines: Span<UInt32>, filter: Span<UInt32>, bits: Int, prefix: Int, last: Int, count: Int, in nodes: inout [UInt32],
        at result: Int,
        unsure: inout [UInt32]
    ) -> Int {
        let lineCount = lines.count / Int(SK_LINE_WORDS)
        precondition(16...29 ~= bits && 1 << (2 * bits - 32) <= lineCount && lineCount <= TermLines.maximumLineCount)
        precondition(prefix >= 0 && last >= 0 && count >= 0 && max(prefix, last) + count <= result)
        precondition(result + count <= nodes.count && count <= unsure.count)
        let filterShift = filterShift(wordCount: filter.count)
        return unsafe lines.withUnsafeBufferPointer { lines in
            unsafe filter.withUnsafeBufferPointer { filter in
                unsafe nodes.withUnsafeMutableBufferPointer { nodes in
                    let nodes = unsafe nodes.baseAddress.unsafelyUnwrapped
                    return unsafe sk_find_pairs(
                        instructionSet, lines.baseAddress, UInt32(lineCount), UInt32(bits), filter.baseAddress, filterShift,
                        nodes + prefix, nodes + last, count, nodes + result, &unsure)
                }
            }
        }
    }

    private static func filterShift(wordCount: Int) -> UInt32 {
        precondition(wordCount >= 2 && wordCount <= 1 << 31 && wordCount & (wordCount - 1) == 0)
        return UInt32(32 - wordCount.trailingZeroBitCount)
    }

    /// Puts the nodes that have a first part into lines and a filter that are all 0; returns those for which there was no room.
    /// - Precondition: nodes are below 2^`bits`; the lines are as many as so many bits need; the filter has a power of two of words.
    static func placePairs(
        _ parts: [UInt64], bits: Int, in lines: inout [UInt32], filter: inout [UInt32]
    ) -> [UInt32] {
        let lineCount = lines.count / Int(SK_LINE_WORDS)
        precondition(16...29 ~= bits && 1 << (2 * bits - 32) <= lineCount && lineCount <= TermLines.maximumLineCount)
        precondition(parts.count <= 1 << bits)
        var rest = [UInt32](repeating: 0, count: parts.count)
        let filterShift = filterShift(wordCount: filter.count)
        let count = unsafe sk_place_pairs(
            &lines, UInt32(lineCount), UInt32(bits), &filter, filterShift, parts, parts.count, &rest)
        return Array(rest[..<count])
    }

    /// Sets the pairs of the nodes below `pairs.count` that stand in the lines.
    /// - Precondition: the lines are as many as so many bits need.
    static func takePairs(_ lines: Span<UInt32>, bits: Int, into pairs: inout [UInt64]) {
        let lineCount = lines.count / Int(SK_LINE_WORDS)
        precondition(16...29 ~= bits && 1 << (2 * bits - 32) <= lineCount && lineCount <= TermLines.maximumLineCount)
        unsafe lines.withUnsafeBufferPointer { lines in
            unsafe sk_take_pairs(lines.baseAddress, UInt32(lineCount), UInt32(bits), &pairs, pairs.count)
        }
    }

    /// Replaces the first `count` numbers by what stands at their places.
    /// - Precondition: the numbers are below `replacements.count`.
    static func replace(_ numbers: inout [UInt32], count: Int, by replacements: Span<UInt32>) {
        precondition(count >= 0 && count <= numbers.count)
        unsafe replacements.withUnsafeBufferPointer { replacements in
            unsafe sk_replace_numbers(instructionSet, &numbers, count, replacements.baseAddress)
        }
    }

    /// Puts nodes into the first free slots on from the lines of their hashes.
    /// - Precondition: the lines have a free slot for each.
    static func place(_ nodes: Range<Int>, hashes: [UInt64], in lines: inout [UInt32]) {
        let lineCount = lines.count / Int(SK_LINE_WORDS)
        precondition(lineCount > 0 && nodes.lowerBound > 0 && nodes.upperBound <= hashes.count)
        precondition(nodes.upperBound <= lineCount * Int(SK_LINE_SLOTS))
        unsafe sk_place_terms(&lines, UInt32(lineCount), hashes, nodes.lowerBound, nodes.upperBound)
    }

    /// Takes up those of the first `count` keys, from `start` on, that have no node yet, as `sk_insert_terms` says; returns where it
    /// stopped, and how many got new nodes.
    /// - Precondition: the nodes in the lines are those of `known`.
    static func insert(
        lines: inout [UInt32], known: [TermKey], keys: [TermKey], hashes: [UInt64], from start: Int, count: Int,
        into nodes: inout [UInt32], added: inout [UInt32]
    ) -> (end: Int, addedCount: Int) {
        let lineCount = lines.count / Int(SK_LINE_WORDS)
        precondition(lineCount > 0 && start >= 0 && start <= count)
        precondition(count <= keys.count && count <= hashes.count && count <= nodes.count && count <= added.count)
        precondition(known.count + count <= min(lineCount * Int(SK_LINE_SLOTS), Int(Int32.max)))
        var addedCount = 0
        let end = unsafe sk_insert_terms(
            &lines, UInt32(lineCount), known, UInt32(known.count), keys, hashes, start, count, &nodes, &added, &addedCount)
        return (end, addedCount)
    }

    /// Copies the first `count` elements of an array to a place of another one.
    static func copy<Element: BitwiseCopyable>(
        _ source: [Element], count: Int, to target: inout [Element], at place: Int
    ) {
        precondition(count >= 0 && count <= source.count && place >= 0 && place + count <= target.count)
        unsafe source.withUnsafeBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe (to + place).update(from: from, count: count)
            }
        }
    }

    /// The key and the hash of `bytes[start..<end]`.
    /// - Precondition: `Tokenizer.padding` bytes stand behind `end`.
    static func stringKey(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (key: TermKey, hash: UInt64) {
        precondition(start >= 0 && start <= end && max(end, start + 16) <= bytes.count)
        var hash: UInt64 = 0
        let key = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe sk_string_key(bytes.baseAddress.unsafelyUnwrapped + start, end - start, &hash)
        }
        return (key, hash)
    }

    /// The slots of the line that begins at `position` that have the tag, one bit each.
    @inline(__always)
    static func slots(_ lines: Span<UInt32>, line position: Int, tag: UInt8) -> UInt32 {
        precondition(position >= 0 && position + Int(SK_LINE_WORDS) <= lines.count)
        return unsafe lines.withUnsafeBufferPointer { lines in
            unsafe sk_slots_with_tag(lines.baseAddress.unsafelyUnwrapped + position, tag)
        }
    }
}
