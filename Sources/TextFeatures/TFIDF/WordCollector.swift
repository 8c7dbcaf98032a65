import CKernels
import LinearAlgebra
import TextClassification

/// Takes up the words of articles that come in any number of pieces: of a stream of texts it makes a stream of numbers, and keeps what a
/// vocabulary is made of.
///
/// A word is a number from 0 on, by first occurrence. The vocabulary of all articles, and the rows of each, can be had at any time from what
/// was collected, and are those that `TFIDFVectorizer` would fit to the same articles at once.
///
/// - Complexity: memory about 60 bytes a different word.
public struct WordCollector: Sendable {
    /// Of single words alone.
    public let parameters: TFIDFParameters
    /// The number of articles collected.
    public private(set) var articleCount = 0
    private var scanner: FieldScanner
    private var nodes = WordNodes(1...1)
    private var table = TermTable(capacity: 1 << 16)
    /// By node: in how many articles, how often (in units of 2⁻²⁰), and in which article last.
    private var documentFrequencies: [Int32] = [0]
    private var totals: [Int64] = [0]
    private var lastArticles: [Int32] = [-1]

    /// What stands for the end of an article, and of a title, in a sequence; a word is its number and `firstWord`.
    public static let articleEnd: UInt32 = 0
    public static let titleEnd: UInt32 = 1
    public static let firstWord: UInt32 = 2

    /// - Precondition: the parameters ask for single words and nothing else.
    public init(_ parameters: TFIDFParameters) {
        precondition(parameters.wordNgrams == LengthRange(1...1) && parameters.characterNgrams == nil, "not of single words")
        self.parameters = parameters
        scanner = FieldScanner(parameters)
    }

    /// The number of different words.
    public var wordCount: Int { table.count - 1 }

    /// Takes up articles, and appends their words in their order, titles first. O(length of the texts).
    public mutating func append(_ articles: borrowing ArticleBatch, to sequence: inout [UInt32]) {
        var rest = 0..<articles.count
        while !rest.isEmpty {
            let scanned = scanner.scan(articles, next: &rest)
            nodes.findWords(scanner.tokenizer, in: &table)
            let missing = table.count - documentFrequencies.count
            documentFrequencies.append(contentsOf: repeatElement(0, count: missing))
            totals.append(contentsOf: repeatElement(0, count: missing))
            lastArticles.append(contentsOf: repeatElement(-1, count: missing))
            var field = 0
            for article in scanned {
                var isTitle = parameters.titleWeight > 0 && !articles.titles[article].isEmpty
                while field < scanner.fields.count, scanner.fields[field].article == article {
                    append(scanner.fields[field], to: &sequence)
                    if isTitle { sequence.append(Self.titleEnd) }
                    isTitle = false
                    field += 1
                }
                sequence.append(Self.articleEnd)
                articleCount += 1
            }
        }
    }

    private mutating func append(_ field: FieldScanner.Field, to sequence: inout [UInt32]) {
        let weight = Int64(Double(field.weight) * 0x1p20)
        let article = Int32(truncatingIfNeeded: articleCount)
        for place in nodes.range(1, of: field) {
            let node = Int(nodes.nodes[place])
            guard node != 0 else { continue }
            if lastArticles[node] != article {
                lastArticles[node] = article
                documentFrequencies[node] += 1
            }
            let (sum, isOverflow) = totals[node].addingReportingOverflow(weight)
            totals[node] = isOverflow ? .max : sum
            sequence.append(UInt32(node - 1) + Self.firstWord)
        }
    }

    /// The vocabulary within the limits of the parameters, with its weights; and for every word its feature + 1, or 0.
    ///
    /// - Complexity: O(words · log words).
    public func fitted() -> (model: TFIDFModel, features: [UInt32]) {
        let limits = parameters.limits
        let largest = limits.maximumDocumentShare * Double(articleCount)
        var kept = (1..<table.count).filter {
            Int(documentFrequencies[$0]) >= limits.minimumDocumentFrequency && Double(documentFrequencies[$0]) <= largest
        }
        if let maximum = limits.maximumCount, kept.count > maximum {
            kept = kept.sorted { (totals[$1], $0) < (totals[$0], $1) }.prefix(maximum).sorted()
        }
        kept.sort { (documentFrequencies[$1], $0) < (documentFrequencies[$0], $1) }
        var features = [UInt32](repeating: 0, count: wordCount)
        var keys = [TermKey()]
        var hashes: [UInt64] = [0]
        var long = LongStrings()
        for (feature, node) in kept.enumerated() {
            features[node - 1] = UInt32(feature + 1)
            hashes.append(table.hashes[node])
            let key = table.keys[node]
            if TermLines.isLong(key) {
                keys.append(TermLines.longKey(hash: table.hashes[node], number: long.count))
                long.append(TermLines.longNumber(key), of: table.long)
            } else {
                keys.append(key)
            }
        }
        let idf = kept.map { parameters.inverseDocumentFrequency(documentFrequencies[$0], articleCount: articleCount) }
        let block = TFIDFModel.Block(
            kind: .words(1...1), weight: parameters.wordWeight,
            vocabulary: Vocabulary(keys: keys, hashes: hashes, long: long, count: kept.count),
            idf: InverseFrequencies(fitted: idf))
        return (TFIDFModel(parameters: parameters, blocks: [block]), features)
    }
}

extension WordCollector {
    /// The UTF-8 of a word.
    private func spelled(_ node: Int) -> [UInt8] {
        let key = table.keys[node]
        if TermLines.isLong(key) {
            let number = TermLines.longNumber(key)
            return Array(table.long.bytes[table.long.offsets[number]..<table.long.offsets[number + 1]])
        }
        var bytes: [UInt8] = []
        for word in [key.low, key.high] {
            var rest = word
            while rest != 0 {
                bytes.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
        }
        return bytes
    }

    /// Writes the words and their counts, so that more articles can be taken up later.
    public func write(to writer: inout ModelWriter) {
        var bytes: [UInt8] = []
        var ends: [UInt64] = []
        for node in 1..<table.count {
            bytes += spelled(node)
            ends.append(UInt64(bytes.count))
        }
        writer.add("words", bytes)
        writer.add("word-ends", ends)
        writer.add("document-frequencies", Array(documentFrequencies[1...]))
        writer.add("totals", Array(totals[1...]))
    }

    /// What was collected when a file was written.
    public init(reading reader: ModelReader, parameters: TFIDFParameters, articleCount: Int) throws(ModelFileError) {
        self.init(parameters)
        let bytes = try reader.array("words", of: UInt8.self).elements
        let ends = try reader.array("word-ends", of: UInt64.self).elements
        let frequencies = try reader.array("document-frequencies", of: Int32.self, count: ends.count)
        let totals = try reader.array("totals", of: Int64.self, count: ends.count)
        guard 0...Int(Int32.max) ~= articleCount, ends.count < Int(Int32.max),
            (ends.last ?? 0) == UInt64(bytes.count), zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw reader.malformed("word-ends", "does not fit the words") }
        insert(bytes, ends: ends)
        // A word that is empty, or comes twice, has no node of its own.
        guard table.count == ends.count + 1 else { throw reader.malformed("words", "holds a word twice, or an empty one") }
        guard frequencies.elements.allSatisfy({ 0...articleCount ~= Int($0) }) else {
            throw reader.malformed("document-frequencies", "counts more than \(articleCount) articles")
        }
        documentFrequencies += frequencies.elements
        self.totals += totals.elements
        lastArticles += [Int32](repeating: -1, count: ends.count)
        self.articleCount = articleCount
    }

    /// Gives words their nodes, some hundred at a time.
    private mutating func insert(_ bytes: [UInt8], ends: [UInt64]) {
        var block = TermBlock()
        var word = 0
        var start = 0
        while word < ends.count {
            let count = min(TermBlock.capacity, ends.count - word)
            var text: [UInt8] = [UInt8(ascii: " ")]
            var edges: [UInt32] = []
            for end in ends[word..<word + count] {
                edges.append(UInt32(text.count))
                text += bytes[start..<Int(end)]
                edges.append(UInt32(text.count))
                text.append(UInt8(ascii: " "))
                start = Int(end)
            }
            text += [UInt8](repeating: 0, count: Tokenizer.padding)
            Kernels.stringKeys(text.span, edges.span, first: 0, count: count, into: &block.keys, hashes: &block.hashes)
            table.find(&block, count: count, first: 0, bytes: text.span, edges: edges.span)
            word += count
        }
    }
}

/// Rows of TF-IDF from words that were collected, article by article; every thread has its own.
public struct CollectedRows {
    private var known: KnownTerms
    private var counter = TermCounter()
    /// How much of an article is known, which nobody asks for.
    private var shares: [Float] = []
    private let weighting: TermWeighting
    private let weight: Double
    private let titleWeight: Float
    private let bodyWeight: Float
    private let idf: InverseFrequencies
    private let features: [UInt32]

    /// - Parameters: what `WordCollector.fitted` gave.
    public init(_ model: TFIDFModel, features: [UInt32]) {
        precondition(model.blocks.count == 1, "not of single words")
        known = KnownTerms(termCount: model.featureCount)
        weighting = TermWeighting(model.parameters)
        weight = model.blocks[0].weight
        idf = model.blocks[0].idf
        titleWeight = Float(model.parameters.titleWeight)
        bodyWeight = Float(model.parameters.bodyWeight)
        self.features = features
    }

    /// Appends the row of one article, given by what was collected of it, its end included or not. O(words).
    ///
    /// - Precondition: its words are among those that the features were made of.
    public mutating func append(_ article: Span<UInt32>, to rows: inout SparseMatrix) {
        var titleEnd = 0
        for place in article.indices where article[place] == WordCollector.titleEnd { titleEnd = place }
        known.removeAll()
        for (range, weight) in [(0..<titleEnd, titleWeight), (titleEnd..<article.count, bodyWeight)] where weight > 0 {
            var terms: [UInt32] = []
            for place in range where article[place] >= WordCollector.firstWord {
                terms.append(features[Int(article[place] - WordCollector.firstWord)])
            }
            known.append(terms.span, terms.indices)
            known.endField(weight: weight, termCount: terms.count)
        }
        known.endArticle()
        shares.removeAll(keepingCapacity: true)
        rows.append(rowCount: 1, elementCount: known.count) { columns, values, ends in
            shares.append(addingCapacity: 1) { shares in
                counter.fill(
                    known, 0..<1, weighting, weight: weight, idf: idf, firstFeature: 0, columns: &columns, values: &values,
                    ends: &ends, shares: &shares)
            }
        }
    }
}
