import Evaluation
import Foundation
import Testing
import TextClassification

@testable import Benchmarking
@testable import HTMLReports
@testable import HTMLTemplates

/// Whatever stands in an article, a label or a name reaches the page as text and nothing else.
@Suite struct HostileTextTests {
    static let hostile = [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "&amp; &lt;b&gt;",
        "line\u{2028}and\u{2029}paragraph", "<!--<script>", "]]><style>*{display:none}</style>",
        "\"\u{301} onfocus=alert(1) \"\u{301}",
        "<\u{301}script>", "{{title}} {{{json}}} {{%", "\0null", "<\u{200D}b>",
    ]

    private func page(_ text: String) throws -> String {
        var targets = Targets(task: .multi, labelCount: 2)
        for article in 0..<4 { targets.append(positive: article % 2 == 0 ? [0] : [1]) }
        let probabilities = [0.9, 0.2, 0.6, 0.3, 0.1, 0.4, 0.2, 0.8]
        let metrics = Metrics(targets: targets, probabilities: probabilities, decisions: probabilities.map { $0 > 0.5 })
        let labels = LabelSet([text, "other"])
        let evidence = [
            Mistake.Evidence(utf8Range: 0..<text.utf8.count, term: text, contribution: 1),
            Mistake.Evidence(utf8Range: 0..<1, term: text, contribution: -0.5),
        ]
        return try EvaluationPage(
            title: text, report: EvaluationReport(metrics, labels: labels, bootstrap: Bootstrap(resampleCount: 20)),
            metrics: metrics, labels: labels, thresholds: [0.5, 0.5],
            mistakes: [
                Mistake(
                    id: text, title: text, text: text + " " + text, wrong: [text], missed: [text], right: [text], explained: text,
                    titleEvidence: evidence, textEvidence: evidence)
            ], mistakeCount: 1,
            learningCurve: .init(
                series: [text, "other"].map { name in
                    .init(
                        name: name, isLabel: name == text,
                        points: [10, 20].map { .init(articleCount: $0, value: 0.5, lower: 0.4, upper: 0.6) },
                        projections: [.init(articleCount: 40, value: 0.7, lower: 0.4, upper: 0.9)], verdict: text)
                }, note: text)
        ).content.html
    }

    /// The elements of a page in their order, found as a browser's tokeniser finds them, and the attributes' names.
    private func elements(_ html: String) -> [String] {
        var elements: [String] = []
        let bytes = Array(html.utf8)
        var position = 0
        func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z") }
        while position + 1 < bytes.count {
            guard bytes[position] == UInt8(ascii: "<"),
                isLetter(bytes[position + 1]) || bytes[position + 1] == UInt8(ascii: "/")
                    || bytes[position + 1] == UInt8(ascii: "!")
            else {
                position += 1
                continue
            }
            var tag = ""
            var quote: UInt8?
            position += 1
            while position < bytes.count, quote != nil || bytes[position] != UInt8(ascii: ">") {
                if let open = quote {
                    if bytes[position] == open { quote = nil }
                } else {
                    if bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") { quote = bytes[position] }
                    tag.unicodeScalars.append(Unicode.Scalar(bytes[position]))
                }
                position += 1
            }
            elements.append(tag)
            // What stands in a script or a style is not looked at for tags other than its end.
            let name = tag.prefix { $0 != " " }
            if name == "script" || name == "style", let end = html.utf8Range(of: "</\(name)>", from: position) { position = end }
        }
        return elements
    }

    @Test(arguments: hostile)
    func `A page has the same elements whatever its texts are`(text: String) throws {
        let harmless = elements(try page(String(repeating: "x", count: 12)))
        let found = elements(try page(text))
        #expect(harmless.count > 100)
        #expect(found == harmless)
    }

    @Test(arguments: hostile)
    func `The data of a page is read back as it was`(text: String) throws {
        let html = try page(text)
        let start = try #require(html.range(of: "<script type=\"application/json\" id=\"data\">"))
        let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
        let json = String(html[start.upperBound..<end.lowerBound])
        #expect(!json.contains("\u{2028}") && !json.contains("<"))
        let value = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let labels = try #require(value["labels"] as? [[String: Any]])
        #expect(labels[0]["name"] as? String == text)
    }

    @Test(arguments: hostile)
    func `A benchmark's page, too`(name: String) throws {
        func html(_ name: String) throws -> String {
            let section = SectionComparison.failedSection(named: name, recipes: [name], message: name)
            let report = BenchmarkReport(
                environment: .init(threadCount: 1, processorCount: 2, seed: 0, resampleCount: 10, permutationCount: 10),
                baseline: nil, recipes: [.init(name: name, summary: name, isExternal: true, note: name)],
                sections: [section, section])
            return try BenchmarkPage(report).content.html
        }
        #expect(try elements(html(name)) == elements(html("harmless")))
    }

    @Test func `JSON in a script is escaped as JSON`() {
        #expect(PageTemplates.ScriptData().escapeText("a<b>&\u{2028}é") == "a\\u003cb\\u003e\\u0026\\u2028é")
    }

    @Test func `Nothing is inserted as it is, and nothing is fetched`() throws {
        for (name, bytes) in PageTemplates.sources {
            let text = String(decoding: bytes, as: UTF8.self)
            // The library forgets the content type in every partial, so that each template has to name its own.
            #expect(!text.contains("{{") || text.hasPrefix("{{% CONTENT_TYPE:"), "\(name)")
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
            #expect(!text.contains("innerHTML") && !text.contains("document.write") && !text.contains("@import"), "\(name)")
            #expect(!text.contains("src=") && !text.contains("href=") && !text.contains("url("), "\(name)")
        }
        #expect(try page("x").contains("default-src 'none'"))
    }
}

extension String {
    /// The offset at which a text begins, at or behind another.
    fileprivate func utf8Range(of text: String, from offset: Int) -> Int? {
        let all = Array(utf8)
        let wanted = Array(text.utf8)
        guard all.count >= wanted.count, offset <= all.count - wanted.count else { return nil }
        return (offset...(all.count - wanted.count)).first { all[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
