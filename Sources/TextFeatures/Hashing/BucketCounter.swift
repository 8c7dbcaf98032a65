/// The buckets of one block while they are filled.
struct BucketCounter {
    private var enumerator: TermEnumerator
    private var buckets: Buckets
    private(set) var documentFrequencies: [Int32]
    private var lastArticles: [Int32]
    /// Where the name of each bucket lies in `names`: first and last position.
    private(set) var nameOffsets: [UInt32]
    private(set) var names: [UInt8] = []

    /// Longer terms give no names.
    private static let maximumNameLength = 1000

    init(_ kind: TermKind, bits: Int) {
        enumerator = TermEnumerator(kind)
        buckets = Buckets(bits: bits)
        documentFrequencies = [Int32](repeating: 0, count: 1 << bits)
        lastArticles = [Int32](repeating: -1, count: 1 << bits)
        nameOffsets = [UInt32](repeating: 0, count: 2 << bits)
    }

    /// Counts the terms of the fields of a scanner.
    ///
    /// - Parameter firstArticle: the number of the articles of earlier batches, whose numbers begin at 0 in every batch.
    mutating func count(_ scanner: borrowing FieldScanner, firstArticle: Int) {
        var enumerator = self.enumerator
        var buckets = self.buckets
        enumerator.forEachTerm(scanner, in: &buckets) { field, node, place in
            let bucket = node - 1
            let article = Int32(truncatingIfNeeded: firstArticle + Int(field.article))
            guard lastArticles[bucket] != article else { return }
            lastArticles[bucket] = article
            if documentFrequencies[bucket] == 0 { name(bucket, scanner.tokenizer, place) }
            documentFrequencies[bucket] += 1
        }
        self.enumerator = enumerator
    }

    private mutating func name(_ bucket: Int, _ tokenizer: borrowing Tokenizer, _ place: TermPlace) {
        let start = names.count
        guard start < Int(UInt32.max) - Self.maximumNameLength else { return }
        // A giant is not copied to see how long it is.
        for word in place.words ?? 0..<0 where tokenizer.range(of: word).count > Self.maximumNameLength { return }
        tokenizer.appendText(of: place, to: &names)
        guard names.count - start <= Self.maximumNameLength else { return names.removeLast(names.count - start) }
        nameOffsets[2 * bucket] = UInt32(start)
        nameOffsets[2 * bucket + 1] = UInt32(names.count)
    }
}
