extension Tokenizer {
    /// Removes, of the text added last, words shorter than `minimumLength` scalars and words among `stopWords`, so that n-grams reach
    /// across them as scikit-learn's do. Wholes of compounds stay, whatever becomes of their parts.
    mutating func removeWords(minimumLength: Int, stopWords: WordSet) {
        guard minimumLength > 1 || !stopWords.isEmpty else { return }
        var kept = firstWord
        for word in firstWord..<count where keeps(word, minimumLength, stopWords) {
            edges[2 * kept] = edges[2 * word]
            edges[2 * kept + 1] = edges[2 * word + 1]
            if recordsSources {
                sourceStarts[kept] = sourceStarts[word]
                sourceEnds[kept] = sourceEnds[word]
            }
            kept += 1
        }
        let dropped = count - kept
        edgeCount = 2 * kept
        if recordsJoiners { joiners.removeLast(dropped) }
        if recordsSources {
            sourceStarts.removeLast(dropped)
            sourceEnds.removeLast(dropped)
        }
    }

    private func keeps(_ word: Int, _ minimumLength: Int, _ stopWords: WordSet) -> Bool {
        let range = range(of: word)
        let span = bytes.span
        if range.count < 4 * minimumLength {
            var scalarCount = 0
            for position in range where span[position] & 0xC0 != 0x80 { scalarCount += 1 }
            if scalarCount < minimumLength { return false }
        }
        return !stopWords.contains(span, range.lowerBound, range.upperBound)
    }
}
