import LinearAlgebra
import TextClassification

/// The features of one kind of terms, in order of first occurrence.
struct FeatureBlock<Index: NgramIndex & Sendable>: Sendable {
    let kind: TermKind
    let weight: Double
    /// From terms to nodes; feature f of the block has node f + 1.
    let index: Index
    let idf: InverseFrequencies
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
            for position in blocks.indices { elementCount += blocks[position].find(scanner, articles) }
            rows.matrix.append(rowCount: articles.count, elementCount: elementCount) { columns, values, ends in
                // Room for one more: that of a block that does not count.
                rows.coverage.append(addingCapacity: articles.count + 1) { shares in
                    append(articles.count, columns: &columns, values: &values, ends: &ends, shares: &shares)
                }
            }
        }
        rows.repairCount += scanner.tokenizer.repairCount - repairsBefore
        repairsBefore = scanner.tokenizer.repairCount
    }

    /// Appends the rows of the articles that have been looked up, and what share of their terms the first block knows.
    private mutating func append(
        _ articleCount: Int, columns: inout OutputSpan<Int32>, values: inout OutputSpan<Float>, ends: inout OutputSpan<Int>,
        shares: inout OutputSpan<Float>
    ) {
        // Several blocks take turns, since each appends to the row of an article.
        let step = blocks.count == 1 ? articleCount : 1
        for first in stride(from: 0, to: articleCount, by: max(1, step)) {
            for position in blocks.indices {
                if position > 0 { ends.removeLast(1) }
                blocks[position].fill(
                    first..<first + step, weighting, columns: &columns, values: &values, ends: &ends, shares: &shares)
                if position > 0 { shares.removeLast(1) }
            }
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
    private var known: KnownTerms
    private var counter = TermCounter()

    init(_ block: FeatureBlock<Index>) {
        self.block = block
        index = block.index
        known = KnownTerms(termCount: block.idf.count)
        switch block.kind {
        case .words(let lengths): words = WordNodes(lengths)
        case .characters(let lengths): characters = CharacterNodes(lengths)
        }
    }

    /// Looks up the terms of the articles of a scanner. Returns how many of them are known.
    mutating func find(_ scanner: borrowing FieldScanner, _ articles: Range<Int>) -> Int {
        known.removeAll()
        if case .words = block.kind { words.find(scanner.tokenizer, in: &index) }
        var position = 0
        for article in articles {
            while position < scanner.fields.count, scanner.fields[position].article == article {
                add(scanner.fields[position], scanner.tokenizer)
                position += 1
            }
            known.endArticle()
        }
        return known.count
    }

    /// Adds the known terms of a field.
    private mutating func add(_ field: FieldScanner.Field, _ tokenizer: borrowing Tokenizer) {
        switch block.kind {
        case .words(let lengths):
            words.appendKnown(lengths, of: field, to: &known)
            known.endField(weight: field.weight, termCount: field.termCount(lengths))
        case .characters:
            var seen = 0
            characters.find(tokenizer, words: field.words, in: &index) { _, terms in
                known.append(terms.nodes.span, 0..<terms.count)
                seen += terms.count
            }
            known.endField(weight: field.weight, termCount: seen)
        }
    }

    /// Appends the values of the features of some articles of those that were looked up, and what share of their terms is known.
    mutating func fill(
        _ articles: Range<Int>, _ weighting: borrowing TermWeighting, columns: inout OutputSpan<Int32>,
        values: inout OutputSpan<Float>, ends: inout OutputSpan<Int>, shares: inout OutputSpan<Float>
    ) {
        counter.fill(
            known, articles, weighting, weight: block.weight, idf: block.idf, firstFeature: block.firstFeature,
            columns: &columns, values: &values, ends: &ends, shares: &shares)
    }
}
