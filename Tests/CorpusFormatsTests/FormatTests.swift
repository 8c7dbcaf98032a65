import Foundation
import Testing
import TextClassification

@testable import CorpusFormats

@Suite struct Tables {
    @Test func readsQuotedFields() throws {
        let table =
            "\u{FEFF}id,title,text,labels,unjudged,date,extra\r\n"
            + "a,\"x, \"\"y\"\"\",\"line one\r\nline two\",trade; cyber ;;,tech,2024-01-02,\r\n"
            + "\r\n"
            + ",,plain,,,,z\r\n"
            + "c,\"\",\"\"\"\",none;,,,\"\""
        let read = try read(table, .csv)
        #expect(
            Array(read.articles) == [
                Article(
                    id: "a", title: "x, \"y\"", text: "line one\r\nline two", labels: ["trade", "cyber"], unjudged: ["tech"],
                    date: "2024-01-02"),
                Article(id: "5", text: "plain", labels: []),
                Article(id: "c", text: "\"", labels: ["none"]),
            ])
        #expect(read.locations.map(\.line) == [2, 5, 6])
    }

    @Test func withoutAColumnOfLabelsNothingIsKnown() throws {
        #expect(try Array(read("text\nsome\n", .csv).articles) == [Article(id: "2", text: "some")])
    }

    @Test func separatesByTabs() throws {
        let read = try read("text\tlabels\nhe said \"no\", twice\ttrade\n\"a\tb\"\t\n", .tsv)
        #expect(read.articles.map(\.text) == ["he said \"no\", twice", "a\tb"])
        #expect(read.articles.map(\.labels) == [["trade"], []])
    }

    @Test func mapsNames() throws {
        let table = "uid,headline,body,topics\n1,h,b,x\n"
        let mapped = try read(table, .csv) {
            $0.fieldNames.id = "uid"
            $0.fieldNames.title = "headline"
            $0.fieldNames.text = "body"
            $0.fieldNames.labels = "topics"
        }
        #expect(Array(mapped.articles) == [Article(id: "1", title: "h", text: "b", labels: ["x"])])
        #expect(
            message { _ = try read(table, .csv) }
                == "memory:1: no column \"text\" for the texts; the columns are \"uid\", \"headline\", \"body\", \"topics\" "
                + "(name another with --text-field)")
        #expect(
            message {
                _ = try read(table, .csv) {
                    $0.fieldNames.text = "body"
                    $0.fieldNames.labels = "Topics"
                }
            }.hasPrefix("memory:1: no column \"Topics\" for the labels; "))
        #expect(message { _ = try read("text,text\n", .csv) } == "memory:1: the column \"text\" is there 2 times")
    }

    @Test(arguments: [
        ("text,id\n\na,1,2\n", "memory:3: the record has 3 fields, the header has 2"),
        ("text,id\na\n", "memory:2: the record has 1 field, the header has 2"),
        (
            "text,id\n\"a\nb\" c,1\n",
            "memory:2: field 1 goes on behind its closing quotation mark (one within a field must be doubled)"
        ),
        ("text,id\nx,1\na \"b\",1\n", "memory:3: field 1 has a quotation mark in it but none around it"),
        (
            "text,id\nx,1\ny,\"z\nw,2\n",
            "memory:3: the quotation mark before field 2 is never closed (is the file cut off?)"
        ),
        ("\"text,id\n", "memory:1: in the header, the quotation mark before field 1 is never closed (is the file cut off?)"),
        ("", "memory is empty; a table needs a header"),
        ("text\n", "memory holds no articles"),
    ])
    func saysWhatIsWrong(table: String, expected: String) {
        #expect(message { _ = try read(table, .csv) } == expected)
    }

    @Test func goesOnBehindAWrongRow() throws {
        let read = try read("text,id\na,1\nb\nc,3\n", .csv, policy: .skip(maximumProblems: 9))
        #expect(read.articles.map(\.id) == ["1", "3"])
        #expect(read.problems.map(\.location.line) == [3])
    }
}

@Suite struct OtherFormats {
    @Test func readsFastText() throws {
        let read = try read(
            "__label__trade __label__cyber Some text .\n\n plain words \n__label__x\nend __label__tech of it\n", .fasttext)
        #expect(
            Array(read.articles) == [
                Article(id: "1", text: "Some text .", labels: ["trade", "cyber"]),
                Article(id: "3", text: "plain words ", labels: []),
                Article(id: "4", text: "", labels: ["x"]),
                Article(id: "5", text: "end of it", labels: ["tech"]),
            ])
        #expect(try CorpusFormatsTests.read("a\nb\n", .fasttext).articles.map(\.labels) == [nil, nil])
    }

    @Test func readsLinesAndWholeTexts() throws {
        #expect(
            try Array(read("one\n\ntwo\0\r\n", .lines).articles) == [
                Article(id: "1", text: "one"), Article(id: "2", text: ""), Article(id: "3", text: "two\0"),
            ])
        #expect(try Array(read("one\n{two\n", .text).articles) == [Article(id: "1", text: "one\n{two\n")])
    }

    @Test func readsArrays() throws {
        let read = try read(" [\n{\"text\": \"a\",\n \"labels\": [\"x\"]}, {\"id\": \"i\", \"text\": \"b\"}\n]", .json)
        #expect(Array(read.articles) == [Article(id: "2", text: "a", labels: ["x"]), Article(id: "i", text: "b")])
        #expect(read.locations.map(\.line) == [2, 3])
        #expect(message { _ = try CorpusFormatsTests.read("[]", .json) } == "memory holds no articles")
        #expect(
            message { _ = try CorpusFormatsTests.read("[{\"text\": \"a\"},]", .json) }
                == "memory:1: not valid JSON at byte 1: expected an object, {\"text\": …}, "
                + "found the end of the record (is the file cut off?)")
        #expect(
            message { _ = try CorpusFormatsTests.read("[{\"text\": \"a\"", .json) }
                == "memory:1: not valid JSON at byte 13: expected , or }, found the end of the record (is the file cut off?)")
    }

    @Test(arguments: [
        ("{\"text\": 5}", "\"text\" must be a string; found a number"),
        ("{\"text\": null}", "\"text\" must be a string; found null"),
        ("{\"body\": \"x\", \"n\": 1}", "no field \"text\"; the fields are \"body\", \"n\""),
        ("{}", "the object is empty; it needs a field \"text\""),
        ("{\"text\": \"\", \"title\": [\"x\"]}", "\"title\" must be a string; found an array"),
        ("{\"text\": \"\", \"id\": {}}", "\"id\" must be a string or a number; found an object"),
        ("{\"text\": \"\", \"labels\": \"x\"}", "\"labels\" must be an array of strings, as in [\"trade\"]; found a string"),
        (
            "{\"text\": \"\", \"labels\": [\"x\", 1]}",
            "\"labels\" must be an array of strings, as in [\"trade\"]; found an array with a number in it"
        ),
        ("{\"text\": \"\", \"date\": true}", "\"date\" must be a string; found true or false"),
    ])
    func saysWhichFieldIsWrong(line: String, expected: String) {
        #expect(message { _ = try read(line) } == "memory:1: " + expected)
    }

    @Test func nulsAreData() throws {
        #expect(try Array(read("{\"text\": \"a\\u0000b\", \"id\": \"\\u0000\"}").articles) == [Article(id: "\0", text: "a\0b")])
        #expect(try read("text\na\0b\n", .csv).articles.map(\.text) == ["a\0b"])
    }

    @Test func duplicatesAreReported() throws {
        let text =
            "{\"id\": \"a\", \"text\": \"1\"}\n{\"text\": \"2\"}\n{\"id\": \"a\", \"text\": \"3\"}\n{\"id\": \"2\", \"text\": \"4\"}\n"
        #expect(
            message { _ = try CorpusFormatsTests.read(text) }
                == "memory:3: the identifier \"a\" is already that of the article at memory:1")
        let read = try read(text, policy: .skip(maximumProblems: 3))
        #expect(read.articles.map(\.text) == ["1", "2", "3", "4"])
        #expect(read.duplicateCount == 1)
        #expect(read.problemCount == 0)
    }

    @Test(arguments: [ArticleFormat.jsonl, .json, .csv, .tsv, .fasttext, .text, .lines])
    func nothingIsAnError(format: ArticleFormat) {
        let expected = format == .json ? "memory holds no articles" : "memory is empty"
        #expect(message { _ = try read("", format) }.hasPrefix(expected))
        #expect(message { _ = try read("\u{FEFF}", format) }.hasPrefix(expected))
    }

    @Test func blankLinesAloneAreNothing() {
        #expect(message { _ = try read("\n \n") } == "memory holds no articles")
    }

    @Test(arguments: [
        ("a.jsonl", "x", ArticleFormat.jsonl), ("A.NDJSON", "x", .jsonl), ("dir.csv/a.jsonl.gz", "x", .jsonl),
        ("a.csv", "{", .csv),
        ("a.tsv.gz", "", .tsv), ("a.ft", "", .fasttext), ("a.txt", "some text", .text), ("a.txt", "__label__x some", .fasttext),
        ("a.json", " [ {}", .json), ("a.json", "{\n\"text\":\n1}", .json), ("a.json", "{\"a\": 1}\r\n{\"a\": 1}", .jsonl),
        ("a.json", "{\"a\":\n", .json), ("a", "{\"a\": nonsense\n{}", .jsonl), ("a", "[1] a footnote", .text), ("a", "", .text),
        ("a", "\n\n{\"text\": \"x\"}", .jsonl), (".gz", "x", .text), ("csv", "x", .text),
    ])
    func recognises(name: String, content: String, format: ArticleFormat) {
        let bytes = Array(content.utf8)
        let recognised = ArticleFormat.recognised(byName: name) ?? ArticleFormat.recognised(byContent: bytes, isFile: true)
        #expect(recognised == format)
    }

    @Test func onStandardInputOnlyObjectsAreRecognised() {
        for (content, format) in [("__label__x y", ArticleFormat.text), ("[{}]", .text), (" {\n", .jsonl)] {
            #expect(ArticleFormat.recognised(byContent: Array(content.utf8), isFile: false) == format)
        }
    }
}

@Suite struct HTMLStripping {
    @Test(arguments: [
        ("plain", "plain"), ("<p>One</p><p>Two<br/>three</p>", "One\nTwo\nthree\n"), ("a<b>b</b>c", "abc"),
        ("5 < 6 & 7 > 2 &unknown; &;", "5 < 6 & 7 > 2 &unknown; &;"), ("a <unclosed", "a <unclosed"),
        ("&lt;b&gt; &amp;amp; &quot;&#8217;&#x2019;&#146;&eacute;&nbsp;&thorn;", "<b> &amp; \"’’’é\u{A0}þ"),
        ("x<!-- a > b -->y<![CDATA[z]]>", "xy"), ("<SCRIPT type='a>b'>if (a < b) {}</Script>after", "\nafter"),
        ("<style>p {}</style>", ""), ("<a href=\"x>y\">link</a>", "link"), ("&#0;&#xD800;&#x110000;", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("<script>never closed", ""), ("<", "<"), ("&", "&"), ("</", "</"), ("é<i>é</i>", "éé"),
    ])
    func strips(html: String, expected: String) {
        var bytes = Array("<<".utf8) + Array(html.utf8) + Array(">>".utf8)
        let range = HTMLStripper.strip(&bytes, 2..<bytes.count - 2)
        #expect(String(decoding: bytes[range], as: UTF8.self).trimmingPrefix("\n") == expected.trimmingPrefix("\n"))
    }

    @Test(arguments: ["<a b=\">\" ", "<a", "<!--", "<a b='", "<script>", "&#1", "<!-- <a href=\"x>"])
    func takesLinearTime(piece: String) {
        var bytes = Array(String(repeating: piece, count: 20_000).utf8)
        _ = HTMLStripper.strip(&bytes, 0..<bytes.count)
    }

    @Test func isAnOption() throws {
        let text = "{\"text\": \"<p>a &amp; b</p>\", \"title\": \"<b>T</b>\"}"
        #expect(try read(text).articles.map(\.text) == ["<p>a &amp; b</p>"])
        let read = try read(text) { $0.stripsHTML = true }
        #expect(Array(read.articles) == [Article(id: "1", title: "T", text: "a & b\n")])
    }
}
