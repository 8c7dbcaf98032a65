import Foundation
import Testing

/// `audit`.
struct AuditTests {
    let workspace = Result { try Workspace() }

    /// Planted faults come back with the file and the line where they stand.
    @Test func plantedFaults() throws {
        let workspace = try workspace.get()
        var articles = Samples.articles(60, isSingle: true)
        var twin = articles[9]
        twin.id = "twin"
        twin.labels = articles[10].labels
        articles.append(twin)
        for position in articles.indices where articles[position].labels == ["kitchen"] {
            articles[position].text = "By Joan Dough " + articles[position].text
        }
        // Two articles change their labels; the one with the byline is no kitchen article any more.
        (articles[21].labels, articles[22].labels) = (articles[22].labels, articles[21].labels)
        try workspace.write("seeds.jsonl", Samples.jsonl(articles))
        let run = try workspace.run("audit", "seeds.jsonl", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let findings = try #require(run.object["findings"] as? [[String: Any]])
        func found(_ kind: String) -> [[String: Any]] { findings.filter { $0["kind"] as? String == kind } }
        func lines(_ finding: [String: Any]?) -> [Int] {
            (finding?["articles"] as? [[String: Any]] ?? []).compactMap { $0["line"] as? Int }
        }
        #expect(lines(found("contradictoryLabels").first).sorted() == [10, 61])
        #expect(found("labelError").contains { lines($0) == [22] })
        let leak = try #require(found("leakingToken").first)
        #expect(leak["label"] as? String == "kitchen" && (leak["reason"] as? String)?.contains("by joan dough") == true)
        let text = try workspace.run("audit", "seeds.jsonl", "--limit", "1")
        #expect(text.output.contains("seeds.jsonl:22  n21") && text.output.contains("words that give a label away: 1"))
        #expect(try workspace.run("audit", "seeds.jsonl", "--json", "--threads", "1").output == run.output)
    }

    @Test func splitsAreCompared() throws {
        let workspace = try workspace.get()
        let articles = Samples.articles(40)
        try workspace.write("train.jsonl", Samples.jsonl(Array(articles[..<30])))
        try workspace.write("test.jsonl", Samples.jsonl(Array(articles[28...])))
        let run = try workspace.run("audit", "train.jsonl", "--test", "test.jsonl", "--no-label-errors")
        #expect(run.status == 0 && run.output.contains("articles on both sides of the split: 2"))
        #expect(run.output.contains("test.jsonl:1  n28") && run.output.contains("train.jsonl:29  n28"))
        #expect(run.output.contains("likely label errors were not looked for"))
        #expect(!run.output.contains("0.500"))
    }

    @Test func badInput() throws {
        let workspace = try workspace.get()
        expectFailure(try workspace.run("audit", "none.jsonl"), 66, "none.jsonl")
        try workspace.write("plain.jsonl", "{\"text\": \"a\"}\n")
        expectFailure(try workspace.run("audit", "plain.jsonl"), 65, "labels")
        expectFailure(try workspace.run("audit", "plain.jsonl", "--folds", "1"), 64, "from 2 to 100")
        // Too few articles to hold some out: what can be told without is told.
        try workspace.write("few.jsonl", Samples.jsonl([Sample(id: "a", text: "x y", labels: ["b"])]))
        let few = try workspace.run("audit", "few.jsonl")
        #expect(few.status == 0 && few.errors.contains("too few articles") && few.output.contains("labels with few articles: 1"))
    }
}
