extension FieldScanner {
    /// Where the term at `start..<end` of the normalised words lies in the text as it was given: from the first word it touches to
    /// the last. O(log words).
    func sourceRange(_ start: Int, _ end: Int) -> Range<Int> { tokenizer.sourceRange(start, end) }
}

extension Tokenizer {
    func sourceRange(_ start: Int, _ end: Int) -> Range<Int> {
        if let firstCompound = compounds.first, start >= Int(firstCompound.start) {
            let compound = partition(compounds.count) { Int(compounds[$0].end) > start }
            guard compound < compounds.count else { return 0..<0 }
            return Int(compounds[compound].source.lowerBound)..<Int(compounds[compound].source.upperBound)
        }
        // The first word that ends behind `start`, and the last that begins before `end`.
        let first = partition(count) { range(of: $0).upperBound > start }
        let last = partition(count) { range(of: $0).lowerBound >= end } - 1
        guard first <= last else { return 0..<0 }
        return Int(sourceStarts[first])..<Int(sourceEnds[last])
    }

    /// The first position for which `isBehind` holds, in an ascending sequence.
    private func partition(_ count: Int, _ isBehind: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
