/// Where a term lies among the words of a tokeniser.
struct TermPlace {
    let start: Int
    let end: Int
    /// The words of an n-gram of words.
    let words: Range<Int>?
}

/// Goes through terms one by one, where every one has to be looked at with its place.
struct TermEnumerator {
    private let kind: TermKind
    private var words: WordNodes?
    private var characters: CharacterNodes?

    init(_ kind: TermKind) {
        self.kind = kind
        switch kind {
        case .words(let lengths): words = WordNodes(lengths)
        case .characters(let lengths): characters = CharacterNodes(lengths)
        }
    }

    /// Calls `body` with the node of every term of the scanner's fields, in their order; nodes that are 0 are left out.
    mutating func forEachTerm(
        _ scanner: borrowing FieldScanner, in index: inout some NgramIndex,
        _ body: (_ field: FieldScanner.Field, _ node: Int, _ place: TermPlace) -> Void
    ) {
        switch kind {
        case .words(let lengths):
            words?.find(scanner.tokenizer, in: &index)
            guard let words else { return }
            for field in scanner.fields {
                for entry in field.entries {
                    for length in lengths {
                        let place = words.start(length) + entry
                        guard words.range(length, of: field).contains(place) else { continue }
                        let node = Int(words.nodes[place])
                        guard node != 0 else { continue }
                        let start = scanner.tokenizer.range(of: entry).lowerBound
                        let end = scanner.tokenizer.range(of: entry + length - 1).upperBound
                        body(field, node, TermPlace(start: start, end: end, words: entry..<entry + length))
                    }
                }
            }
        case .characters:
            for field in scanner.fields {
                characters?.find(scanner.tokenizer, words: field.words, in: &index) { _, terms in
                    for term in 0..<terms.count where terms.nodes[term] != 0 {
                        let range = terms.range(of: term)
                        let place = TermPlace(start: range.lowerBound, end: range.upperBound, words: nil)
                        body(field, Int(terms.nodes[term]), place)
                    }
                }
            }
        }
    }
}

extension Tokenizer {
    /// Appends the text of a term: words with a space between each two.
    func appendText(of place: TermPlace, to text: inout [UInt8]) {
        guard let words = place.words else {
            for position in place.start..<place.end { text.append(bytes[position]) }
            return
        }
        for word in words {
            if word > words.lowerBound { text.append(UInt8(ascii: " ")) }
            for position in range(of: word) { text.append(bytes[position]) }
        }
    }
}
