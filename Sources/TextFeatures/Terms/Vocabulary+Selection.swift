import CKernels

extension Vocabulary {
    /// The vocabulary of some features, given in ascending order, which get the numbers 0, 1, …: with the words and n-grams that they
    /// consist of. `nil` where the keys do not hang together, which no vocabulary that was fitted does.
    /// - Complexity: O(features), in a table as large as the vocabulary.
    func selecting(_ features: [Int]) -> Vocabulary? {
        var selection = VocabularySelection(self)
        for feature in features where !selection.add(feature + 1) { return nil }
        for feature in features where !selection.addParts(of: feature + 1) { return nil }
        return selection.vocabulary(count: features.count)
    }
}

/// The nodes that are kept, in their new order, and what becomes of them.
private struct VocabularySelection {
    private let old: Vocabulary
    /// The kept nodes of the old vocabulary.
    private var kept: [Int] = []
    /// The new node of each old one; 0 where it is not kept.
    private var numbers: [UInt32]

    init(_ vocabulary: Vocabulary) {
        old = vocabulary
        numbers = [UInt32](repeating: 0, count: vocabulary.keys.count)
    }

    /// Keeps a node; returns whether there is such a one.
    mutating func add(_ node: Int) -> Bool {
        guard node > 0, node < numbers.count else { return false }
        if numbers[node] == 0 {
            kept.append(node)
            numbers[node] = UInt32(kept.count)
        }
        return true
    }

    /// Keeps the words and n-grams that an n-gram begins with or ends with; returns whether there are such ones.
    mutating func addParts(of node: Int) -> Bool {
        var node = node
        // No n-gram has more words than there are nodes.
        for _ in 0..<numbers.count {
            let key = old.keys[node]
            guard TermLines.isNgram(key) else { return true }
            let parts = TermLines.parts(key)
            guard add(Int(parts.word)), add(Int(parts.prefix)) else { return false }
            node = Int(parts.prefix)
        }
        return false
    }

    func vocabulary(count: Int) -> Vocabulary? {
        var keys = [TermKey()]
        var long = LongStrings()
        for node in kept {
            let key = old.keys[node]
            if TermLines.isNgram(key) {
                let parts = TermLines.parts(key)
                keys.append(TermLines.ngramKey(prefix: numbers[Int(parts.prefix)], word: numbers[Int(parts.word)]))
            } else if TermLines.isLong(key) {
                guard let text = old.longString(TermLines.longNumber(key)) else { return nil }
                keys.append(TermLines.longKey(hash: key.low, number: long.count))
                long.append(text.span, 0, text.count)
            } else {
                keys.append(key)
            }
        }
        var hashes = [UInt64](repeating: 0, count: keys.count)
        for node in keys.indices.dropFirst() { hashes[node] = Self.hash(node, keys, wordCount: 1 << 10) }
        return Vocabulary(keys: keys, hashes: hashes, long: long, count: count)
    }

    /// The hash of a term, from those of its parts.
    private static func hash(_ node: Int, _ keys: [TermKey], wordCount: Int) -> UInt64 {
        let key = keys[node]
        guard TermLines.isNgram(key), wordCount > 0 else {
            return TermLines.isLong(key) ? key.low : sk_short_hash(key.low, key.high)
        }
        let parts = TermLines.parts(key)
        return sk_ngram_hash(
            hash(Int(parts.prefix), keys, wordCount: wordCount - 1), hash(Int(parts.word), keys, wordCount: 0))
    }
}
