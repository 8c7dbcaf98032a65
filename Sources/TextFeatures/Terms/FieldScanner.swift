import TextClassification

/// Cuts fields of articles into words, some articles at a time; keeps its memory.
struct FieldScanner {
    /// A title or a body.
    struct Field {
        let article: Int
        /// What an occurrence in it counts.
        let weight: Float
        /// Its words in the tokeniser; behind them, each after an empty word, come the wholes of compounds.
        let words: Range<Int>
        let compoundCount: Int

        /// Words, wholes of compounds, and what lies between.
        var entries: Range<Int> { words.lowerBound..<words.upperBound + 2 * compoundCount }

        /// How many terms it has.
        func termCount(_ lengths: ClosedRange<Int>) -> Int {
            var count = lengths.lowerBound == 1 ? compoundCount : 0
            for length in lengths { count += max(0, words.count - length + 1) }
            return count
        }
    }

    private(set) var tokenizer: Tokenizer
    /// The fields of the articles, in their order.
    private(set) var fields: [Field] = []
    private let minimumWordLength: Int
    private let stopWords: WordSet
    private let titleWeight: Float
    private let bodyWeight: Float

    /// So many words are cut before they are looked up, if there are more articles: with the rest of a short article they are mostly one
    /// block of look-ups.
    private static let usualWordCount = 448

    init(_ parameters: TFIDFParameters, recordsSources: Bool = false) {
        tokenizer = Tokenizer(parameters.tokenizer, recordsSources: recordsSources)
        minimumWordLength = parameters.minimumWordLength
        stopWords = parameters.stopWords.words
        titleWeight = Float(parameters.titleWeight)
        bodyWeight = Float(parameters.bodyWeight)
    }

    /// No less than the number of characters of all words of a field, the spaces before and behind each included.
    func characterCount(_ field: Field) -> Int {
        guard field.words.count > 0 else { return 0 }
        let first = tokenizer.range(of: field.words.lowerBound).lowerBound
        return tokenizer.range(of: field.words.upperBound - 1).upperBound - first + field.words.count + 1
    }

    /// Replaces the words by those of the next articles of a range, which begins behind them afterwards.
    mutating func scan(_ batch: borrowing ArticleBatch, next range: inout Range<Int>) -> Range<Int> {
        removeAll()
        let first = range.lowerBound
        var article = first
        let (bytes, titles, bodies) = (batch.bytes.span, batch.titles.span, batch.bodies.span)
        while article < range.upperBound, tokenizer.count < Self.usualWordCount {
            let title = titles[article]
            if !title.isEmpty, titleWeight > 0 { scan(bytes.extracting(title), article: article, weight: titleWeight) }
            let body = bodies[article]
            if !body.isEmpty, bodyWeight > 0 { scan(bytes.extracting(body), article: article, weight: bodyWeight) }
            article += 1
        }
        range = article..<range.upperBound
        return first..<article
    }

    mutating func removeAll() {
        fields.removeAll(keepingCapacity: true)
        tokenizer.removeAll()
    }

    /// Adds the words of a field.
    mutating func scan(_ text: Span<UInt8>, article: Int, weight: Float) {
        tokenizer.append(text)
        tokenizer.removeWords(minimumLength: minimumWordLength, stopWords: stopWords)
        let words = tokenizer.firstWord..<tokenizer.count
        tokenizer.appendCompoundsAsWords()
        fields.append(Field(article: article, weight: weight, words: words, compoundCount: tokenizer.compounds.count))
    }
}
