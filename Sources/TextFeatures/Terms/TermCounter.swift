import CKernels
import LinearAlgebra
import TextClassification

/// Counts the terms of texts: every term with the number of articles it occurs in, and for every article its terms with their counts.
///
/// One counter belongs to one thread and counts the terms of one kind; `Vocabulary.fitted` joins counters.
struct TermCounter: Sendable {
    /// The terms, and what n-grams begin with.
    private(set) var table: TermTable
    private var records = [TermRecord(article: -1, place: 0, document_frequency: 0)]
    /// In how many articles each node's term occurs, when all have been counted.
    private(set) var documentFrequencies: [Int32] = []

    /// For each article its terms and their weighted counts, in order of first occurrence.
    private(set) var rowOffsets: [Int] = [0]
    /// Of their elements the first `elementCount` have a meaning.
    private(set) var rowTerms: [UInt32] = []
    private(set) var rowCounts: [Float] = []
    private var elementCount = 0

    private let kind: TermKind
    private var words = WordNodes(1...1)
    private var characters: CharacterNodes?
    private var article: Int32

    /// - Parameter byteCount: how much text will come, for a guess at how many terms there are.
    init(_ kind: TermKind, firstArticle: Int, byteCount: Int) {
        self.kind = kind
        let expectedCount = min(byteCount / 16, 1 << 24)
        table = TermTable(capacity: expectedCount)
        records.reserveLargePages(expectedCount)
        article = Int32(firstArticle)
        switch kind {
        case .words(let lengths):
            words = WordNodes(lengths)
            // A word, and each n-gram that begins with it, take six bytes of English.
            rowTerms.reserveLargePages(byteCount * lengths.count / 5)
            rowCounts.reserveLargePages(byteCount * lengths.count / 5)
        case .characters(let lengths): characters = CharacterNodes(lengths)
        }
    }

    var rowCount: Int { rowOffsets.count - 1 }

    /// Ends counting: keeps of what it took the frequencies alone.
    mutating func finish() {
        reserveRecords()
        documentFrequencies = records.map(\.document_frequency)
        records = []
    }

    /// Forgets the terms and keeps the rows.
    mutating func removeTerms() {
        table = TermTable(capacity: 0)
        documentFrequencies = []
    }

    /// Calls `body` with the node and the count of every element.
    func forEachElement(_ body: (Int, Float) -> Void) {
        for position in 0..<elementCount { body(Int(rowTerms[position]), rowCounts[position]) }
    }

    /// The largest of the table's lengths that may be.
    var longestLength: Int {
        guard case .words(let lengths) = kind else { return 0 }
        return lengths.upperBound - 1
    }

    /// The lengths of n-grams that are terms, less one; the others only begin or end some.
    var termLengths: ClosedRange<UInt8> {
        guard case .words(let lengths) = kind else { return 0...0 }
        return UInt8(lengths.lowerBound - 1)...UInt8(lengths.upperBound - 1)
    }

    /// Counts the terms of the fields of a scanner, which are those of the next articles.
    mutating func count(_ scanner: borrowing FieldScanner, articles: Range<Int>) {
        if case .words = kind { words.find(scanner.tokenizer, in: &table) }
        reserveRecords()
        var field = 0
        for number in articles {
            while field < scanner.fields.count, scanner.fields[field].article == number {
                count(scanner, scanner.fields[field])
                field += 1
            }
            rowOffsets.append(elementCount)
            article += 1
        }
    }

    private mutating func count(_ scanner: borrowing FieldScanner, _ field: FieldScanner.Field) {
        switch kind {
        case .words(let lengths):
            for length in lengths { count(words.nodes, words.range(length, of: field), weight: field.weight) }
        case .characters:
            guard var characters else { return }
            self.characters = nil
            characters.find(scanner.tokenizer, words: field.words, in: &self) { counter, terms in
                counter.reserveRecords()
                counter.count(terms.nodes, 0..<terms.count, weight: field.weight)
            }
            self.characters = characters
        }
    }

    private mutating func reserveRecords() {
        let missing = table.count - records.count
        if missing > 0 {
            records.append(
                contentsOf: repeatElement(TermRecord(article: -1, place: 0, document_frequency: 0), count: missing))
        }
    }

    private mutating func count(_ nodes: [UInt32], _ range: Range<Int>, weight: Float) {
        if rowTerms.count < elementCount + range.count { growRows(range.count) }
        Kernels.count(
            nodes, range, weight: weight, article: article, records: &records, rowTerms: &rowTerms, rowCounts: &rowCounts,
            rowCount: &elementCount)
    }
}

extension TermCounter {
    /// Makes room for more elements, some thousands at a time, so that they are still in the cache when they are written.
    @inline(never)
    private mutating func growRows(_ added: Int) {
        let count = elementCount + added + 8192
        if count > rowTerms.capacity {
            rowTerms.reserveLargePages(2 * count)
            rowCounts.reserveLargePages(2 * count)
        }
        rowTerms.append(contentsOf: repeatElement(0, count: count - rowTerms.count))
        rowCounts.append(contentsOf: repeatElement(0, count: count - rowCounts.count))
    }
}

extension TermCounter: TermIndex {
    mutating func find(
        _ block: inout TermBlock, count: Int, hashes: [UInt64], firstHash: Int, bytes: Span<UInt8>, edges: Span<UInt32>
    ) {
        table.find(&block, count: count, hashes: hashes, firstHash: firstHash, bytes: bytes, edges: edges)
    }
}
