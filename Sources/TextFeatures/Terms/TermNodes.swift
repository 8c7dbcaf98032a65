import CKernels

/// Terms that are looked up together: enough to keep many reads from memory under way, and few enough to stay in the first cache.
struct TermBlock: Sendable {
    static let capacity = 512
    var keys = [TermKey](repeating: TermKey(), count: capacity)
    var hashes = [UInt64](repeating: 0, count: capacity)
    /// The node of each term; 0 is none.
    var nodes = [UInt32](repeating: 0, count: capacity)
    /// The terms that have to be looked for one by one.
    var unsure = [UInt32](repeating: 0, count: capacity)
}

/// What terms are looked up in: a vocabulary, or a counter that takes up those that are new.
protocol TermIndex {
    /// Sets `block.nodes` for the first `count` strings of the block, given by their keys and hashes. They lie in `bytes`, between the pairs
    /// of edges from the pair `first` on.
    mutating func find(_ block: inout TermBlock, count: Int, first: Int, bytes: Span<UInt8>, edges: Span<UInt32>)

    /// Replaces by 0 the nodes that are no features, when all n-grams that begin with them have been looked up. It may leave those that
    /// are above all features.
    func removeUnused(from nodes: inout [UInt32], _ range: Range<Int>)
}

/// A term index that has n-grams of words, too.
protocol NgramIndex: TermIndex {
    /// Whether n-grams are found by hashes, which are kept for all terms then.
    static var usesHashes: Bool { get }

    /// Sets the nodes of `count` n-grams of one length, from `result` on, from their parts: the n-grams shorter by one that begin at the same
    /// words, and the words that end them, whose nodes stand from `prefix` and from `last` on; 0 where one of these is 0. Hashes, if they are
    /// used, stand in the same places. What `unsure` holds is overwritten.
    mutating func findNgrams(
        prefix: Int, last: Int, count: Int, in nodes: inout [UInt32], hashes: inout [UInt64], at result: Int,
        unsure: inout [UInt32])
}

extension TermIndex {
    func removeUnused(from nodes: inout [UInt32], _ range: Range<Int>) {}
}

/// The nodes of the words of some fields, and of the n-grams that begin with each of them.
struct WordNodes: Sendable {
    let lengths: ClosedRange<Int>
    /// For each length from 1 on the nodes of the n-grams that begin at each word, 0 where there is none: those of length n stand from
    /// `start(n)` on.
    private(set) var nodes: [UInt32] = []
    /// Their hashes, in the same places, where these are used.
    private var hashes: [UInt64] = []
    private var capacity = 0
    private var block = TermBlock()

    init(_ lengths: ClosedRange<Int>) { self.lengths = lengths }

    /// Where the nodes of the n-grams of one length begin.
    func start(_ length: Int) -> Int { (length - 1) * capacity }

    /// Where the nodes of the n-grams of one length of a field stand.
    func range(_ length: Int, of field: FieldScanner.Field) -> Range<Int> {
        let first = start(length) + field.words.lowerBound
        if length == 1 { return first..<start(1) + field.entries.upperBound }
        return first..<max(first, first + field.words.count - length + 1)
    }

    /// Appends the features among the n-grams of some lengths of a field.
    func appendKnown(_ lengths: ClosedRange<Int>, of field: FieldScanner.Field, to known: inout KnownTerms) {
        for length in lengths { known.append(nodes.span, range(length, of: field)) }
    }

    /// Looks up the words of a tokeniser, without n-grams of several.
    mutating func findWords(_ tokenizer: borrowing Tokenizer, in index: inout some TermIndex) {
        findWords(tokenizer, in: &index, keepsHashes: false)
    }

    private mutating func findWords(_ tokenizer: borrowing Tokenizer, in index: inout some TermIndex, keepsHashes: Bool) {
        let count = tokenizer.count
        if capacity < count {
            capacity = count * 5 / 4
            nodes = [UInt32](repeating: 0, count: capacity * lengths.upperBound)
        }
        if keepsHashes, hashes.count < nodes.count { hashes = [UInt64](repeating: 0, count: nodes.count) }
        let bytes = tokenizer.bytes.span
        let edges = tokenizer.edges.span
        var first = 0
        while first < count {
            let blockCount = min(count - first, TermBlock.capacity)
            Kernels.stringKeys(bytes, edges, first: first, count: blockCount, into: &block.keys, hashes: &block.hashes)
            index.find(&block, count: blockCount, first: first, bytes: bytes, edges: edges)
            Kernels.copy(block.nodes, count: blockCount, to: &nodes, at: first)
            if keepsHashes { Kernels.copy(block.hashes, count: blockCount, to: &hashes, at: first) }
            first += blockCount
        }
    }

    /// Looks up the words of a tokeniser and their n-grams. N-grams do not reach across empty words.
    mutating func find<Index: NgramIndex>(_ tokenizer: borrowing Tokenizer, in index: inout Index) {
        findWords(tokenizer, in: &index, keepsHashes: Index.usesHashes && lengths.upperBound > 1)
        let count = tokenizer.count
        for length in 1...lengths.upperBound where length > 1 {
            let start = self.start(length)
            var first = 0
            while first <= count - length {
                let blockCount = min(count - length + 1 - first, TermBlock.capacity)
                index.findNgrams(
                    prefix: start - capacity + first, last: first + length - 1, count: blockCount, in: &nodes, hashes: &hashes,
                    at: start + first, unsure: &block.unsure)
                first += blockCount
            }
        }
        for length in 1...lengths.upperBound { index.removeUnused(from: &nodes, start(length)..<start(length) + count) }
    }
}

/// The nodes of the n-grams of characters of words, a block at a time.
struct CharacterNodes: Sendable {
    let lengths: ClosedRange<Int>
    private var block = TermBlock()
    /// Where the terms of the block begin and end.
    private var edges = [UInt32](repeating: 0, count: 2 * TermBlock.capacity)
    private(set) var count = 0

    init(_ lengths: ClosedRange<Int>) { self.lengths = lengths }

    /// The nodes of the `count` terms of the block.
    var nodes: [UInt32] { block.nodes }
    /// Where a term of the block lies.
    func range(of term: Int) -> Range<Int> { Int(edges[2 * term])..<Int(edges[2 * term + 1]) }

    /// Looks up the n-grams of the words, and calls `body` for each block of them that is full, and for the last one.
    ///
    /// They are runs of so many characters within a word, the spaces before and behind it included, so that beginnings and ends of
    /// words differ from their middles; a word that is shorter than a length counts once, as a whole (scikit-learn's `char_wb`).
    @inline(__always)
    mutating func find<Index: TermIndex>(
        _ tokenizer: borrowing Tokenizer, words: Range<Int>, in index: inout Index,
        _ body: (inout Index, borrowing CharacterNodes) -> Void
    ) {
        let bytes = tokenizer.bytes.span
        for word in words {
            let range = tokenizer.range(of: word)
            forEachTerm(bytes, range.lowerBound - 1, range.upperBound + 1) { terms, start, end in
                terms.append(start, end)
                if terms.count == TermBlock.capacity {
                    terms.find(bytes, in: &index)
                    body(&index, terms)
                    terms.count = 0
                }
            }
        }
        guard count > 0 else { return }
        find(bytes, in: &index)
        body(&index, self)
        count = 0
    }

    @inline(__always)
    private mutating func append(_ start: Int, _ end: Int) {
        edges[2 * count] = UInt32(truncatingIfNeeded: start)
        edges[2 * count + 1] = UInt32(truncatingIfNeeded: end)
        count += 1
    }

    private mutating func find(_ bytes: Span<UInt8>, in index: inout some TermIndex) {
        let edges = self.edges
        Kernels.stringKeys(bytes, edges.span, first: 0, count: count, into: &block.keys, hashes: &block.hashes)
        index.find(&block, count: count, first: 0, bytes: bytes, edges: edges.span)
        index.removeUnused(from: &block.nodes, 0..<count)
    }

    /// Calls `body` with first and end position of every n-gram of the word that lies, with its spaces, in `bytes[first..<last]`.
    @inline(__always)
    private mutating func forEachTerm(
        _ bytes: Span<UInt8>, _ first: Int, _ last: Int, _ body: (inout CharacterNodes, Int, Int) -> Void
    ) {
        for length in lengths {
            var start = first
            var end = first
            var count = 0
            while end < last, count < length {
                end = Self.nextScalar(bytes, end, last)
                count += 1
            }
            body(&self, start, end)
            if end == last { break }
            while end < last {
                start = Self.nextScalar(bytes, start, last)
                end = Self.nextScalar(bytes, end, last)
                body(&self, start, end)
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
