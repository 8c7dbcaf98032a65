import CKernels
import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

/// Terms are found again, whatever the table holds.
@Suite struct VocabularyTests {
    private func strings(_ count: Int, seed: UInt64) -> [String] {
        var random = RandomGenerator(seed: seed)
        return (0..<count).map { number in
            let length = random.nextInt(below: 5) == 0 ? 16 + random.nextInt(below: 30) : 1 + random.nextInt(below: 16)
            return String((0..<length).map { _ in Character(Unicode.Scalar(UInt8(97 + random.nextInt(below: 3)))) })
        }
    }

    private func find(_ strings: [String], in index: inout some TermIndex) -> [UInt32] {
        var tokenizer = Tokenizer(TokenizerOptions())
        tokenizer.tokenize(Array(strings.joined(separator: " ").utf8).span)
        var words = WordNodes(1...1)
        words.find(tokenizer, in: &index)
        return Array(words.nodes.prefix(strings.count))
    }

    @Test func `Every term keeps its node, and others have none`() {
        let strings = strings(20_000, seed: 1)
        var table = TermTable(capacity: 10)
        let nodes = find(strings, in: &table)
        var known: [String: UInt32] = [:]
        for (string, node) in zip(strings, nodes) {
            #expect(known[string, default: node] == node)
            known[string] = node
        }
        #expect(known.count == table.count - 1 && Set(known.values).count == known.count)
        let again = find(strings.reversed(), in: &table)
        let isSame = again == nodes.reversed()
        #expect(isSame)
        var vocabulary = Vocabulary(keys: table.keys, hashes: table.hashes, long: table.long, count: table.count - 1)
        let found = find(strings, in: &vocabulary)
        let isFound = found == nodes
        #expect(isFound)
        for (string, node) in known.prefix(500) { #expect(vocabulary.term(Int(node) - 1) == string) }
        let others = find(strings.map { $0 + "x" }, in: &vocabulary)
        let isUnknown = others.allSatisfy { $0 == 0 }
        #expect(isUnknown)
    }

    @Test func `Terms of one hash are told apart`() {
        let hash: UInt64 = 0x1234_5678_0000_0000
        let keys = [TermKey()] + (1...60).map { TermKey(low: $0, high: $0 % 3) }
        let hashes = [UInt64](repeating: hash, count: keys.count)
        let vocabulary = Vocabulary(keys: keys, hashes: hashes, long: LongStrings(), count: 60)
        var block = TermBlock()
        for term in keys.indices { block.keys[term] = keys[term] }
        block.keys[keys.count] = TermKey(low: 1, high: 3)
        vocabulary.find(
            &block, count: keys.count + 1, hashes: hashes + [hash], firstHash: 0, bytes: Span(), edges: Span())
        #expect(Array(block.nodes.prefix(keys.count + 1)) == (0...60).map { $0 } + [0])
    }

    @Test func `An n-gram is none of the words between which something stands`() throws {
        let model = try TFIDFVectorizer().fitted(
            to: ArticleBatch([Article(title: "a b", text: "c d")]), context: TrainingContext())
        #expect((0..<model.featureCount).map(model.featureName) == ["a", "b", "c", "d", "a b", "c d"])
    }

    @Test func `Parts that are no features are found all the same`() throws {
        var parameters = TFIDFParameters()
        parameters.wordNgrams = LengthRange(2...3)
        parameters.maximumFeatures = 2
        let texts = ArticleBatch([Article(text: "a b c"), Article(text: "a b c"), Article(text: "b c a b c")])
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(texts, context: TrainingContext())
        #expect((0..<model.featureCount).map(model.featureName) == ["a b", "b c"])
        #expect(model.rows(of: texts, threadCount: 1) == rows)
        let read = try TFIDFModel(reading: ModelFile(bytes: ExtractionTests.fileBytes(model)).reader)
        #expect(read.rows(of: texts, threadCount: 1) == rows)
    }

    @Test func `No bytes in a file make a look-up trap or hang`() throws {
        let articles = ExtractionTests.articles(60, seed: 31)
        var parameters = TFIDFParameters()
        parameters.characterNgrams = LengthRange(3...6)
        let model = try TFIDFVectorizer(parameters).fitted(to: articles, context: TrainingContext())
        let original = model.blocks.map(\.vocabulary)
        var random = RandomGenerator(seed: 32)
        func damaged<Number: FixedWidthInteger>(_ numbers: [Number]) -> [Number] {
            var numbers = numbers
            guard !numbers.isEmpty else { return numbers }
            for _ in 0..<1 + random.nextInt(below: numbers.count) {
                let place = random.nextInt(below: numbers.count)
                switch random.nextInt(below: 4) {
                case 0: numbers[place] = Number(truncatingIfNeeded: random.next())
                case 1: numbers[place] = .max
                case 2: numbers[place] = 0
                default: numbers[place] = numbers[random.nextInt(below: numbers.count)]
                }
            }
            return numbers
        }
        for _ in 0..<60 {
            var writer = ModelWriter()
            try writer.add("parameters", json: parameters)
            for (position, vocabulary) in original.enumerated() {
                let words = vocabulary.keys.elements.dropFirst().flatMap { [$0.low, $0.high] }
                let long = vocabulary.longOffsets.elements
                writer.scoped("\(position)") { writer in
                    writer.add("lines", damaged(vocabulary.lines.elements))
                    writer.add("keys", [0, 0] + damaged(words))
                    writer.add("long-offsets", random.nextInt(below: 4) == 0 ? [] : damaged(long))
                    writer.add("long-bytes", damaged(vocabulary.longBytes.elements))
                    writer.add("idf", model.blocks[position].idf)
                }
            }
            let read = try TFIDFModel(reading: ModelFile(bytes: ExtractionTests.fileBytes(writer)).reader)
            let rows = read.rows(of: articles, threadCount: 1)
            #expect(rows.rowCount == articles.count)
            for feature in 0..<read.featureCount { _ = read.featureName(feature) }
            _ = read.occurrences(in: Article(title: "tariff Việt 5G", text: "e-commerce the of bank"))
        }
    }

    @Test func `A file whose tables do not fit is refused`() throws {
        let model = try TFIDFVectorizer().fitted(to: ExtractionTests.articles(20, seed: 33), context: TrainingContext())
        let vocabulary = model.blocks[0].vocabulary
        func read(lines: [UInt32], keyCount: Int) throws {
            var writer = ModelWriter()
            try writer.add("parameters", json: model.parameters)
            writer.scoped("0") { writer in
                writer.add("lines", lines)
                writer.add("keys", [UInt64](repeating: 0, count: 2 * keyCount))
                writer.add("long-offsets", [UInt32]())
                writer.add("long-bytes", [UInt8]())
                writer.add("idf", model.blocks[0].idf)
            }
            _ = try TFIDFModel(reading: ModelFile(bytes: ExtractionTests.fileBytes(writer)).reader)
        }
        try read(lines: vocabulary.lines.elements, keyCount: vocabulary.count + 1)
        #expect(throws: ModelFileError.self) { try read(lines: [], keyCount: vocabulary.count + 1) }
        #expect(throws: ModelFileError.self) { try read(lines: [1, 2, 3], keyCount: vocabulary.count + 1) }
        #expect(throws: ModelFileError.self) { try read(lines: vocabulary.lines.elements, keyCount: vocabulary.count) }
    }
}
