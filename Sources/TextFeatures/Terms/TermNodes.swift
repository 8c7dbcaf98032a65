import CKernels

/// Terms that are looked up together: enough to keep many reads from memory under way, and few enough to stay in the first cache.
struct TermBlock: Sendable {
    static let capacity = 512
    var keys = [TermKey](repeating: TermKey(), count: capacity)
    /// The node of each term; 0 is none.
    var nodes = [UInt32](repeating: 0, count: capacity)
    /// The terms that have to be looked for one by one.
    var unsure = [UInt32](repeating: 0, count: capacity)
}

/// What terms are looked up in: a vocabulary, or a counter that takes up those that are new.
protocol TermIndex {
    /// Sets `block.nodes` for the first `count` of `block.keys`, whose hashes are those from `firstHash` on. Strings lie in `bytes`,
    /// between the pairs of edges from the pair `firstHash` on; n-grams of words have none.
    mutating func find(
        _ block: inout TermBlock, count: Int, hashes: [UInt64], firstHash: Int, bytes: Span<UInt8>, edges: Span<UInt32>)
}

/// The nodes of the words of some fields, and of the n-grams that begin with each of them.
struct WordNodes: Sendable {
    let lengths: ClosedRange<Int>
    /// For each word a row: the nodes of the n-grams of 1, 2, … words; 0 where there is none. What is behind has no meaning.
    private(set) var nodes: [UInt32] = []
    private var hashes: [UInt64] = []
    private var block = TermBlock()
    /// Of n-grams: their hashes and first words; and the hash of the n-gram that begins at each word, where longer ones need it.
    private var ngramHashes = [UInt64](repeating: 0, count: TermBlock.capacity)
    private var positions = [UInt32](repeating: 0, count: TermBlock.capacity)
    private var prefixHashes: [UInt64] = []

    init(_ lengths: ClosedRange<Int>) { self.lengths = lengths }

    /// The length of a row.
    var stride: Int { lengths.upperBound }

    /// Looks up the words of a tokeniser and their n-grams. N-grams do not reach across empty words.
    mutating func find(_ tokenizer: borrowing Tokenizer, in index: inout some TermIndex) {
        let count = tokenizer.count
        if hashes.count < count {
            hashes.append(contentsOf: repeatElement(0, count: count * 5 / 4 - hashes.count))
            nodes.append(contentsOf: repeatElement(0, count: count * 5 / 4 * stride - nodes.count))
        }
        let bytes = tokenizer.bytes.span
        let edges = tokenizer.edges.span
        var first = 0
        while first < count {
            let blockCount = min(count - first, TermBlock.capacity)
            Kernels.stringKeys(bytes, edges, first: first, count: blockCount, into: &block.keys, hashes: &hashes)
            index.find(&block, count: blockCount, hashes: hashes, firstHash: first, bytes: bytes, edges: edges)
            Self.begin(block.nodes, blockCount, rows: &nodes, from: first * stride, stride: stride)
            first += blockCount
        }
        guard stride > 1 else { return }
        if stride > 2, prefixHashes.count < count {
            prefixHashes.append(contentsOf: repeatElement(0, count: count * 5 / 4 - prefixHashes.count))
        }
        for length in 2...stride { findNgrams(length, wordCount: count, bytes, in: &index) }
    }

    private mutating func findNgrams(_ length: Int, wordCount: Int, _ bytes: Span<UInt8>, in index: inout some TermIndex) {
        var first = 0
        while first <= wordCount - length {
            let blockCount = min(wordCount - length + 1 - first, TermBlock.capacity)
            let found = Kernels.ngramKeys(
                length: length, nodes: nodes, stride: stride, prefixHashes: length == 2 ? hashes : prefixHashes,
                wordHashes: hashes, first: first, count: blockCount, into: &block.keys, hashes: &ngramHashes,
                positions: &positions)
            index.find(&block, count: found, hashes: ngramHashes, firstHash: 0, bytes: bytes, edges: Span())
            Self.scatter(block.nodes, found, positions, into: &nodes, from: first * stride + length - 1, stride: stride)
            if length < stride {
                Self.scatter(ngramHashes, found, positions, into: &prefixHashes, from: first, stride: 1)
            }
            first += blockCount
        }
    }

    /// Puts the nodes of words at the beginnings of their rows, and 0 behind.
    private static func begin(_ found: [UInt32], _ count: Int, rows: inout [UInt32], from first: Int, stride: Int) {
        let found = found.span
        var rows = rows.mutableSpan
        for term in 0..<count {
            rows[first + term * stride] = found[term]
            for place in 1..<stride { rows[first + term * stride + place] = 0 }
        }
    }

    private static func scatter<Element>(
        _ found: [Element], _ count: Int, _ positions: [UInt32], into elements: inout [Element], from first: Int, stride: Int
    ) {
        let found = found.span
        let positions = positions.span
        var elements = elements.mutableSpan
        for term in 0..<count { elements[first + Int(positions[term]) * stride] = found[term] }
    }
}

/// The nodes of the n-grams of characters of words, a block at a time.
struct CharacterNodes: Sendable {
    let lengths: ClosedRange<Int>
    private var block = TermBlock()
    private var hashes = [UInt64](repeating: 0, count: TermBlock.capacity)
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
        Kernels.stringKeys(bytes, edges.span, first: 0, count: count, into: &block.keys, hashes: &hashes)
        index.find(&block, count: count, hashes: hashes, firstHash: 0, bytes: bytes, edges: edges.span)
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
