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

    /// Coherence in other articles: where the words of a topic never meet, NPMI is -1 and not a number that the fit suggests.
    @Test func measuresCoherenceInAReference() throws {
        let workspace = try Workspace()
        try workspace.write("archive.jsonl", Self.articles)
        let words = [
            "harbour", "ship", "cargo", "captain", "tonnage", "pilot", "chip", "wafer", "foundry", "silicon", "cheese", "milk",
        ]
        try workspace.write("apart.jsonl", words.map { "{\"id\": \"\($0)\", \"text\": \"\($0) \($0)\"}\n" }.joined())
        let fit = try workspace.run("topics", "fit", "archive.jsonl", "--topics", "3", "-o", "a.topics")
        #expect(fit.lines[1].hasPrefix("coherence: NPMI"))
        let shown = try workspace.run("topics", "show", "a.topics", "--reference", "apart.jsonl")
        #expect(shown.status == 0 && shown.lines[1].hasPrefix("coherence in 12 other articles: NPMI -1.000"), "\(shown.lines)")
        let fitted = try workspace.run("topics", "fit", "archive.jsonl", "--topics", "3", "--reference", "apart.jsonl", "--json")
        #expect(fitted.object["referenceArticleCount"] as? Int == 12)
        #expect((fitted.object["quality"] as? [String: Any])?["npmi"] as? Double == -1)
        // In the articles of the fit the measures are those of the fit.
        let own = try workspace.run("topics", "show", "a.topics", "--reference", "archive.jsonl", "--json")
        let stored = try workspace.run("topics", "show", "a.topics", "--json")
        #expect(
            (own.object["quality"] as? [String: Any])?["cV"] as? Double
                == (stored.object["quality"] as? [String: Any])?["cV"] as? Double)
        try workspace.write("nothing.jsonl", "")
        expectFailure(
            try workspace.run("topics", "show", "a.topics", "--reference", "nothing.jsonl"), 65, "nothing.jsonl")
        expectFailure(try workspace.run("topics", "show", "a.topics", "--reference", "gone.jsonl"), 66, "gone.jsonl")
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
        #expect(fit.status == 0 && fit.lines[0].hasPrefix("3 topics of 60 articles (measures and lists of a sample of 30), "))
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
        // One article, more topics than it allows, and an article without a word are no mistakes.
        try workspace.write("one.jsonl", #"{"text": "one harbour two ships"}"# + "\n")
        let one = try workspace.run("topics", "fit", "one.jsonl", "--topics", "3")
        #expect(one.status == 0 && one.lines[0].hasPrefix("1 topic of 1 article"))
        #expect(one.errors.contains("3 topics are more than"))
        try workspace.write("blank.jsonl", Self.articles + #"{"id": "blank", "text": "", "title": ""}"# + "\n")
        let blank = try workspace.run("topics", "fit", "blank.jsonl", "--topics", "3")
        #expect(blank.status == 0 && blank.lines.contains("1 article without any of the terms"))
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
