import CKernels
import LinearAlgebra
import TextClassification

/// The strings of some articles, in their order, as nodes of a table: words, or n-grams of characters.
///
/// Belongs to one thread and holds the strings of one kind of terms; `CountedTerms` joins sequences.
struct TermSequence: Sendable {
    /// Where a title or a body ends in the sequence, and what an occurrence in it counts.
    struct Field: BitwiseCopyable, Sendable {
        var end: UInt32
        let weight: Float
    }

    private(set) var table: TermTable
    private var records = [TermRecord(article: -1, document_frequency: 0)]
    /// The strings: a node of the table, 0 between words that belong to no n-gram, and `SK_REPEATED` where the same string stands further
    /// to the front in the same article. Of its elements the first `count` have a meaning.
    private(set) var terms: [UInt32] = []
    private(set) var count = 0
    private(set) var fields: [Field] = []
    /// Where each article ends, among the strings and among the fields.
    private(set) var articleEnds: [UInt32] = []
    private(set) var fieldEnds: [UInt32] = []

    private let kind: TermKind
    private var words = WordNodes(1...1)
    private var characters: CharacterNodes?
    private var article: Int32 = 0

    /// - Parameter byteCount: how much text will come, for a guess at how many strings there are.
    init(_ kind: TermKind, byteCount: Int) {
        self.kind = kind
        let expectedCount = min(byteCount / 64, 1 << 24)
        table = TermTable(capacity: expectedCount)
        switch kind {
        // A word takes six bytes of English.
        case .words: terms.reserveLargePages(byteCount / 5)
        case .characters(let lengths):
            characters = CharacterNodes(lengths)
            terms.reserveLargePages(byteCount * lengths.count)
        }
    }

    /// In how many articles the string of each node occurs.
    var documentFrequencies: [Int32] { records.map(\.document_frequency) }

    /// Ends counting: forgets the table and the frequencies, and keeps the sequence.
    mutating func removeTable() -> TermTable {
        let own = table
        table = TermTable(capacity: 0)
        records = []
        return own
    }

    /// Takes up the fields of a scanner, which are those of the next articles.
    mutating func append(_ scanner: borrowing FieldScanner, articles: Range<Int>) {
        if case .words = kind { words.findWords(scanner.tokenizer, in: &table) }
        reserveRecords()
        var field = 0
        for number in articles {
            while field < scanner.fields.count, scanner.fields[field].article == number {
                append(scanner, scanner.fields[field])
                field += 1
            }
            articleEnds.append(UInt32(truncatingIfNeeded: count))
            fieldEnds.append(UInt32(truncatingIfNeeded: fields.count))
            article += 1
        }
    }

    private mutating func append(_ scanner: borrowing FieldScanner, _ field: FieldScanner.Field) {
        switch kind {
        case .words:
            // With the empty word that ends every field.
            append(words.nodes, field.entries.lowerBound..<field.entries.upperBound + 1)
        case .characters:
            guard var characters else { return }
            self.characters = nil
            characters.find(scanner.tokenizer, words: field.words, in: &self) { sequence, terms in
                sequence.reserveRecords()
                sequence.append(terms.nodes, 0..<terms.count)
            }
            self.characters = characters
        }
        fields.append(Field(end: UInt32(truncatingIfNeeded: count), weight: field.weight))
    }

    private mutating func reserveRecords() {
        let missing = table.count - records.count
        if missing > 0 {
            records.append(contentsOf: repeatElement(TermRecord(article: -1, document_frequency: 0), count: missing))
        }
    }

    private mutating func append(_ nodes: [UInt32], _ range: Range<Int>) {
        if terms.count < count + range.count { grow(range.count) }
        Kernels.noteTerms(nodes, range, article: article, records: &records, terms: &terms, at: count)
        count += range.count
    }

    /// Makes room for more strings, some thousands at a time, so that they are still in the cache when they are written.
    @inline(never)
    private mutating func grow(_ added: Int) {
        let needed = count + added + 8192
        if needed > terms.capacity { terms.reserveLargePages(2 * needed) }
        terms.append(contentsOf: repeatElement(0, count: needed - terms.count))
    }
}

extension TermSequence: TermIndex {
    mutating func find(_ block: inout TermBlock, count: Int, first: Int, bytes: Span<UInt8>, edges: Span<UInt32>) {
        table.find(&block, count: count, first: first, bytes: bytes, edges: edges)
    }
}
