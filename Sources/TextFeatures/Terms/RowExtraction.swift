import LinearAlgebra
import TextClassification

/// The features of one kind of terms, in order of first occurrence.
struct FeatureBlock<Index: NgramIndex & Sendable>: Sendable {
    let kind: TermKind
    let weight: Double
    /// From terms to nodes; feature f of the block has node f + 1.
    let index: Index
    /// The inverse document frequency of each feature.
    let idf: ModelArray<Double>
    let firstFeature: Int
}

/// Extraction of rows by one thread, with what all extractors have in common.
struct RowExtraction<Index: NgramIndex & Sendable> {
    private let weighting: TermWeighting
    private var scanner: FieldScanner
    private var blocks: [BlockExtraction<Index>]
    private var repairsBefore = 0

    init(_ parameters: TFIDFParameters, blocks: [FeatureBlock<Index>]) {
        weighting = TermWeighting(parameters)
        scanner = FieldScanner(parameters)
        self.blocks = blocks.map(BlockExtraction.init)
    }

    mutating func extract(_ batch: borrowing ArticleBatch, _ range: Range<Int>, into rows: inout FeatureRows) {
        var rest = range
        while !rest.isEmpty {
            let articles = scanner.scan(batch, next: &rest)
            var elementCount = 0
            for position in blocks.indices { elementCount += blocks[position].find(scanner) }
            rows.matrix.append(rowCount: articles.count, elementCount: elementCount) { columns, values, ends in
                append(articles, columns: &columns, values: &values, ends: &ends, coverage: &rows.coverage)
            }
        }
        rows.repairCount += scanner.tokenizer.repairCount - repairsBefore
        repairsBefore = scanner.tokenizer.repairCount
    }

    /// Appends the rows of articles that have been scanned, and what share of their terms the first block knows.
    private mutating func append(
        _ articles: Range<Int>, columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>, ends: inout OutputSpan<Int>,
        coverage: inout [Float]
    ) {
        var field = 0
        for article in articles {
            let first = field
            while field < scanner.fields.count, scanner.fields[field].article == article { field += 1 }
            var share: Float = 0
            for position in blocks.indices {
                let known = blocks[position].extract(
                    scanner, fields: first..<field, weighting, columns: &columns, values: &values)
                if position == 0 { share = known }
            }
            ends.append(columns.count)
            coverage.append(share)
        }
    }
}

/// Extraction of the features of one block.
private struct BlockExtraction<Index: NgramIndex & Sendable> {
    private let block: FeatureBlock<Index>
    private var index: Index
    /// Which of them is used depends on the kind of the block's terms.
    private var words = WordNodes(1...1)
    private var characters = CharacterNodes(1...1)
    /// The known terms: of words those of all fields that have been scanned, of characters those of one piece of one field.
    private var known: KnownTerms
    /// Behind the known terms of each field.
    private var knownEnds: [Int] = []
    private var accumulator: TermAccumulator

    init(_ block: FeatureBlock<Index>) {
        self.block = block
        index = block.index
        known = KnownTerms(termCount: block.idf.count)
        accumulator = TermAccumulator(termCount: block.idf.count)
        switch block.kind {
        case .words(let lengths): words = WordNodes(lengths)
        case .characters(let lengths): characters = CharacterNodes(lengths)
        }
    }

    /// Looks up what is looked up for many articles at once. Returns no less than the number of features that their rows have in all.
    mutating func find(_ scanner: borrowing FieldScanner) -> Int {
        known.removeAll()
        switch block.kind {
        case .words(let lengths):
            words.find(scanner.tokenizer, in: &index)
            knownEnds.removeAll(keepingCapacity: true)
            for position in 0..<scanner.fields.count {
                words.appendKnown(lengths, of: scanner.fields[position], to: &known)
                knownEnds.append(known.count)
            }
            return known.count
        case .characters(let lengths):
            var count = 0
            for position in 0..<scanner.fields.count {
                count += min(block.idf.count, lengths.count * scanner.characterCount(scanner.fields[position]))
            }
            return count
        }
    }

    /// Appends the values of the features of one article, which has the given fields; returns what share of its terms is known.
    mutating func extract(
        _ scanner: borrowing FieldScanner, fields: Range<Int>, _ weighting: borrowing TermWeighting,
        columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>
    ) -> Float {
        var knownCount = 0
        var seen = 0
        block.idf.withSpan { idf in
            for position in fields {
                let field = scanner.fields[position]
                switch block.kind {
                case .words(let lengths):
                    let first = position == 0 ? 0 : knownEnds[position - 1]
                    accumulator.add(known, first..<knownEnds[position], weight: field.weight, idf: idf)
                    knownCount += knownEnds[position] - first
                    seen += field.termCount(lengths)
                case .characters:
                    let terms = add(field, scanner.tokenizer, idf: idf)
                    knownCount += terms.known
                    seen += terms.seen
                }
            }
            accumulator.emit(
                weighting, weight: block.weight, idf: idf, firstFeature: block.firstFeature, columns: &columns, values: &values)
        }
        return seen == 0 ? 0 : Float(knownCount) / Float(seen)
    }

    /// Adds the n-grams of characters of a field; returns how many are known, and how many there are.
    private mutating func add(
        _ field: FieldScanner.Field, _ tokenizer: borrowing Tokenizer, idf: Span<Double>
    ) -> (known: Int, seen: Int) {
        var knownCount = 0
        var seen = 0
        characters.find(tokenizer, words: field.words, in: &index) { _, terms in
            known.removeAll()
            known.append(terms.nodes.span, 0..<terms.count)
            accumulator.add(known, 0..<known.count, weight: field.weight, idf: idf)
            knownCount += known.count
            seen += terms.count
        }
        return (knownCount, seen)
    }
}
