/// A set of words that is asked without making a `String` or an array of each.
struct WordSet: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// The number of a word + 1 at the place its hash says or behind it, or 0.
    private var slots: [Int32]

    init(_ words: [[UInt8]]) {
        var size = 1
        while size < 2 * words.count + 1 { size *= 2 }
        slots = [Int32](repeating: 0, count: size)
        for word in words {
            let padded = word + [UInt8](repeating: 0, count: Tokenizer.padding)
            guard !contains(padded.span, 0, word.count) else { continue }
            var slot = Int(truncatingIfNeeded: TermHash.hash(padded.span, 0, word.count)) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            bytes += word
            ends.append(bytes.count)
            slots[slot] = Int32(ends.count)
        }
    }

    var isEmpty: Bool { ends.isEmpty }

    /// Whether it holds the word `text[start..<end]`, which has `Tokenizer.padding` behind it.
    func contains(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard !ends.isEmpty else { return false }
        var slot = Int(truncatingIfNeeded: TermHash.hash(text, start, end)) & (slots.count - 1)
        while slots[slot] != 0 {
            if isEqual(Int(slots[slot]) - 1, text, start, end) { return true }
            slot = (slot + 1) & (slots.count - 1)
        }
        return false
    }

    private func isEqual(_ word: Int, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        let first = word == 0 ? 0 : ends[word - 1]
        guard ends[word] - first == end - start else { return false }
        for position in 0..<end - start where bytes[first + position] != text[start + position] { return false }
        return true
    }
}
