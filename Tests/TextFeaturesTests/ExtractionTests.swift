import LinearAlgebra
import Testing
import TextClassification

@testable import TextFeatures

/// What holds of rows for any texts.
@Suite struct ExtractionTests {
    static let variants: [[String: HyperparameterValue]] = [
        [:],
        ["characterNgrams": .text("2-6"), "wordNgrams": .text("1-3"), "titleWeight": .number(0.3), "wordWeight": .number(0.7)],
        [
            "compounds": .text("both"), "accents": .text("fold"), "stopWords": .text("english"),
            "minimumDocumentFrequency": .integer(2),
        ],
        ["maximumFeatures": .integer(50), "titleWeight": .number(2.7), "bodyWeight": .number(0.1), "normalization": .text("l1")],
        ["wordNgrams": .text("none"), "characterNgrams": .text("3-4"), "maximumDocumentFrequency": .number(0.5)],
    ]

    /// Articles of random Unicode and of words that repeat, among them empty ones and malformed ones.
    static func articles(_ count: Int, seed: UInt64) -> ArticleBatch {
        var texts = RandomText(seed: seed)
        let words = ["tariff", "Việt", "5G", "e-commerce", "the", "of", "中国", "ไทย", "bank", "U.S.", "cafe\u{301}"]
        func text(_ texts: inout RandomText) -> [UInt8] {
            switch texts.random.nextInt(below: 5) {
            case 0: texts.malformed(scalarCount: 30)
            case 1: []
            default:
                Array(
                    (0..<texts.random.nextInt(below: 60)).map { _ in words[texts.random.nextInt(below: words.count)] }
                        .joined(separator: " ").utf8)
            }
        }
        var batch = ArticleBatch()
        for _ in 0..<count { batch.append(title: text(&texts), body: text(&texts)) }
        return batch
    }

    static func fileBytes(_ model: some ComponentModel) throws -> [UInt8] {
        var writer = ModelWriter()
        try model.write(to: &writer)
        return try fileBytes(writer)
    }

    static func fileBytes(_ writer: ModelWriter) throws -> [UInt8] {
        let part = ComponentConfiguration("none")
        let recipe = Recipe(
            name: "test", summary: "", featureExtractor: part, classifier: part, calibrator: part, decisionRule: part)
        return try writer.fileBytes(
            header: ModelHeader(
                task: .single, labels: ["a"], recipe: recipe,
                training: .init(articleCount: 0, labelCounts: [0], seed: 0, dataDigest: "")))
    }

    @Test(arguments: variants.indices) func `Rows of fitting are those of extraction, bit for bit`(variant: Int) throws {
        let articles = Self.articles(300, seed: 1)
        let parameters = try TFIDFParameters(Self.variants[variant], component: "tfidf")
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(articles, context: TrainingContext())
        #expect(model.featureCount > 0)
        let sameExtracted = model.rows(of: articles, threadCount: 2) == rows
        #expect(sameExtracted)
    }

    @Test(arguments: variants.indices) func `Any number of threads gives the same bytes`(variant: Int) throws {
        let articles = Self.articles(700, seed: 2)
        let parameters = try TFIDFParameters(Self.variants[variant], component: "tfidf")
        let (single, rows) = try TFIDFVectorizer(parameters).fittedExtracting(articles, context: TrainingContext(threadCount: 1))
        let bytes = try Self.fileBytes(single)
        for threads in [2, 3, 8] {
            let (model, others) = try TFIDFVectorizer(parameters)
                .fittedExtracting(articles, context: TrainingContext(threadCount: threads))
            let sameRows = others == rows
            #expect(sameRows)
            let sameBytes = try Self.fileBytes(model) == bytes
            #expect(sameBytes)
            let sameExtracted = model.rows(of: articles, threadCount: threads) == rows
            #expect(sameExtracted)
        }
    }

    @Test(arguments: variants.indices) func `A model read back extracts the same rows`(variant: Int) throws {
        let articles = Self.articles(100, seed: 3)
        let parameters = try TFIDFParameters(Self.variants[variant], component: "tfidf")
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(articles, context: TrainingContext())
        let bytes = try Self.fileBytes(model)
        let read = try TFIDFModel(reading: ModelFile(bytes: bytes).reader)
        let sameRows = read.rows(of: articles, threadCount: 1) == rows
        #expect(sameRows)
        #expect((0..<read.featureCount).map(read.featureName) == (0..<model.featureCount).map(model.featureName))
        let sameBytes = try Self.fileBytes(read) == bytes
        #expect(sameBytes)
    }

    @Test(arguments: variants.indices) func `A row depends on its article alone`(variant: Int) throws {
        let articles = Self.articles(60, seed: 4)
        let parameters = try TFIDFParameters(Self.variants[variant], component: "tfidf")
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(articles, context: TrainingContext())
        let extraction = model.makeExtraction()
        for article in (0..<articles.count).reversed() {
            var alone = FeatureRows(featureCount: model.featureCount)
            extraction.extract(articles, article..<article + 1, into: &alone)
            let isSame = alone.matrix == rows.selectingRows([article])
            #expect(isSame)
            #expect(alone.coverage.count == 1)
        }
    }

    @Test func `A cancelled fit ends`() {
        let context = TrainingContext(isCancelled: { true })
        #expect(throws: TrainingError.cancelled) {
            try TFIDFVectorizer().fitted(to: Self.articles(3, seed: 5), context: context)
        }
        #expect(throws: TrainingError.cancelled) {
            try HashingVectorizer().fitted(to: Self.articles(3, seed: 5), context: context)
        }
    }

    @Test func `No n-gram at all is refused`() {
        var parameters = TFIDFParameters()
        parameters.wordNgrams = nil
        #expect(throws: ConfigurationError.self) {
            try TFIDFVectorizer(parameters).fitted(to: Self.articles(3, seed: 5), context: TrainingContext())
        }
    }

    @Test func `Texts without words, of one word of a megabyte, of NULs, and titles alone`() throws {
        var articles = ArticleBatch()
        articles.append(Article(text: ""))
        articles.append(Article(text: " .,;\n\t—…"))
        articles.append(Article(text: String(repeating: "a", count: 1_000_000)))
        articles.append(title: [UInt8](repeating: 0, count: 1000), body: Array("\0a\0b\0".utf8))
        articles.append(Article(title: "only a title", text: ""))
        articles.append(Article(text: String(repeating: "중", count: 100_000)))
        articles.append(Article(text: String(repeating: "中", count: 100_000)))
        articles.append(Article(text: "e" + String(repeating: "\u{301}", count: 100_000)))
        for variant in Self.variants {
            let parameters = try TFIDFParameters(variant, component: "tfidf")
            let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(
                articles, context: TrainingContext(threadCount: 2))
            #expect(rows.rowCount == 8)
            #expect(rows.row(0).isEmpty && rows.row(1).isEmpty)
            let isSame = model.rows(of: articles, threadCount: 1) == rows
            #expect(isSame)
        }
        let model = try TFIDFVectorizer().fitted(to: articles, context: TrainingContext())
        var rows = FeatureRows(featureCount: model.featureCount)
        model.makeExtraction().extract(articles, 0..<articles.count, into: &rows)
        #expect(rows.coverage == [0, 0, 1, 1, 1, 1, 1, 1])
        let names = rows.matrix.row(3).map { model.featureName(Int(rows.matrix.columnIndices[$0])) }
        #expect(names.sorted() == ["a", "a b", "b"])
        #expect(rows.matrix.row(4).count == 5)
    }

    @Test func `No article gives no features`() throws {
        let (model, rows) = try TFIDFVectorizer().fittedExtracting(ArticleBatch(), context: TrainingContext(threadCount: 3))
        #expect(model.featureCount == 0 && rows.rowCount == 0)
        #expect(model.rows(of: ArticleBatch([Article(text: "a b")]), threadCount: 1).elementCount == 0)
    }

    @Test func `Coverage and repairs are those of the articles asked for`() throws {
        let model = try TFIDFVectorizer().fitted(to: ArticleBatch([Article(text: "a b c d")]), context: TrainingContext())
        var articles = ArticleBatch()
        articles.append(title: [], body: [0x61, 0xFF, 0x62])
        articles.append(title: [], body: Array("x y".utf8))
        articles.append(title: [], body: Array("a y".utf8))
        var rows = FeatureRows(featureCount: model.featureCount)
        let extraction = model.makeExtraction()
        extraction.extract(articles, 0..<3, into: &rows)
        #expect(rows.repairCount == 1)
        #expect(rows.coverage == [1, 0, 1 / 3])
        extraction.extract(articles, 0..<1, into: &rows)
        #expect(rows.repairCount == 2 && rows.matrix.rowCount == 4)
    }

    @Test func `A weight too small for a single-precision number is none`() throws {
        var parameters = TFIDFParameters()
        parameters.titleWeight = 1e-60
        let articles = ArticleBatch([Article(title: "x x", text: "a")])
        let (model, rows) = try TFIDFVectorizer(parameters).fittedExtracting(articles, context: TrainingContext())
        #expect(model.featureCount == 1 && rows.elementCount == 1)
    }
}
