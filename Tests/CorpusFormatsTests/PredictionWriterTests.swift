import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import CorpusFormats

/// What a writer makes of a text's articles, whose predictions are given.
private func written(
    _ text: String, _ input: ArticleFormat, _ output: PredictionWriter.Format, labels: [String] = ["trade", "cy\"ber"],
    probabilities: [Double] = [0.91, 0.1234567], decisions: [Bool] = [true, false], keepsText: Bool = false,
    showsAllScores: Bool = false
) throws -> String {
    var options = ReadingOptions()
    options.format = input
    options.readsLabels = false
    let reader = try ArticleBlockReader(.bytes(Array(text.utf8), name: "m"), options: options)
    let writer = PredictionWriter(
        format: output, labels: LabelSet(labels), keepsText: keepsText, showsAllScores: showsAllScores)
    var bytes: [UInt8] = []
    writer.appendHeader(to: &bytes)
    var block = ArticleBlock()
    while try reader.next(into: &block) {
        #expect(block.problems == [])
        var predictions = Predictions(labelCount: labels.count)
        for _ in 0..<block.count {
            predictions.probabilities += probabilities
            predictions.decisions += decisions
        }
        writer.append(block, predictions, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
}

private let prediction =
    #""prediction": {"labels": ["trade"], "probabilities": {"trade": 0.91, "cy\"ber": 0.123457}}"#

@Suite struct PredictionWriting {
    @Test(arguments: [
        (#"{"id": "a", "text": "t", "x": [1,  2.0], "labels": ["y"]}"#, #"{"id": "a", "x": [1,  2.0], "labels": ["y"], "#),
        (#"{"text": "t"}"#, #"{"id": "1", "#),
        (#" { "text":"t" , "n" :1E5 }"#, #"{"id": "1", "n" :1E5, "#),
        (#"{"prediction": {"labels": []}, "text": "t", "id": 7, "prediction": 1}"#, #"{"id": 7, "#),
        (#"{"te\u0078t": "t", "pr\u0065diction": 0, "id": null, "é": "\u00e9"}"#, #"{"id": "1", "é": "\u00e9", "#),
    ])
    func keepsWhatItDoesNotKnow(line: String, expected: String) throws {
        #expect(try written(line, .jsonl, .jsonl) == expected + prediction + "}\n")
    }

    @Test func keepsTheTextIfItShall() throws {
        let line = #"{"text": "t\n", "id": "a"}"#
        #expect(try written(line, .jsonl, .jsonl, keepsText: true) == #"{"text": "t\n", "id": "a", "# + prediction + "}\n")
    }

    @Test func writesObjectsForOtherFormats() throws {
        #expect(
            try written("id,title,text\n\"a\"\"\u{1}\",\"two\nlines\",t\n,,u\n", .csv, .jsonl)
                == #"{"id": "a\"\u0001", "title": "two\nlines", "# + prediction + "}\n" + #"{"id": "4", "# + prediction + "}\n")
        #expect(
            try written("t\\\t\u{7F}é", .text, .jsonl, keepsText: true)
                == #"{"id": "1", "text": "t\\\t"# + "\u{7F}é\", " + prediction + "}\n")
        #expect(
            try written("[{\"id\": [\n1],\r\n\"text\": \"\"}]".replacingOccurrences(of: "\"id\"", with: "\"k\""), .json, .jsonl)
                == #"{"id": "1", "k": [ 1], "# + prediction + "}\n")
    }

    @Test func everyObjectIsValid() throws {
        let lines = [
            #"{"text": "t"}"#, #"{"id": "\ud800", "text": "t", "a": {"b": []}}"#, "{\"text\": \"t\", \"x\": \"a\u{2028}\"}",
        ]
        let labels = ["a\\b", "\u{1}\n\t\r", "é", "", "\"", "/"]
        for line in lines {
            let output = try written(
                line, .jsonl, .jsonl, labels: labels, probabilities: [0, 1, 0.5, .nan, 1e-9, 0.999_999_9],
                decisions: [true, true, true, false, true, false])
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(output.replacing("\\ud800", with: "").utf8)) as? [String: Any])
            let prediction = try #require(object["prediction"] as? [String: Any])
            #expect(prediction["labels"] as? [String] == ["a\\b", "\u{1}\n\t\r", "é", "\""])
            let probabilities = try #require(prediction["probabilities"] as? [String: Any])
            #expect(Set(probabilities.keys) == Set(labels))
            #expect(probabilities["é"] as? Double == 0.5)
            #expect(probabilities["/"] as? Double == 1)
            #expect(probabilities[""] is NSNull)
        }
    }

    @Test func writesTables() throws {
        let text = "{\"id\": \"a\\tb\\nc\", \"text\": \"\"}\n{\"text\": \"\"}\n"
        #expect(
            try written(text, .jsonl, .tsv, labels: ["trade", "t\tech"], decisions: [true, true])
                == "id\tlabels\ttrade\tt ech\na b c\ttrade;t ech\t0.91\t0.1235\n2\ttrade;t ech\t0.91\t0.1235\n")
        #expect(try written("x", .lines, .tsv, labels: ["a"], decisions: [false]) == "id\tlabels\ta\n1\t\t0.91\n")
    }

    @Test func writesForPeople() throws {
        let text = "{\"id\": \"a\", \"title\": \"Two\\nlines \\u001b[31m\\u0085\", \"text\": \"\"}"
        #expect(try written(text, .jsonl, .text) == "a  Two lines  [31m \n    trade 0.91\n")
        #expect(try written(text, .jsonl, .text, decisions: [false, false]).hasSuffix("\n    none\n"))
        #expect(
            try written("x", .lines, .text, probabilities: [0.2, 0.7], decisions: [true, true])
                == "1\n    cy\"ber 0.7  trade 0.2\n")
        #expect(
            try written("x", .lines, .text, probabilities: [0.2, 0.7], decisions: [false, true], showsAllScores: true)
                == "1\n    cy\"ber 0.7*  trade 0.2\n")
        #expect(
            try written("x", .lines, .text, decisions: [false, false], showsAllScores: true)
                == "1\n    none  trade 0.91  cy\"ber 0.1235\n")
    }

    /// What is written for some labels, given or not, and nothing else.
    @Test(arguments: [
        ([true, false], "trade\n"), ([false, false], "\n"), ([true, true], "trade;cy\"ber\n"), ([false, true], "cy\"ber\n"),
    ])
    func writesLabelsAlone(decisions: [Bool], expected: String) throws {
        let text = "{\"id\": \"a\", \"text\": \"\"}\n\n{\"text\": \"b\"}"
        #expect(try written(text, .jsonl, .labels, decisions: decisions) == expected + expected)
        #expect(try written("a\n\nb", .lines, .labels, decisions: decisions) == expected + expected + expected)
    }

    /// Rows of which some hold numbers that are no probabilities stand among others.
    @Test(arguments: [PredictionWriter.Format.tsv, .jsonl])
    func writesAnyNumberOfArticles(format: PredictionWriter.Format) throws {
        let count = 150
        let reader = try ArticleBlockReader(
            .bytes(Array((0..<count).map { "{\"text\": \"\", \"n\": \($0)}\n" }.joined().utf8), name: "m.jsonl"))
        var block = ArticleBlock()
        #expect(try reader.next(into: &block) && block.count == count)
        var predictions = Predictions(labelCount: 2)
        for article in 0..<count {
            predictions.probabilities += [Double(article % 101) / 100, article % 40 == 7 ? .nan : 1]
            predictions.decisions += [article % 3 == 0, article % 2 == 0]
        }
        let writer = PredictionWriter(format: format, labels: LabelSet(["a", "b"]))
        var output: [UInt8] = []
        writer.append(block, predictions, to: &output)
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == count)
        for (article, line) in lines.enumerated() {
            var labels = article % 3 == 0 ? ["a"] : []
            if article % 2 == 0 { labels.append("b") }
            var first: [UInt8] = []
            first.append(Double(article % 101) / 100, decimals: 4)
            let (a, b) = (String(decoding: first, as: UTF8.self), article % 40 == 7 ? "null" : "1.0")
            let strings = labels.map { "\"\($0)\"" }.joined(separator: ", ")
            #expect(
                line
                    == (format == .tsv
                        ? "\(article + 1)\t\(labels.joined(separator: ";"))\t\(a)\t\(b)"
                        : "{\"id\": \"\(article + 1)\", \"n\": \(article), \"prediction\": {\"labels\": [\(strings)], "
                            + "\"probabilities\": {\"a\": \(a), \"b\": \(b)}}}"))
        }
    }
}

@Suite struct Decimals {
    /// What `printf` gives, without closing zeros.
    private func expected(_ number: Double, _ decimals: Int) -> String {
        var text = String(format: "%.\(decimals)f", number)
        while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
        return text == "-0.0" ? "0.0" : text
    }

    private func formatted(_ number: Double, _ decimals: Int) -> String {
        var bytes: [UInt8] = []
        bytes.append(number, decimals: decimals)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func roundsAsPrintf() {
        var random = RandomGenerator(seed: 4)
        var numbers = [
            0, 1, 0.5, 0.99995, 0.99994999, 0.00005, 0.000_000_5, 0.125, 0.0625, 0.03125, 1e-300, 123.456_789, -0.3, -1e-9,
        ]
        for _ in 0..<4000 {
            let value = Double(random.next() >> 11) * 0x1p-53
            numbers += [value, value * value * value * 1e-4, (value * 1e4).rounded() / 1e4 + 5e-5, (value * 128).rounded() / 128]
        }
        for number in numbers {
            for decimals in [1, 4, 6, 8] {
                #expect(formatted(number, decimals) == expected(number, decimals), "\(number)")
            }
        }
        #expect(formatted(.nan, 4) == "null")
        #expect(formatted(.infinity, 4) == "null")
        #expect(formatted(1e300, 4) == "1e+300")
    }
}
