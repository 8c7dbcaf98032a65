import LinearAlgebra
import TextClassification

/// The features of one kind of terms, in order of first occurrence.
struct FeatureBlock<Index: TermIndex & Sendable>: Sendable {
    let kind: TermKind
    let weight: Double
    /// From terms to nodes; feature f of the block has node f + 1.
    let index: Index
    /// The inverse document frequency of each feature.
    let idf: ModelArray<Double>
    let firstFeature: Int
}

/// Extraction of rows by one thread, with what all extractors have in common.
struct RowExtraction<Index: TermIndex & Sendable> {
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
            for position in 0..<blocks.count { blocks[position].find(scanner.tokenizer) }
            var field = 0
            for article in articles {
                let first = field
                while field < scanner.fields.count, scanner.fields[field].article == article { field += 1 }
                var coverage: Float = 0
                for position in 0..<blocks.count {
                    let share = blocks[position].extract(scanner, fields: first..<field, weighting, into: &rows.matrix)
                    if position == 0 { coverage = share }
                }
                rows.matrix.endRow()
                rows.coverage.append(coverage)
            }
        }
        rows.repairCount += scanner.tokenizer.repairCount - repairsBefore
        repairsBefore = scanner.tokenizer.repairCount
    }
}

/// Extraction of the features of one block.
private struct BlockExtraction<Index: TermIndex & Sendable> {
    private let block: FeatureBlock<Index>
    private var index: Index
    /// Which of them is used depends on the kind of the block's terms.
    private var words = WordNodes(1...1)
    private var characters = CharacterNodes(1...1)
    private var accumulator: TermAccumulator

    init(_ block: FeatureBlock<Index>) {
        self.block = block
        index = block.index
        accumulator = TermAccumulator(termCount: block.idf.count)
        switch block.kind {
        case .words(let lengths): words = WordNodes(lengths)
        case .characters(let lengths): characters = CharacterNodes(lengths)
        }
    }

    /// Looks up what is looked up for many articles at once.
    mutating func find(_ tokenizer: borrowing Tokenizer) {
        if case .words = block.kind { words.find(tokenizer, in: &index) }
    }

    /// Appends the values of the features of one article, which has the given fields; returns what share of its terms is known.
    mutating func extract(
        _ scanner: borrowing FieldScanner, fields: Range<Int>, _ weighting: borrowing TermWeighting, into rows: inout SparseMatrix
    ) -> Float {
        var known = 0
        var seen = 0
        for position in fields {
            let field = scanner.fields[position]
            switch block.kind {
            case .words(let lengths):
                seen += field.termCount(lengths)
                known += Self.add(field, words, lengths, to: &accumulator)
            case .characters:
                Self.add(field, scanner.tokenizer, &characters, &index, to: &accumulator, known: &known, seen: &seen)
            }
        }
        block.idf.withSpan { idf in
            accumulator.emit(weighting, weight: block.weight, idf: idf, firstFeature: block.firstFeature, into: &rows)
        }
        return seen == 0 ? 0 : Float(known) / Float(seen)
    }

    private static func add(
        _ field: FieldScanner.Field, _ words: borrowing WordNodes, _ lengths: ClosedRange<Int>,
        to accumulator: inout TermAccumulator
    ) -> Int {
        var known = 0
        for length in lengths {
            known += accumulator.add(words.nodes.span, words.range(length, of: field), weight: field.weight)
        }
        return known
    }

    private static func add(
        _ field: FieldScanner.Field, _ tokenizer: borrowing Tokenizer, _ characters: inout CharacterNodes, _ index: inout Index,
        to accumulator: inout TermAccumulator, known: inout Int, seen: inout Int
    ) {
        characters.find(tokenizer, words: field.words, in: &index) { _, terms in
            seen += terms.count
            known += accumulator.add(terms.nodes.span, 0..<terms.count, weight: field.weight)
        }
    }
}
