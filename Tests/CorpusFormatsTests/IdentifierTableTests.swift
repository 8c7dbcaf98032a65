import Testing
import TextClassification

@testable import CorpusFormats

@Suite struct IdentifierTables {
    @Test(arguments: [false, true]) func findsTheFirst(withOneHash: Bool) {
        var table = IdentifierTable()
        // Every third repeats an earlier one; the table grows twice.
        let identifiers = (0..<6000).map { $0 % 3 == 2 ? "article \($0 / 2)" : "article \($0)" }
        var expected: [String: Int] = [:]
        for position in (withOneHash ? 0..<600 : 0..<6000) {
            let earlier = table.insert(
                position, hash: withOneHash ? 7 : identifiers[position].hashValue, identifiers: identifiers)
            #expect(earlier == expected[identifiers[position]])
            if earlier == nil { expected[identifiers[position]] = position }
        }
    }

    /// The same identifiers are reported for every number of threads, with the lines of the first ones.
    @Test(arguments: [1, 3]) func duplicatesAreFoundAcrossBlocks(threads: Int) throws {
        let lines = (0..<3000).map { "{\"id\": \($0 % 2990), \"text\": \"word \($0)\", \"labels\": [\"a\"]}\n" }.joined()
        var options = ReadingOptions()
        options.blockSize = 4096
        let read = try ArticleReader(options: options, policy: .skip(maximumProblems: 1), threads: threads)
            .read(.bytes(Array(lines.utf8), name: "memory.jsonl"))
        #expect(read.articles.count == 3000)
        #expect(read.articles[2999] == Article(id: "9", text: "word 2999", labels: ["a"]))
        #expect(read.duplicateCount == 10)
        #expect(read.firstDuplicate?.location.line == 2991)
    }
}
