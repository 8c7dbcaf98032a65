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
        numbers = [UInt32](repeating: 0, count: vocabulary.nodeCount)
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
            guard case .ngram(let prefix, let word) = old.parts(of: node) else { return true }
            guard add(word), add(prefix) else { return false }
            node = prefix
        }
        return false
    }

    func vocabulary(count: Int) -> Vocabulary? {
        var parts: [UInt64] = [0]
        var keys = [TermKey()]
        var hashes: [UInt64] = [0]
        var long = LongStrings()
        for node in kept {
            switch old.parts(of: node) {
            case .ngram(let prefix, let word):
                guard prefix < numbers.count, word < numbers.count else { return nil }
                parts.append(TermParts.ngram(prefix: Int(numbers[prefix]), word: Int(numbers[word])).packed)
            case .string(let number):
                guard var key = old.key(number) else { return nil }
                parts.append(TermParts.string(keys.count).packed)
                hashes.append(TermLines.hash(key))
                if TermLines.isLong(key) {
                    guard let text = old.longString(TermLines.longNumber(key)) else { return nil }
                    key = TermLines.longKey(hash: key.low, number: long.count)
                    long.append(text.span, 0, text.count)
                }
                keys.append(key)
            }
        }
        return Vocabulary(parts: parts, keys: keys, hashes: hashes, long: long, count: count)
    }
}
