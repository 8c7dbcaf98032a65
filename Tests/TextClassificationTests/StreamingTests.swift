import Foundation
import LinearAlgebra
import StandardPlugins
import Testing

@testable import TextClassification

#if canImport(Glibc)
    import Glibc
#endif

/// Rows packed into bytes and files, and pipelines fitted to corpora that are read instead of held.
@Suite struct StreamingTests {
    private func rows(_ count: Int, seed: UInt64) -> (SparseMatrix, Targets) {
        var generator = RandomGenerator(seed: seed)
        var matrix = SparseMatrix(columnCount: 100_000)
        var targets = Targets(task: .multi, labelCount: 5)
        for _ in 0..<count {
            for _ in 0..<generator.nextInt(below: 40) {
                matrix.append(column: Int32(generator.nextInt(below: 100_000)), value: Float(generator.nextNormal()))
            }
            matrix.endRow()
            targets.append(
                positive: (0..<5).filter { _ in generator.nextUniform() < 0.3 },
                missing: (1..<5).filter { _ in generator.nextUniform() < 0.1 })
        }
        return (matrix, targets)
    }

    @Test func packedRowsComeBack() throws {
        let (matrix, targets) = rows(700, seed: 1)
        let source = MemoryRows(matrix, targets: targets)
        #expect(source.blockCount == 3 && source.rowCount == 700)
        var unpacked = LabelledRows(featureCount: 100_000, labelCount: 5)
        for block in 0..<3 { try source.read(block: block, into: &unpacked) }
        let (back, backTargets) = unpacked.corpusRows(task: .multi)
        #expect(backTargets == targets)
        for row in 0..<700 {
            let before = matrix.row(row).map { (matrix.columnIndices[$0], matrix.values[$0]) }.sorted { $0 < $1 }
            let after = back.row(row).map { (back.columnIndices[$0], back.values[$0]) }.sorted { $0 < $1 }
            #expect(before.map(\.0) == after.map(\.0))
            #expect(zip(before, after).allSatisfy { abs($0.1 - $1.1) <= abs($0.1) / 256 })
        }
    }

    @Test(arguments: [(1.0, 1.0), (0, 0), (-0.5, -0.5), (1.001, 1.0), (1.0039, 1.0), (1.0118, 1.015625), (3.4e38, .infinity)])
    func valuesAreRoundedToTheNearest(value: Float, expected: Float) {
        #expect(Float(bitPattern: UInt32(PackedRows.upperHalf(value)) << 16) == expected)
    }

    @Test func notNumbersStaySo() {
        for value in [Float.nan, .infinity, -.infinity, .signalingNaN] {
            let back = Float(bitPattern: UInt32(PackedRows.upperHalf(value)) << 16)
            #expect(back.isNaN == value.isNaN && (value.isNaN || back == value))
        }
    }

    /// Whatever the bytes are, unpacking ends, and what it accepts is in range.
    @Test func damagedBytesAreRefused() {
        let (matrix, targets) = rows(20, seed: 2)
        var packed = PackedRows()
        for row in 0..<20 { packed.append(matrix, row: row, targets: targets, article: row) }
        var generator = RandomGenerator(seed: 3)
        for trial in 0..<2000 {
            var bytes = packed.bytes
            if trial % 2 == 0 {
                bytes.removeLast(1 + generator.nextInt(below: bytes.count))
            } else {
                for _ in 0..<3 { bytes[generator.nextInt(below: bytes.count)] = UInt8(truncatingIfNeeded: generator.next()) }
            }
            var rows = LabelledRows(featureCount: 100_000, labelCount: 5)
            let isWhole = rows.append(packed: bytes, rowCount: 20)
            if trial % 2 == 0 { #expect(!isWhole) }
            #expect(rows.columns.allSatisfy { 0..<100_000 ~= $0 })
        }
    }

    private func file(_ descriptor: Int32? = nil, rowCount: Int = 700) throws -> TemporaryRowFile {
        let (matrix, targets) = rows(rowCount, seed: 1)
        let directory = NSTemporaryDirectory()
        let file =
            try descriptor.map {
                TemporaryRowFile(descriptor: $0, directory: directory, task: .multi, featureCount: 100_000, labelCount: 5)
            } ?? TemporaryRowFile(directory: directory, task: .multi, featureCount: 100_000, labelCount: 5)
        var packed = PackedRows()
        for row in 0..<rowCount { packed.append(matrix, row: row, targets: targets, article: row) }
        for row in 0..<rowCount { try file.append(packed, row: row) }
        try file.finish()
        return file
    }

    @Test func filesGiveTheRowsOfMemory() throws {
        let (matrix, targets) = rows(700, seed: 1)
        let memory = MemoryRows(matrix, targets: targets)
        let file = try file()
        #expect(file.blockCount == memory.blockCount && file.rowCount == 700)
        for block in [2, 0, 1] {
            var (one, other) = (
                LabelledRows(featureCount: 100_000, labelCount: 5), LabelledRows(featureCount: 100_000, labelCount: 5)
            )
            try memory.read(block: block, into: &one)
            try file.read(block: block, into: &other)
            #expect(one.columns == other.columns && one.values == other.values && one.targets == other.targets)
        }
    }

    @Test func aTruncatedFileIsNoticed() throws {
        let file = try file()
        file.truncate(to: file.byteCount - 10)
        var rows = LabelledRows(featureCount: 100_000, labelCount: 5)
        try file.read(block: 0, into: &rows)
        let error = #expect(throws: TemporaryFileError.self) { try file.read(block: 2, into: &rows) }
        #expect(try #require(error).description.contains("block 2 ends after"))
    }

    #if os(Linux)
        @Test func aFullDiskIsNoticed() throws {
            let full = unsafe open("/dev/full", O_RDWR)
            let error = #expect(throws: TemporaryFileError.self) { try self.file(full) }
            #expect(try #require(error).description.contains("No space left on device"))
        }
    #endif

    @Test func aFolderThatIsNotThereIsNoticed() {
        let error = #expect(throws: TemporaryFileError.self) {
            try TemporaryRowFile(directory: "/nonexistent/folder", task: .single, featureCount: 1, labelCount: 1)
        }
        #expect(error?.description == "cannot create a temporary file in /nonexistent/folder: No such file or directory")
    }

    /// Articles in memory as a stream, in batches of a given size.
    private struct MemoryStream: CorpusStream {
        let articles: [Article]
        let batchLength: Int

        func forEachGroup(_ body: ([LabelledBatch]) throws -> Void) throws {
            var batches: [LabelledBatch] = []
            for start in stride(from: 0, to: articles.count, by: batchLength) {
                var batch = LabelledBatch()
                for article in articles[start..<min(articles.count, start + batchLength)] {
                    batch.articles.append(article)
                    batch.identifiers.append(article.id)
                    batch.labels.append(article.labels ?? [])
                    batch.unjudged.append(article.unjudged)
                }
                batches.append(batch)
                if batches.count == 3 {
                    try body(batches)
                    batches = []
                }
            }
            try body(batches)
        }
    }

    private func articles(_ count: Int, multi: Bool) -> [Article] {
        var generator = RandomGenerator(seed: 9)
        return (0..<count).map { number in
            let topic = generator.nextInt(below: 3)
            let words = (0..<30).map { _ in
                generator.nextUniform() < 0.3
                    ? "topic\(topic)word\(generator.nextInt(below: 20))" : "w\(generator.nextInt(below: 300))"
            }
            let labels = multi && topic == 2 ? [] : multi && topic == 1 ? ["a", "b"] : ["abc".map(String.init)[topic]]
            return Article(id: "\(number)", title: words[0], text: words.joined(separator: " "), labels: labels)
        }
    }

    private func pipeline(_ settings: String...) throws -> Pipeline {
        var recipe = try Registry.standard().recipe(named: "hashed-words-online")
        for setting in ["bits=12"] + settings { try recipe.apply(setting: setting, registry: .standard()) }
        return try Pipeline(recipe, registry: .standard())
    }

    private func bytes(_ model: PipelineModel) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "m.sectorkit").path
        try model.write(to: path)
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    @Test(arguments: [true, false]) func streamsTeachWhatMemoryDoes(multi: Bool) throws {
        let articles = articles(900, multi: multi)
        // Thresholds come from articles held out, which the classifier in memory would see.
        var recipe = try pipeline().recipe
        recipe.decisionRule = ComponentConfiguration(multi ? "fixed-threshold" : "argmax")
        let pipeline = try Pipeline(recipe, registry: .standard())
        let held = try pipeline.fitted(to: Corpus(articles), context: TrainingContext(seed: 3))
        let options = StreamingOptions(maximumMemory: 1 << 30)
        let streamed = try [1, 2].map { threads in
            try pipeline.fitted(
                streaming: MemoryStream(articles: articles, batchLength: 37 * threads), options: options,
                context: TrainingContext(seed: 3, threadCount: threads))
        }
        #expect(held.task == streamed[0].task && held.labels == streamed[0].labels)
        for feature in 0..<4096 {
            for label in 0..<held.labels.count {
                #expect(
                    held.classifier.featureWeight(feature, label: label)
                        == streamed[0].classifier.featureWeight(feature, label: label))
            }
        }
        #expect(try bytes(streamed[0]) == bytes(streamed[1]))
        #expect(held.header.training.labelCounts == streamed[0].header.training.labelCounts)
        let right = try articles.filter { article in
            try Set(streamed[0].predicted(article).labels(of: 0).map { streamed[0].labels[$0] }) == Set(article.labels ?? [])
        }
        #expect(right.count > 800)
    }

    @Test func `What updates go on from is left out where memory does not suffice`() throws {
        let articles = articles(300, multi: false)
        func model(_ maximumMemory: Int) throws -> PipelineModel {
            try pipeline("bits=16").fitted(
                streaming: MemoryStream(articles: articles, batchLength: 50),
                options: StreamingOptions(maximumMemory: maximumMemory), context: TrainingContext())
        }
        let (whole, small) = (try model(100_000_000), try model(56_000_000))
        #expect(whole.updateObstacle == nil && small.updateObstacle == .stateLeftOut)
        #expect(try whole.fileBytes().count > small.fileBytes().count)
        let batch = ArticleBatch(articles)
        #expect(
            try whole.predictions(for: batch, threadCount: 1).scores == small.predictions(for: batch, threadCount: 1).scores)
        #expect(throws: UpdateError.impossible(component: "online-logistic-regression", .stateLeftOut)) {
            try small.updated(with: try Corpus(articles), context: TrainingContext())
        }
    }

    @Test func thresholdsComeFromArticlesHeldOut() throws {
        let articles = articles(900, multi: true)
        let model = try pipeline().fitted(
            streaming: MemoryStream(articles: articles, batchLength: 50), options: StreamingOptions(maximumMemory: 1 << 30),
            context: TrainingContext())
        #expect(try #require(model.decisionRule.thresholds).count == 2)
    }

    @Test func whatCannotBeStreamedIsRefused() throws {
        let stream = MemoryStream(articles: articles(50, multi: false), batchLength: 10)
        func failure(_ pipeline: Pipeline, _ memory: Int) -> String {
            do {
                _ = try pipeline.fitted(
                    streaming: stream, options: StreamingOptions(maximumMemory: memory), context: TrainingContext())
                return ""
            } catch { return "\(error)" }
        }
        let words = try Pipeline(Registry.standard().recipe(named: "words"), registry: .standard())
        #expect(failure(words, 1 << 30).hasPrefix("tfidf needs all of the text in memory"))
        let hashed = try Pipeline(Registry.standard().recipe(named: "hashed-words"), registry: .standard())
        #expect(failure(hashed, 1 << 30).hasPrefix("logistic-regression needs all rows in memory"))
        #expect(failure(try pipeline("bits=22"), 300_000_000).contains("more than the 300 MB allowed"))
        let cancelled = #expect(throws: TrainingError.cancelled) {
            try pipeline().fitted(
                streaming: stream, options: StreamingOptions(maximumMemory: 1 << 30),
                context: TrainingContext(isCancelled: { true }))
        }
        #expect(cancelled != nil)
        let alike = articles(50, multi: false).map { article in
            var article = article
            article.labels = ["a"]
            return article
        }
        #expect(throws: TrainingError.oneClassOnly("a")) {
            try pipeline().fitted(
                streaming: MemoryStream(articles: alike, batchLength: 9), options: StreamingOptions(maximumMemory: 1 << 30),
                context: TrainingContext())
        }
        #expect(throws: CorpusError.self) {
            var options = StreamingOptions(maximumMemory: 1 << 30)
            options.labels = LabelSet(["a", "b"])
            _ = try pipeline().fitted(streaming: stream, options: options, context: TrainingContext())
        }
    }
}
