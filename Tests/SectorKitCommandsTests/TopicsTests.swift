import Foundation
import Testing

@testable import SectorKitCommands

/// The commands about topics, as users run them.
@Suite struct TopicsTests {
    /// Articles on ships, on chips and on cheese, a third each; every tenth has the date of another month.
    private static let articles: String = {
        let words = [
            ["harbour", "ship", "cargo", "captain", "tonnage", "pilot"],
            ["chip", "wafer", "foundry", "silicon", "transistor", "circuit"],
            ["cheese", "dairy", "milk", "curd", "rennet", "cellar"],
        ]
        return (0..<60).map { i in
            let own = words[i % 3]
            let text = (0..<12).map { own[($0 * 5 + i) % own.count] }.joined(separator: " ")
            let date = i % 10 == 0 ? "2024-02-01" : "2024-01-15"
            return """
                {"id": "a\(i)", "title": "Article \(i) </script><b>", "text": "\(text)", "labels": ["\(["sea", "tech", "food"][i % 3])"], \
                "date": "\(date)"}
                """
        }.joined(separator: "\n") + "\n"
    }()

    @Test func fitsShowsAndAssigns() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        let fit = try workspace.run("topics", "fit", "archive.jsonl", "--topics", "3", "-o", "a.topics", "--html", "a.html")
        #expect(fit.status == 0 && fit.errors == "")
        #expect(fit.lines[0].hasPrefix("3 topics of 60 articles, 68 terms; frobenius, converged after"))

        let shown = try workspace.run("topics", "show", "a.topics", "--json")
        let topics = try #require(shown.object["topics"] as? [[String: Any]])
        #expect(topics.count == 3)
        for topic in topics {
            #expect(abs(try #require(topic["prevalence"] as? Double) - 1 / 3) < 0.02)
            #expect((topic["articles"] as? [Any])?.count == 20)
            #expect((topic["prevalenceByPeriod"] as? [Any])?.count == 2)
        }
        let text = try workspace.run("topics", "show", "a.topics", "--terms", "4", "--articles", "1")
        #expect(text.lines.count { $0.hasPrefix("     1.00  Article") } == 3)

        let new = #"{"id": "n1", "text": "the captain of a ship"}"# + "\n" + #"{"id": "n2", "text": "unheard words"}"# + "\n"
        let assigned = try workspace.run(["topics", "assign", "--topics", "a.topics", "--json"], input: new)
        #expect(assigned.status == 0)
        let first = try #require(assigned.objects[0]["topics"] as? [[String: Any]])
        #expect(first.count == 1 && first[0]["share"] as? Double == 1)
        #expect((first[0]["name"] as? String)?.hasPrefix("topic ") == true)
        #expect((assigned.objects[1]["topics"] as? [Any])?.isEmpty == true)
        let plain = try workspace.run(["topics", "assign", "--topics", "a.topics"], input: new)
        #expect(plain.lines[1] == "n2: none")
    }

    @Test func comparesNumbersOfTopics() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        let fit = try workspace.run("topics", "fit", "archive.jsonl", "--topics", "2,3,6", "--restarts", "2")
        #expect(fit.status == 0)
        #expect(fit.lines[0].split(separator: " ").first == "topics" && fit.lines.contains("recommended: 3 topics"))
    }

    @Test func guidedTopicsHaveTheNamesOfLabels() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        try workspace.write("sectors.json", #"{"labels": [{"name": "dairy", "keywords": ["milk", "cheese"]}]}"#)
        let fit = try workspace.run("topics", "fit", "archive.jsonl", "--topics", "3", "--guided", "--json")
        let guides = (fit.object["topics"] as? [[String: Any]])?.map { $0["guide"] as? String }
        #expect(guides == ["food", "sea", "tech"])
        let keyed = try workspace.run(
            "topics", "fit", "archive.jsonl", "--topics", "3", "--keywords", "sectors.json", "--json")
        let topic = try #require((keyed.object["topics"] as? [[String: Any]])?.first)
        #expect(topic["guide"] as? String == "dairy")
        #expect((topic["terms"] as? [[String: Any]])?.contains { $0["term"] as? String == "rennet" } == true)
    }

    @Test func learnsFromAStream() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        let fit = try workspace.run(
            "topics", "fit", "archive.jsonl", "--topics", "3", "--online", "--sample", "30", "--minimum-articles", "1", "-o",
            "a.topics")
        #expect(fit.status == 0 && fit.lines[0].hasPrefix("3 topics of 30 articles"))
        let assigned = try workspace.run(["topics", "assign", "--topics", "a.topics", "--json"], input: #"{"text": "milk"}"#)
        #expect((assigned.objects[0]["topics"] as? [Any])?.count == 1)
    }

    @Test func threadsDoNotChangeTheFile() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        for threads in ["1", "2"] {
            #expect(
                try workspace.run("topics", "fit", "archive.jsonl", "--topics", "4", "--threads", threads, "-o", threads).status
                    == 0)
        }
        #expect(try workspace.bytes("1") == workspace.bytes("2"))
    }

    /// The page holds no link, and nothing of an article can end its script.
    @Test func thePageStandsAlone() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        _ = try workspace.run("topics", "fit", "archive.jsonl", "--topics", "3", "--html", "a.html")
        let page = String(decoding: try workspace.bytes("a.html"), as: UTF8.self)
        #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
        #expect(page.contains("Article 0 \\u003c/script\\u003e\\u003cb\\u003e"))
        #expect(page.components(separatedBy: "</script>").count == 3 && !page.contains("<b>"))
    }

    @Test func saysWhatIsWrong() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        try workspace.write("empty.jsonl", #"{"id": "e", "text": ""}"# + "\n")
        expectFailure(try workspace.run("topics", "fit", "gone.jsonl"), 66, "cannot open gone.jsonl")
        expectFailure(
            try workspace.run("topics", "fit", "empty.jsonl"), 65, "the training texts give no features")
        expectFailure(try workspace.run("topics", "fit", "archive.jsonl", "--topics", "0"), 64, "The value '0' is invalid")
        expectFailure(
            try workspace.run("topics", "fit", "archive.jsonl", "--online", "--guided"), 64, "--online cannot be combined")
        try workspace.write("unlabelled.jsonl", #"{"text": "one two three"}"# + "\n" + #"{"text": "two three four"}"# + "\n")
        expectFailure(
            try workspace.run("topics", "fit", "unlabelled.jsonl", "--guided"), 65, "--guided wants labelled articles")
        let model = try SharedModel.multi.get().path
        expectFailure(try workspace.run("topics", "show", model), 65, "needs a component that this program does not have")
        _ = try workspace.run("topics", "fit", "archive.jsonl", "--topics", "3", "-o", "a.topics")
        expectFailure(
            try workspace.run("predict", "--model", "a.topics", "archive.jsonl"), 65,
            "needs a component that this program does not have")
        // Bad lines are told, and the rest goes on.
        let mixed = try workspace.run(
            ["topics", "assign", "--topics", "a.topics"], input: #"{"text": "ship"}"# + "\n{oops\n" + #"{"text": "milk"}"# + "\n")
        #expect(mixed.status == 65 && mixed.lines.count == 2)
    }
}
