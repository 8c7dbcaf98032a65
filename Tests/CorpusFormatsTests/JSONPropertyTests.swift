import Foundation
import LinearAlgebra
import Testing
import TextClassification

@testable import CorpusFormats

/// Random JSON, written with random white space and escapes.
private struct DocumentGenerator {
    var random: RandomGenerator

    mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    mutating func space() -> String {
        String((0..<max(0, pick(6) - 3)).map { _ in [" ", "\t", "\r", " "][pick(4)] })
    }

    mutating func string() -> String {
        var text = "\""
        for _ in 0..<(pick(4) == 0 ? pick(70) : pick(8)) {
            switch pick(12) {
            case 0: text += ["\\n", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\r", "\\t"][pick(8)]
            case 1: text += "\\u" + String(format: pick(2) == 0 ? "%04x" : "%04X", pick(0xD800))
            case 2: text += String(format: "\\u%04x\\u%04x", 0xD800 + pick(0x400), 0xDC00 + pick(0x400))
            case 3: text += ["é", "€", "😀", "\u{7F}", "\u{2028}", "ệ"][pick(6)]
            default: text.unicodeScalars.append(["a", "b", "{", "}", "[", "]", ":", ",", " ", "7", "t", "'"][pick(12)])
            }
        }
        return text + "\""
    }

    mutating func number() -> String {
        var text = ["", "-"][pick(2)] + ["0", String(1 + pick(9)), String(10 + pick(100_000))][pick(3)]
        if pick(3) == 0 { text += "." + String(pick(10_000)) }
        if pick(4) == 0 { text += ["e", "E"][pick(2)] + ["", "+", "-"][pick(3)] + String(pick(30)) }
        return text
    }

    mutating func value(depth: Int) -> String {
        switch pick(depth > 3 ? 6 : 8) {
        case 0, 1: return string()
        case 2, 3: return number()
        case 4: return ["true", "false", "null"][pick(3)]
        case 5: return string()
        case 6:
            let items = (0..<pick(4)).map { _ in space() + value(depth: depth + 1) + space() }
            return "[" + (items.isEmpty ? space() : items.joined(separator: ",")) + "]"
        default: return object(names: ["k", "text", "id", "é"], depth: depth + 1)
        }
    }

    mutating func object(names: [String], depth: Int) -> String {
        var members: [String] = []
        for name in names where pick(3) > 0 {
            members.append(space() + "\"\(name)\"" + space() + ":" + space() + value(depth: depth) + space())
        }
        return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
    }

    mutating func document() -> String {
        space() + object(names: ["id", "title", "text", "labels", "extra", "x"], depth: 0) + space()
    }
}

@Suite struct JSONProperties {
    @Test func validDocumentsHaveTheValuesOfFoundation() throws {
        var generator = DocumentGenerator(random: RandomGenerator(seed: 1))
        for _ in 0..<1500 {
            let document = generator.document()
            let object = try #require(try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any])
            let line = try ScannedLine(document)
            #expect(line.title == object["title"] as? String)
            #expect(line.text == object["text"] as? String)
            if let id = object["id"] as? String { #expect(line.id == id) }
            #expect(line.members.count == object.count)
            for member in line.members {
                let name = try JSONDecoder().decode(String.self, from: Data(member.name.utf8))
                let value = try JSONSerialization.jsonObject(with: Data(member.value.utf8), options: .fragmentsAllowed)
                let expected = try #require(object[name])
                #expect(NSArray(object: value) == NSArray(object: expected), "\(document)")
            }
        }
    }

    @Test func writtenObjectsAreTheReadOnesWithAPrediction() throws {
        var generator = DocumentGenerator(random: RandomGenerator(seed: 6))
        let writer = PredictionWriter(format: .jsonl, labels: LabelSet(["x"]))
        var options = ReadingOptions()
        options.readsLabels = false
        options.format = .jsonl
        for _ in 0..<300 {
            let object = generator.object(names: ["a", "id", "title", "prediction", "é"], depth: 0)
            let rest = object.dropFirst().trimmingPrefix { $0 == " " || $0 == "\t" || $0 == "\r" }
            let document = "{\"text\": \"\(generator.pick(9))\"" + (rest == "}" ? "}" : ",") + (rest == "}" ? "" : rest)
            let reader = try ArticleBlockReader(.bytes(Array(document.utf8), name: "m"), options: options)
            var block = ArticleBlock()
            #expect(try reader.next(into: &block))
            guard block.count == 1 else { continue }
            var predictions = Predictions(labelCount: 1)
            (predictions.probabilities, predictions.decisions) = ([0.25], [true])
            var output: [UInt8] = []
            writer.append(block, predictions, to: &output)

            var expected = try #require(try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any])
            expected["text"] = nil
            expected["prediction"] = ["labels": ["x"], "probabilities": ["x": 0.25]] as [String: Any]
            if !block.hasIdentifier(0) { expected["id"] = "1" }
            let written = try #require(try JSONSerialization.jsonObject(with: Data(output)) as? [String: Any])
            #expect(NSDictionary(dictionary: written) == NSDictionary(dictionary: expected), "\(document)")
        }
    }

    /// Foundation differs in two ways, by RFC 8259 at an implementation's choice: it rejects escapes of surrogates without their
    /// other half, and numbers beyond the range of a Double.
    @Test func mutatedDocumentsAreAcceptedAsByFoundation() {
        var generator = DocumentGenerator(random: RandomGenerator(seed: 2))
        let alphabet = Array("{}[]:,\"\\ue0123456789+-.Eabtrfnsl \t\r\n\u{1}'/".utf8)
        var (accepted, rejected) = (0, 0)
        for _ in 0..<6000 {
            var document = Array(generator.document().utf8)
            for _ in 0...generator.pick(2) where !document.isEmpty {
                let position = generator.pick(document.count)
                let byte = alphabet[generator.pick(alphabet.count)]
                switch generator.pick(4) {
                case 0: document.remove(at: position)
                case 1: document.insert(byte, at: position)
                case 2: document[position] = byte
                default: document.removeSubrange(position...)
                }
            }
            // Mutations may cut a character in two, which is for another test.
            guard String(validating: document, as: UTF8.self) != nil else { continue }
            let isAccepted = (try? ScannedLine(document)) != nil
            let isValid = (try? JSONSerialization.jsonObject(with: Data(document))) is [String: Any]
            if isAccepted != isValid {
                let text = String(decoding: document, as: UTF8.self)
                let isDocumented = isAccepted && (text.lowercased().contains("\\ud") || hasHugeNumber(text))
                #expect(isDocumented, "the scanner \(isAccepted ? "accepts" : "rejects") \(text)")
            }
            if isAccepted { accepted += 1 } else { rejected += 1 }
        }
        #expect(accepted > 500 && rejected > 500, "\(accepted) and \(rejected)")
    }

    private func hasHugeNumber(_ text: String) -> Bool {
        text.split { !"+-.eE0123456789".contains($0) }.contains { Double($0).map { $0.isInfinite } ?? false }
    }
}
