import LinearAlgebra
import Synchronization
import Testing
import TextClassification

@testable import CorpusFormats

/// Many lines, some of them wrong, and the identifiers and problem lines they give.
private func sample() -> (bytes: [UInt8], identifiers: [String], wrongLines: [Int]) {
    var text = ""
    var identifiers: [String] = []
    var wrong: [Int] = []
    for line in 1...3000 {
        switch line % 100 {
        case 17:
            text += "{\"text\": \"cut off\n"
            wrong.append(line)
        case 18:
            text += "\n"
        case 19:
            text += "{\"text\": \"no identifier\"}\n"
            identifiers.append(String(line))
        default:
            text +=
                "{\"id\": \"i\(line)\", \"title\": \"T\(line)\", \"text\": \"\(String(repeating: "x\\n", count: line % 50))\"}\n"
            identifiers.append("i\(line)")
        }
    }
    return (Array(text.utf8), identifiers, wrong)
}

@Suite struct ArticleBlocks {
    @Test(arguments: [1, 100, 10_000, 1 << 20])
    func sizesDoNotMatter(blockSize: Int) throws {
        let sample = sample()
        var options = ReadingOptions()
        options.blockSize = blockSize
        let reader = try ArticleBlockReader(.bytes(sample.bytes, name: "m.jsonl"), options: options)
        var block = ArticleBlock()
        var identifiers: [String] = []
        var wrong: [Int?] = []
        while try reader.next(into: &block) {
            for article in 0..<block.count {
                identifiers.append(block.identifier(of: article))
                let line = block.line(of: article)
                if block.hasIdentifier(article) {
                    #expect(block.article(article).id == "i\(line)")
                    #expect(block.article(article).title == "T\(line)")
                    #expect(block.article(article).text.utf8.count == line % 50 * 2)
                }
            }
            wrong += block.problems.map(\.location.line)
            // The first read ahead may be longer than a block.
            #expect(block.records.bytes.count < blockSize + 1 << 17)
        }
        #expect(identifiers == sample.identifiers)
        #expect(wrong == sample.wrongLines)
    }

    /// How a command predicts: one lock around reading, everything else on all threads.
    @Test func blocksAreParsedOnOtherThreads() throws {
        let sample = sample()
        var options = ReadingOptions()
        options.blockSize = 5000
        let reader = try ArticleBlockReader(.bytes(sample.bytes, name: "m.jsonl"), options: options)
        let parser = reader.parser
        let shared = Mutex((reader: reader, next: 0))
        let found = Mutex<[Int: [String]]>([:])
        _ = try parallelMap(count: 4, threads: 4) { (_) throws(CorpusFormatError) in
            var block = ArticleBlock()
            while true {
                let number = try shared.withLock { (state) throws(CorpusFormatError) -> Int? in
                    guard try state.reader.read(into: &block) else { return nil }
                    defer { state.next += 1 }
                    return state.next
                }
                guard let number else { return }
                parser.parse(&block)
                let identifiers = (0..<block.count).map { block.identifier(of: $0) }
                found.withLock { $0[number] = identifiers }
            }
        }
        let identifiers = found.withLock { $0 }.sorted { $0.key < $1.key }.flatMap(\.value)
        #expect(identifiers == sample.identifiers)
    }

    @Test func labelsAreNotReadForPrediction() throws {
        var options = ReadingOptions()
        options.readsLabels = false
        let reader = try ArticleBlockReader(
            .bytes(Array("{\"text\": \"a\", \"labels\": 5}".utf8), name: "m.jsonl"), options: options)
        var block = ArticleBlock()
        #expect(try reader.next(into: &block))
        #expect(block.problems == [])
        #expect(block.article(0) == Article(id: "1", text: "a"))
    }
}
