/// Which n-grams of a text are terms.
enum TermKind: Sendable, Equatable {
    /// Runs of so many words.
    case words(ClosedRange<Int>)
    /// Runs of so many characters within a word, the spaces before and behind it included, so that beginnings and ends of words
    /// differ from their middles; a word that is shorter than a length counts once, as a whole (scikit-learn's `char_wb`).
    case characters(ClosedRange<Int>)
}

extension Tokenizer {
    /// Calls `body` with hash, bytes, first and end position of every term of the words, in order of their first word (or
    /// character); the wholes of compounds, which are terms of one word, come last. Needs `hashWords()` before terms of words.
    @inline(__always)
    func forEachTerm(of kind: TermKind, _ body: (UInt64, Span<UInt8>, Int, Int) -> Void) {
        switch kind {
        case .words(let lengths): forEachWordTerm(lengths, body)
        case .characters(let lengths): forEachCharacterTerm(lengths, body)
        }
    }

    @inline(__always)
    private func forEachWordTerm(_ lengths: ClosedRange<Int>, _ body: (UInt64, Span<UInt8>, Int, Int) -> Void) {
        let bytes = self.bytes.span
        let starts = self.starts.span
        let ends = self.ends.span
        let hashes = wordHashes.span
        for word in 0..<starts.count {
            let start = Int(starts[word])
            var hash = hashes[word]
            if lengths.lowerBound == 1 { body(hash, bytes, start, Int(ends[word])) }
            var length = 2
            while length <= lengths.upperBound, word + length <= starts.count {
                hash = TermHash.extended(hash, by: hashes[word + length - 1])
                if length >= lengths.lowerBound { body(hash, bytes, start, Int(ends[word + length - 1])) }
                length += 1
            }
        }
        if lengths.lowerBound == 1 {
            for position in 0..<compounds.count {
                let start = Int(compounds[position].start)
                let end = Int(compounds[position].end)
                body(TermHash.hash(bytes, start, end), bytes, start, end)
            }
        }
    }

    @inline(__always)
    private func forEachCharacterTerm(_ lengths: ClosedRange<Int>, _ body: (UInt64, Span<UInt8>, Int, Int) -> Void) {
        let bytes = self.bytes.span
        for word in 0..<starts.count {
            // The word with the space before and the space behind it.
            let first = Int(starts[word]) - 1
            let last = Int(ends[word]) + 1
            for length in lengths {
                var start = first
                var end = first
                var count = 0
                while end < last, count < length {
                    end = Self.nextScalar(bytes, end, last)
                    count += 1
                }
                body(TermHash.hash(bytes, start, end), bytes, start, end)
                if end == last { break }
                while end < last {
                    start = Self.nextScalar(bytes, start, last)
                    end = Self.nextScalar(bytes, end, last)
                    body(TermHash.hash(bytes, start, end), bytes, start, end)
                }
            }
        }
    }

    /// The position behind the scalar that begins at `position`, in well-formed UTF-8 that ends at `last`; what stands there may be
    /// left over from another text.
    @inline(__always)
    private static func nextScalar(_ bytes: Span<UInt8>, _ position: Int, _ last: Int) -> Int {
        var next = position + 1
        while next < last, bytes[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}
