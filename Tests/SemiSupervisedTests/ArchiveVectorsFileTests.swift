import LinearAlgebra
import Testing
import TextClassification

@testable import SemiSupervised

@Suite struct ArchiveVectorsFileTests {
    private static var parameters: ArchiveVectors.Parameters {
        var parameters = ArchiveVectors.Parameters()
        parameters.rank = 16
        parameters.window = 8
        return parameters
    }

    private static func articles(_ range: Range<Int>) -> (batch: ArticleBatch, identifiers: [String]) {
        var news = SampleNews(seed: 11)
        let all = (0..<range.upperBound).map { number in
            Article(id: "a\(number)", title: number % 2 == 0 ? "Title of \(number)" : "", text: news.text([number % 4]))
        }[range]
        return (ArticleBatch(Array(all)), all.map(\.id))
    }

    private static func file(
        _ pieces: [Range<Int>], contents: ArchiveVectorsFile.Contents = .init(), memory: ArchiveFitter.Memory = .init(),
        threads: Int = 2
    ) throws -> ArchiveVectorsFile {
        var builder = ArchiveVectorsFile.Builder(parameters, contents: contents, seed: 3, memory: memory)
        for piece in pieces {
            let (batch, identifiers) = articles(piece)
            try builder.append(batch, identifiers: identifiers)
        }
        return try builder.fitted(context: TrainingContext(threadCount: threads))
    }

    private static func read(_ file: ArchiveVectorsFile) throws -> ArchiveVectorsFile {
        try ArchiveVectorsFile(ModelFile(bytes: file.fileBytes()))
    }

    @Test func `An update is the fit to all articles, byte for byte`() throws {
        let whole = try Self.file([0..<300])
        var builder = try ArchiveVectorsFile.Builder(updating: Self.read(Self.file([0..<120])))
        let (batch, identifiers) = Self.articles(120..<300)
        try builder.append(batch, identifiers: identifiers)
        let updated = try builder.fitted(context: TrainingContext(seed: 99, threadCount: 3))
        #expect(updated.articleCount == 300)
        #expect(try updated.fileBytes() == whole.fileBytes())
    }

    @Test func `Neither pieces nor threads nor a file for the words change a byte`() throws {
        let expected = try Self.file([0..<200], threads: 1).fileBytes()
        var memory = ArchiveFitter.Memory()
        memory.spoolLimit = 0
        memory.placesAtOnce = 100
        #expect(try Self.file([0..<7, 7..<200], memory: memory, threads: 3).fileBytes() == expected)
    }

    @Test func `They are the vectors that training fits to the same articles`() throws {
        let file = try Self.file([0..<200])
        var context = TrainingContext()
        context.seed = 3
        let model = try ArchiveVectors(Self.parameters).fitted(to: Self.articles(0..<200).batch, context: context)
        let (a, b) = (file.vectors.wordVectors.elements, model.wordVectors.elements)
        #expect(a == b)
    }

    @Test func `Similar words and articles are found after reading`() throws {
        let file = try Self.read(Self.file([0..<200]))
        #expect(file.hasArticles && file.isUpdatable)
        let words = file.nearestWords(to: ["Rocket"], count: 5)
        #expect(words.count == 5 && !words.contains { $0.word == "rocket" })
        let space = Set(
            "orbit satellite launch moon astronaut capsule booster telescope planet crater lander probe thruster comet solar"
                .split(separator: " ").map(String.init))
        #expect(words.count { space.contains($0.word) } >= 4)
        let articles = file.nearestArticles(to: Article(text: "a rocket launch into orbit"), count: 10)
        #expect(articles.count == 10)
        // Article number 4n + 2 is about space.
        #expect(articles.count { (Int($0.id.dropFirst()) ?? 0) % 4 == 2 } >= 9)
        #expect(articles[0].title.hasPrefix("Title of "))
        #expect(zip(articles, articles.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
        // A byte a dimension is exact enough: the article itself has the cosine 1.
        let own = file.nearestArticles(to: Article(title: "Title of 2", text: text(2)), count: 1)
        #expect(own[0].id == "a2" && abs(own[0].similarity - 1) < 0.01)
        #expect(file.nearestArticles(to: Article(text: "nothing"), count: 3).isEmpty)
        #expect(file.unknown(["rocket", "nothing", "the"]) == ["nothing", "the"])
    }

    private func text(_ number: Int) -> String {
        var news = SampleNews(seed: 11)
        return (0...number).map { news.text([$0 % 4]) }[number]
    }

    @Test func `A final file is smaller and says that it cannot be updated`() throws {
        var contents = ArchiveVectorsFile.Contents()
        contents.words = false
        contents.articles = false
        let file = try Self.read(Self.file([0..<100], contents: contents))
        #expect(!file.hasArticles && !file.isUpdatable)
        #expect(file.nearestArticles(to: Article(text: "rocket"), count: 3).isEmpty)
        #expect(throws: TrainingError.self) { _ = try ArchiveVectorsFile.Builder(updating: file) }
        #expect(try file.fileBytes().count < Self.file([0..<100]).fileBytes().count)
    }

    @Test func `Too little memory is an error before the work, enough prunes`() throws {
        #expect(throws: ConfigurationError.self) {
            _ = try Self.file([0..<100], memory: ArchiveFitter.Memory(maximum: 1_000_000))
        }
        _ = try Self.file([0..<100], memory: ArchiveFitter.Memory(maximum: 100_000_000))
    }

    @Test func `No byte of a damaged file makes it crash`() throws {
        let bytes = try Self.file([0..<40]).fileBytes()
        for cut in stride(from: 0, to: bytes.count, by: bytes.count / 40) {
            #expect(throws: ModelFileError.self) { _ = try ArchiveVectorsFile(ModelFile(bytes: Array(bytes[..<cut]))) }
        }
    }

    @Test(arguments: [1, 5, 16, 99, 100, 101, 1000]) func `A sample is spread over the archive`(count: Int) {
        var sample = ArchiveSample(limit: 16)
        let batch = ArticleBatch((0..<count).map { Article(text: "\($0)") })
        sample.append(batch)
        let kept = sample.articles.bodies.map { Int(String(decoding: sample.articles.bytes[$0], as: UTF8.self)) ?? -1 }
        #expect(sample.articleCount == count)
        #expect(sample.digest == batch.digest)
        #expect(kept.count <= 16 && kept.count >= min(count, 8))
        let steps = Set(zip(kept, kept.dropFirst()).map { $1 - $0 })
        #expect(kept.first == 0 && steps.count <= 1)
        #expect(count - (kept.last ?? 0) <= (steps.first ?? 1))
    }
}
