extension Tokenizer {
    /// Removes words shorter than `minimumLength` scalars and words among `stopWords`, and closes the gaps, so that n-grams reach
    /// across them as scikit-learn's do.
    mutating func removeWords(minimumLength: Int, stopWords: Set<[UInt8]>) {
        guard minimumLength > 1 || !stopWords.isEmpty else { return }
        keepWords { word in
            let scalarCount = word.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
            return scalarCount >= minimumLength && (stopWords.isEmpty || !stopWords.contains(Array(word)))
        }
    }
}
