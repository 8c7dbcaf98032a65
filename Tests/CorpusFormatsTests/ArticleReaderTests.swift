import CorpusFormats
import Testing
import TextClassification

/// Articles of text in memory, in a given format.
func read(
    _ text: String, _ format: ArticleFormat? = .jsonl, policy: ArticleReader.Policy = .strict,
    _ change: (inout ReadingOptions) -> Void = { _ in }
) throws -> ReadArticles {
    var options = ReadingOptions()
    options.format = format
    change(&options)
    return try ArticleReader(options: options, policy: policy).read(.bytes(Array(text.utf8), name: "memory"))
}

/// The message of the error that `body` throws.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch {
        return "\(error)"
    }
}

@Suite struct JSONLReading {
    @Test func readsEveryField() throws {
        let read = try read(
            #"""
            {"id": "a", "title": "T\u00e9", "text": "x\ny", "labels": ["trade", "cy\"ber"], "unjudged": ["tech"], "date": "2024-01-02"}

            {"text": "two", "labels": [], "extra": {"deep": [1, 2.5e3, null, true]}}
            {"id": 7, "title": null, "text": "three", "labels": null}
            """#)
        #expect(
            Array(read.articles) == [
                Article(
                    id: "a", title: "Té", text: "x\ny", labels: ["trade", "cy\"ber"], unjudged: ["tech"], date: "2024-01-02"),
                Article(id: "3", text: "two", labels: []),
                Article(id: "7", text: "three"),
            ])
        #expect(read.locations.map(\.line) == [1, 3, 4])
    }

    @Test func namesTheLineThatIsCutOff() {
        #expect(
            message { _ = try read("{\"text\": \"one\"}\n{\"text\": \"tw") }
                == "memory:2: not valid JSON at byte 13: expected the closing quotation mark of a string, "
                + "found the end of the record (is the file cut off?)")
    }

    @Test func skipsAndCounts() throws {
        let read = try read(
            "{\"text\": \"one\"}\nnonsense\n{\"title\": \"x\"}\n{\"text\": \"two\"}\n", policy: .skip(maximumProblems: 1))
        #expect(read.articles.map(\.text) == ["one", "two"])
        #expect(read.problemCount == 2)
        #expect(read.problems.map(\.location.line) == [2])
    }
}
