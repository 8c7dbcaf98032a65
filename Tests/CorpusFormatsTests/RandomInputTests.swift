import LinearAlgebra
import Testing
import TextClassification

@testable import CorpusFormats

/// What reading gives, in a form that can be compared: articles and problems, and the error that ended it.
private struct Outcome: Equatable {
    var articles: [Article] = []
    var problems: [Problem] = []
    var lines: [Int] = []
    var error: CorpusFormatError?

    init(_ bytes: [UInt8], _ format: ArticleFormat, blockSize: Int, maximum: Int) {
        var options = ReadingOptions()
        options.format = format
        options.blockSize = blockSize
        options.maximumLine = maximum
        do throws(CorpusFormatError) {
            let reader = try ArticleBlockReader(.bytes(bytes, name: "m"), options: options)
            var block = ArticleBlock()
            while try reader.next(into: &block) {
                articles += (0..<block.count).map { block.article($0) }
                lines += (0..<block.count).map { block.line(of: $0) }
                problems += block.problems
            }
        } catch {
            self.error = error
        }
    }
}

@Suite struct RandomInput {
    /// Pieces that the formats are made of, and some that break them.
    private static let pieces: [ArticleFormat: [String]] = [
        .jsonl: [
            "{", "}", "\"text\"", "\"id\"", ":", ",", "\"x\\n\"", "\\", "[", "]", "1", "\n", "\r\n", " ", "{\"text\": \"a\"}\n",
        ],
        .json: [
            "{", "}", "\"text\"", ":", ",", "\"]}\\\"\"", "[", "]", "1", "\n", " ", "{\"text\": \"a\"}", "{\"text\": \"b\"},",
        ],
        .csv: ["text", ",", "\"", "\"\"", "\n", "\r\n", "\r", "a", "text,id\n", "\"x\ny\",1\n", "z,2\n"],
        .tsv: ["text", "\t", "\"", "\n", "\r\n", "a", "text\tid\n", "x\ty\n"],
        .fasttext: ["__label__", "__label__x", " ", "\n", "a", "_", "\r\n"],
        .lines: ["a", "\n", "\r", "\0", "\r\n"],
        .text: ["a", "\n", "\0"],
    ]

    @Test(arguments: [ArticleFormat.jsonl, .json, .csv, .tsv, .fasttext, .lines, .text])
    func givesTheSameInPiecesOfAnySize(format: ArticleFormat) throws {
        var random = RandomGenerator(seed: 5)
        let pieces = try #require(Self.pieces[format])
        for round in 0..<150 {
            var bytes = format == .csv ? Array("text,id\n".utf8) : format == .tsv ? Array("text\tid\n".utf8) : []
            if format == .json { bytes = [ASCII.openBracket] }
            for _ in 0..<random.next() % 40 { bytes += Array(pieces[Int(random.next() % UInt64(pieces.count))].utf8) }
            if round % 3 == 0, bytes.count > 20 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() & 255) }
            for maximum in [1000, 9] {
                let whole = Outcome(bytes, format, blockSize: 1 << 16, maximum: maximum)
                for blockSize in [1, 3, 17] {
                    let inPieces = Outcome(bytes, format, blockSize: blockSize, maximum: maximum)
                    #expect(inPieces == whole, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
                }
            }
        }
    }
}
