import CKernels

typealias TermKey = sk_key
typealias TermRecord = sk_term_record

/// The kernels of `CKernels`, with what they rely on checked: the one place of this module that takes addresses.
///
/// What a kernel reads and writes lies in the arrays and spans that are passed here, and the preconditions say that it lies inside of
/// them: positions that come from the data (edges of words, nodes of terms) are either made by another kernel under the same
/// preconditions, or compared with the size of the table by the kernel itself.
enum Kernels {
    /// The best set of instructions of this machine.
    static let instructionSet = sk_instruction_set()

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

    /// Keys and hashes of the strings between `count` pairs of edges, from the pair `first` on; the hashes go to the places of the
    /// strings, the keys to the beginning of `keys`.
    /// - Precondition: `Tokenizer.padding` bytes may be read behind the last edge.
    static func stringKeys(
        _ bytes: Span<UInt8>, _ edges: Span<UInt32>, first: Int, count: Int, into keys: inout [TermKey], hashes: inout [UInt64]
    ) {
        precondition(first >= 0 && count >= 0 && 2 * (first + count) <= edges.count)
        precondition(count <= keys.count && first + count <= hashes.count)
        // Edges ascend, but for those of n-grams of characters, none of which reaches beyond its word.
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe edges.withUnsafeBufferPointer { edges in
                unsafe keys.withUnsafeMutableBufferPointer { keys in
                    unsafe hashes.withUnsafeMutableBufferPointer { hashes in
                        unsafe sk_word_keys(
                            bytes.baseAddress.unsafelyUnwrapped, edges.baseAddress.unsafelyUnwrapped + 2 * first, count,
                            keys.baseAddress, hashes.baseAddress.unsafelyUnwrapped + first)
                    }
                }
            }
        }
    }

    /// Keys, hashes and positions of the n-grams of `length` words that begin at `count` words from `first` on and whose parts are
    /// known; returns how many there are. `nodes` has a row of `stride` nodes for each word: those of the n-grams of 1, 2, … words.
    static func ngramKeys(
        length: Int, nodes: [UInt32], stride: Int, prefixHashes: [UInt64], wordHashes: [UInt64], first: Int, count: Int,
        into keys: inout [TermKey], hashes: inout [UInt64], positions: inout [UInt32]
    ) -> Int {
        let last = first + length - 1
        precondition(length >= 2 && length <= stride && first >= 0 && count >= 0)
        precondition((last + count) * stride <= nodes.count && last + count <= wordHashes.count)
        precondition(first + count <= prefixHashes.count)
        precondition(count <= keys.count && count <= hashes.count && count <= positions.count)
        guard count > 0 else { return 0 }
        return unsafe nodes.withUnsafeBufferPointer { nodes in
            unsafe prefixHashes.withUnsafeBufferPointer { prefixHashes in
                unsafe wordHashes.withUnsafeBufferPointer { wordHashes in
                    let nodes = unsafe nodes.baseAddress.unsafelyUnwrapped
                    return unsafe sk_ngram_keys(
                        nodes + first * stride + length - 2, nodes + last * stride, stride,
                        prefixHashes.baseAddress.unsafelyUnwrapped + first, wordHashes.baseAddress.unsafelyUnwrapped + last,
                        count,
                        &keys, &hashes, &positions)
                }
            }
        }
    }

    /// Looks `count` terms up: `nodes` gets the node of each that is known, and `unsure` the positions of those that must be looked
    /// for one by one, whose number is returned. `hashes` are those from `firstHash` on.
    static func find(
        lines: Span<UInt32>, known: Span<TermKey>, keys: [TermKey], hashes: [UInt64], firstHash: Int, count: Int,
        into nodes: inout [UInt32], unsure: inout [UInt32]
    ) -> Int {
        let lineCount = lines.count / Int(SK_LINE_WORDS)
        precondition(lineCount > 0 && known.count > 0 && count >= 0 && firstHash >= 0)
        precondition(count <= keys.count && firstHash + count <= hashes.count && count <= nodes.count && count <= unsure.count)
        return unsafe lines.withUnsafeBufferPointer { lines in
            unsafe known.withUnsafeBufferPointer { known in
                unsafe hashes.withUnsafeBufferPointer { hashes in
                    unsafe nodes.withUnsafeMutableBufferPointer { nodes in
                        unsafe sk_candidates(
                            lines.baseAddress, UInt32(lineCount), hashes.baseAddress.unsafelyUnwrapped + firstHash, count,
                            nodes.baseAddress)
                        return unsafe sk_confirm(
                            known.baseAddress, UInt32(clamping: known.count), keys, count, nodes.baseAddress, &unsure)
                    }
                }
            }
        }
    }

    /// Adds the terms of `rows`, each of `stride` nodes of which the first `skipped` do not count, to the sums; returns how many were
    /// known. `list` must have room for all of them and one more.
    static func add(
        _ nodes: Span<UInt32>, rows: Range<Int>, stride: Int, skipped: Int, weight: Float, to sums: inout [Float],
        list: inout [UInt32], listCount: inout Int
    ) -> Int {
        precondition(rows.lowerBound >= 0 && rows.upperBound * stride <= nodes.count && skipped >= 0 && sums.count > 0)
        precondition(listCount >= 0 && listCount + rows.count * stride < list.count)
        guard !rows.isEmpty else { return 0 }
        return unsafe nodes.withUnsafeBufferPointer { nodes in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe sk_add_terms(
                    nodes.baseAddress.unsafelyUnwrapped + rows.lowerBound * stride, rows.count, stride, skipped,
                    UInt32(sums.count - 1), weight, sums.baseAddress, &list, &listCount)
            }
        }
    }

    /// Counts the terms of `rows` into the row of an article, as `sk_count_terms` says.
    /// - Precondition: every node is one of `records`; `rowTerms` and `rowCounts` have room for all of them.
    static func count(
        _ nodes: [UInt32], rows: Range<Int>, stride: Int, skipped: Int, weight: Float, article: Int32,
        records: inout [TermRecord], rowTerms: inout [UInt32], rowCounts: inout [Float], rowCount: inout Int
    ) {
        precondition(rows.lowerBound >= 0 && rows.upperBound * stride <= nodes.count && skipped >= 0 && rowCount >= 0)
        precondition(rowCount + rows.count * stride <= min(rowTerms.count, rowCounts.count))
        guard !rows.isEmpty else { return }
        unsafe nodes.withUnsafeBufferPointer { nodes in
            unsafe records.withUnsafeMutableBufferPointer { records in
                unsafe sk_count_terms(
                    nodes.baseAddress.unsafelyUnwrapped + rows.lowerBound * stride, rows.count, stride, skipped, weight, article,
                    records.baseAddress, &rowTerms, &rowCounts, &rowCount)
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
