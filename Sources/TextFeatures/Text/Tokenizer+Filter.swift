extension Tokenizer {
    /// Removes words shorter than `minimumLength` scalars and words among `stopWords`, and closes the gaps, so that n-grams reach
    /// across them as scikit-learn's do. Wholes of compounds stay, whatever becomes of their parts.
    mutating func removeWords(minimumLength: Int, stopWords: WordSet) {
        guard minimumLength > 1 || !stopWords.isEmpty else { return }
        var kept = 0
        var cursor = 1
        for word in 0..<count where keeps(word, minimumLength, stopWords) {
            let start = Int(starts[word])
            let end = Int(ends[word])
            // Words only move forwards, so that the wholes of compounds behind them are not touched.
            starts[kept] = Int32(truncatingIfNeeded: cursor)
            for position in start..<end {
                bytes[cursor] = bytes[position]
                cursor += 1
            }
            ends[kept] = Int32(truncatingIfNeeded: cursor)
            bytes[cursor] = UInt8(ascii: " ")
            cursor += 1
            if recordsSources {
                sourceStarts[kept] = sourceStarts[word]
                sourceEnds[kept] = sourceEnds[word]
            }
            kept += 1
        }
        let dropped = count - kept
        starts.removeLast(dropped)
        ends.removeLast(dropped)
        joiners.removeAll(keepingCapacity: true)
        if recordsSources {
            sourceStarts.removeLast(dropped)
            sourceEnds.removeLast(dropped)
        }
    }

    private func keeps(_ word: Int, _ minimumLength: Int, _ stopWords: WordSet) -> Bool {
        let span = bytes.span
        let start = Int(starts[word])
        let end = Int(ends[word])
        if end - start < 4 * minimumLength {
            var scalarCount = 0
            for position in start..<end where span[position] & 0xC0 != 0x80 { scalarCount += 1 }
            if scalarCount < minimumLength { return false }
        }
        return !stopWords.contains(span, start, end)
    }
}
