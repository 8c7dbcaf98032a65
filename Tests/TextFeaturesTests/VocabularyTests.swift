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
        words.findWords(tokenizer, in: &index)
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
        block.keys.replaceSubrange(keys.indices, with: keys)
        block.keys[keys.count] = TermKey(low: 1, high: 3)
        block.hashes.replaceSubrange(0...keys.count, with: hashes + [hash])
        vocabulary.find(&block, count: keys.count + 1, first: 0, bytes: Span(), edges: Span())
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
        #expect((0..<read.featureCount).map(read.featureName) == ["a b", "b c"])
    }

    @Test(arguments: [1...2, 2...3, 1...3], [nil, 150])
    func `What terms consist of is told by the tables of a file`(lengths: ClosedRange<Int>, maximum: Int?) throws {
        var parameters = TFIDFParameters()
        parameters.wordNgrams = LengthRange(lengths)
        parameters.maximumFeatures = maximum
        let articles = ExtractionTests.articles(60, seed: 37)
        let model = try TFIDFVectorizer(parameters).fitted(to: articles, context: TrainingContext())
        let file = try ModelFile(bytes: ExtractionTests.fileBytes(model))
        #expect(!file.sections.contains { $0.name.hasSuffix("/parts") })
        let read = try TFIDFModel(reading: file.reader)
        let parts = model.blocks[0].vocabulary.parts.elements
        try #require(parts.contains { UInt32(truncatingIfNeeded: $0) != 0 })
        #expect(read.blocks[0].vocabulary.parts.elements == parts)
        let some = stride(from: 0, to: model.featureCount, by: 3).map { $0 }
        let (selected, expected) = try (#require(read.selecting(some)), #require(model.selecting(some)))
        #expect(try ExtractionTests.fileBytes(selected) == ExtractionTests.fileBytes(expected))
    }

    @Test func `More strings than the smallest table of n-grams has nodes are read, without n-grams and with them`() throws {
        let count = 70_000
        let keys = [TermKey()] + (1...count).map { TermKey(low: UInt64($0), high: 0) }
        let strings = keys.indices.map { TermParts.string($0).packed }
        let pairs = (1..<count).map { TermParts.ngram(prefix: $0, word: $0 + 1).packed }
        for parts in [[0] + strings.dropFirst(), [0] + strings.dropFirst() + pairs] {
            let vocabulary = Vocabulary(
                parts: parts, keys: keys, hashes: keys.map(TermLines.hash), long: LongStrings(), count: parts.count - 1)
            var writer = ModelWriter()
            vocabulary.write(to: &writer)
            let file = try ModelFile(bytes: ExtractionTests.fileBytes(writer))
            let read = try Vocabulary(reading: file.reader, count: parts.count - 1)
            #expect(read.nodeCount == parts.count)
            let isSame = read.parts.elements == vocabulary.parts.elements
            #expect(isSame && read.term(count - 1) == vocabulary.term(count - 1))
        }
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
        for _ in 0..<100 {
            var writer = ModelWriter()
            try writer.add("parameters", json: parameters)
            for (position, vocabulary) in original.enumerated() {
                let words = vocabulary.keys.elements.dropFirst().flatMap { [$0.low, $0.high] }
                let long = vocabulary.longOffsets.elements
                let ngrams = vocabulary.ngrams
                writer.scoped("\(position)") { writer in
                    let parts = vocabulary.parts.elements
                    if parts.isEmpty || random.nextInt(below: 2) == 0 {
                        // As files had it.
                        writer.add("parts", parts.isEmpty ? [] : [0] + damaged(Array(parts.dropFirst())))
                    } else {
                        writer.add("node-count", [UInt64(parts.count)])
                    }
                    writer.add("string-lines", damaged(vocabulary.lines.elements))
                    writer.add("string-keys", [0, 0] + damaged(words))
                    let isOther = random.nextInt(below: 2) == 0
                    writer.add("string-nodes", isOther ? [0] + damaged((1..<UInt32(vocabulary.keys.count)).map { $0 }) : [])
                    writer.add("long-offsets", random.nextInt(below: 4) == 0 ? [] : damaged(long))
                    writer.add("long-bytes", damaged(vocabulary.longBytes.elements))
                    writer.add("ngram-lines", damaged(ngrams.lines.elements))
                    writer.add("ngram-filter", damaged(ngrams.filter.elements))
                    let restCount = random.nextInt(below: 4)
                    writer.add("ngram-rest", (0..<restCount).map { _ in random.next() })
                    writer.add("ngram-rest-nodes", (0..<restCount).map { _ in UInt32(truncatingIfNeeded: random.next()) })
                    writer.add("idf", model.blocks[position].idf.numbers.map { Double($0) })
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
        /// Reads a file with the sections of the vocabulary, some of them with other numbers.
        func read(_ others: [String: [UInt32]] = [:]) throws {
            var writer = ModelWriter()
            try writer.add("parameters", json: model.parameters)
            writer.scoped("0") { writer in
                func add(_ name: String, _ numbers: [UInt32]) { writer.add(name, others[name] ?? numbers) }
                func words(_ numbers: [UInt64]) -> [UInt32] {
                    numbers.flatMap { [UInt32(truncatingIfNeeded: $0), UInt32($0 >> 32)] }
                }
                if others["node-count"] == nil { add("parts", words(vocabulary.parts.elements)) } else { add("node-count", []) }
                add("string-lines", vocabulary.lines.elements)
                add("string-keys", words(vocabulary.keys.elements.flatMap { [$0.low, $0.high] }))
                add("string-nodes", [])
                add("long-offsets", [])
                add("ngram-lines", vocabulary.ngrams.lines.elements)
                add("ngram-filter", vocabulary.ngrams.filter.elements)
                add("ngram-rest", [])
                add("ngram-rest-nodes", [])
                writer.add("long-bytes", [UInt8]())
                writer.add("idf", model.blocks[0].idf.numbers.map { Double($0) })
            }
            _ = try TFIDFModel(reading: ModelFile(bytes: ExtractionTests.fileBytes(writer)).reader)
        }
        try read()
        try read(["node-count": [UInt32(vocabulary.parts.count), 0]])
        for (name, numbers): (String, [UInt32]) in [
            ("parts", [0, 0]), ("parts", [UInt32](repeating: 1, count: 2 * vocabulary.parts.count)), ("string-lines", []),
            ("string-lines", [1, 2, 3]), ("string-keys", []), ("string-keys", [1, 0, 0, 0]),
            ("string-keys", [UInt32](repeating: 0, count: 4 * (vocabulary.parts.count + 1))), ("string-nodes", [0]),
            ("string-nodes", [UInt32](repeating: 1, count: vocabulary.keys.count)), ("ngram-lines", []),
            ("ngram-lines", [UInt32](repeating: 0, count: 17)), ("ngram-filter", []), ("ngram-filter", [0]),
            ("ngram-filter", [0, 0, 0]), ("ngram-rest", [0, 0]), ("ngram-rest-nodes", [0]),
            ("node-count", []), ("node-count", [UInt32(model.featureCount), 0]), ("node-count", [1 << 20, 0]),
            ("node-count", [.max, .max]), ("node-count", [9, 9, 9, 9]),
        ] {
            #expect(throws: ModelFileError.self, "\(name), \(numbers.count) numbers") { try read([name: numbers]) }
        }
    }

    @Test func `A file of format 1 is read, and written as one of today`() throws {
        let articles = ExtractionTests.articles(60, seed: 34)
        for lengths in [1...1, 1...3, 2...2] {
            var parameters = TFIDFParameters()
            parameters.wordNgrams = LengthRange(lengths)
            parameters.characterNgrams = LengthRange(3...4)
            parameters.maximumFeatures = 200
            let model = try TFIDFVectorizer(parameters).fitted(to: articles, context: TrainingContext())
            var writer = ModelWriter()
            try writer.add("parameters", json: parameters)
            for (position, block) in model.blocks.enumerated() {
                let vocabulary = block.vocabulary
                let keys = (0..<vocabulary.nodeCount).map { node in
                    switch vocabulary.parts(of: node) {
                    case .string(let number): vocabulary.keys[number]
                    case .ngram: TermKey(low: vocabulary.parts[node], high: SK_NGRAM_KEY)
                    }
                }
                writer.scoped("\(position)") { writer in
                    writer.add("lines", [UInt32](repeating: 0, count: 16))
                    writer.add("keys", keys)
                    writer.add("long-offsets", vocabulary.longOffsets)
                    writer.add("long-bytes", vocabulary.longBytes)
                    writer.add("idf", block.idf.numbers.map { Double($0) })
                }
            }
            let read = try TFIDFModel(reading: ModelFile(bytes: ExtractionTests.fileBytes(writer)).reader)
            #expect(read.rows(of: articles, threadCount: 1) == model.rows(of: articles, threadCount: 1))
            #expect((0..<read.featureCount).map(read.featureName) == (0..<model.featureCount).map(model.featureName))
            #expect(try ExtractionTests.fileBytes(read) == ExtractionTests.fileBytes(model))
        }
    }

    @Test func `A line and a tag tell the pair, and tags of other lines tell none`() {
        var random = RandomGenerator(seed: 36)
        for bits: UInt32 in 16...29 {
            for _ in 0..<200 {
                let fewest = 1 << (2 * Int(bits) - 32)
                let lineCount = UInt32(min(fewest + random.nextInt(below: 3 * fewest + 5), TermLines.maximumLineCount))
                let (prefix, word) = (random.nextInt(below: 1 << Int(bits)), random.nextInt(below: 1 << Int(bits)))
                let place = sk_pair_place(UInt32(prefix), UInt32(word), bits, lineCount)
                let (line, tag) = (UInt32(place >> 32), UInt32(truncatingIfNeeded: place))
                #expect(sk_pair_at(line, tag, bits, lineCount) == UInt64(word) << 32 | UInt64(prefix))
                // The line before the first one that the tag may have.
                let first = UInt32((UInt64(tag) * UInt64(lineCount)) >> 32)
                if lineCount > fewest { #expect(sk_pair_at((first + lineCount - 1) % lineCount, tag, bits, lineCount) == 0) }
            }
        }
    }

    @Test func `Every pair of nodes is found, and others are not, however full the lines`() throws {
        var random = RandomGenerator(seed: 35)
        for (count, below) in [(1, 10), (300, 40), (20_000, 1000), (70_000, 70_000)] {
            // Node 0, strings, and pairs of nodes before them.
            var parts: [UInt64] = [0] + (1..<below).map { TermParts.string($0).packed }
            var nodes: [UInt64: UInt32] = [:]
            for _ in 0..<count {
                let pair = TermParts.ngram(
                    prefix: 1 + random.nextInt(below: parts.count - 1), word: 1 + random.nextInt(below: below - 1)
                )
                .packed
                guard nodes[pair] == nil else { continue }
                nodes[pair] = UInt32(parts.count)
                parts.append(pair)
            }
            let table = NgramTable(parts: parts)
            #expect(count < 70_000 || table.rest.count > 0, "no line is full, so that is not tried")
            var taken = [UInt64](repeating: 0, count: parts.count)
            table.takeParts(into: &taken)
            #expect(taken[..<below].allSatisfy { $0 == 0 })
            let areAllTaken = taken[below...] == parts[below...]
            #expect(areAllTaken)
            var unsure = [UInt32](repeating: 0, count: 512)
            var wrong = 0
            for _ in 0..<100 {
                var found: [UInt32] = []
                for _ in 0..<1000 {
                    let parts = parts[1 + random.nextInt(below: parts.count - 1)]
                    let isNear = random.nextInt(below: 2) == 0
                    found.append(random.nextInt(below: 20) == 0 ? 0 : UInt32(truncatingIfNeeded: parts))
                    found.append(UInt32(truncatingIfNeeded: parts >> 32) &+ (isNear ? UInt32(random.nextInt(below: 2)) : 0))
                }
                let (prefixes, words) = (
                    stride(from: 0, to: 1024, by: 2).map { found[$0] }, stride(from: 1, to: 1024, by: 2).map { found[$0] }
                )
                var all = prefixes + words + [UInt32](repeating: 7, count: 512)
                table.find(prefix: 0, last: 512, count: 512, in: &all, at: 1024, unsure: &unsure)
                for (place, (prefix, word)) in zip(prefixes, words).enumerated() {
                    let expected = prefix == 0 || word == 0 ? 0 : nodes[UInt64(word) << 32 | UInt64(prefix)] ?? 0
                    if all[1024 + place] != expected { wrong += 1 }
                }
            }
            #expect(wrong == 0)
        }
    }
}
