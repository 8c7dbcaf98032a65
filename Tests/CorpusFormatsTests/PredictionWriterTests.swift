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

    @Test func addsDetails() throws {
        let writer = PredictionWriter(format: .jsonl, labels: LabelSet(["x"]))
        var block = ArticleBlock()
        _ = try ArticleBlockReader(.bytes(Array("{\"text\": \"\"}".utf8), name: "a.jsonl")).next(into: &block)
        var predictions = Predictions(labelCount: 1)
        (predictions.probabilities, predictions.decisions) = ([1], [true])
        var bytes: [UInt8] = []
        writer.append(0, of: block, predictions, row: 0, details: Array("\"coverage\": 1".utf8), to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"id": "1", "prediction": {"labels": ["x"], "probabilities": {"x": 1.0}, "coverage": 1}}"# + "\n")
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
