import Foundation
import LinearAlgebra
import Testing

@testable import TextClassification

/// The decoder of model files beside Foundation's.
@Suite struct JSONTextTests {
    private struct Everything: Codable, Equatable {
        enum Kind: String, Codable { case first, second }
        enum Rule: Codable, Equatable {
            case none
            case above(Double, exactly: Bool)
        }
        var whole: Int
        var byte: UInt8
        var seed: UInt64
        var single: Float
        var double: Double
        var text: String
        var missing: String?
        var flags: [Bool]
        var optional: [Int?]
        var byName: [String: [Double]]
        var kind: Kind
        var rule: Rule
        var value: [HyperparameterValue]
        var nested: [Everything]
    }

    /// Any JSON, as a decoder sees it.
    private enum AnyValue: Decodable, Equatable {
        case null, boolean(Bool), number(Double), text(String), list([AnyValue]), members([String: AnyValue])

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .null
            } else if let value = try? single.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? single.decode(String.self) {
                self = .text(value)
            } else if let value = try? single.decode(Double.self) {
                self = .number(value)
            } else if let value = try? decoder.unkeyedContainer() {
                var list = value
                var values: [AnyValue] = []
                while !list.isAtEnd { values.append(try list.decode(AnyValue.self)) }
                self = .list(values)
            } else {
                self = .members(try single.decode([String: AnyValue].self))
            }
        }
    }

    private static let pieces = [
        "a", "é", "\u{1F600}", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{7F}", "名", "\u{FEFF}", "e\u{301}", "\u{2028}",
    ]

    private static func sample(_ random: inout RandomGenerator, depth: Int = 0) -> Everything {
        func text() -> String { (0..<random.nextInt(below: 6)).map { _ in pieces[random.nextInt(below: pieces.count)] }.joined() }
        let double = Double(bitPattern: random.next())
        let single = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        return Everything(
            whole: Int(bitPattern: UInt(random.next())), byte: UInt8(random.nextInt(below: 256)), seed: random.next(),
            single: single.isFinite ? single : -0.0, double: double.isFinite && double.magnitude > 1e-300 ? double : -0.0,
            text: text(),
            missing: random.nextInt(below: 2) == 0 ? nil : text(), flags: (0..<random.nextInt(below: 3)).map { $0 == 1 },
            optional: [1, nil, random.nextInt(below: 100)],
            byName: ["a" + text(): [1, 0.1, 1e21, 123_456_789_012_345_680], "b" + text(): []],
            kind: random.nextInt(below: 2) == 0 ? .first : .second,
            rule: random.nextInt(below: 2) == 0 ? .none : .above(0.3, exactly: true),
            value: [.integer(3), .number(0.5), .boolean(false), .text(text()), .none, .components([.init("x", ["y": .none])])],
            nested: depth < 2 ? (0..<random.nextInt(below: 3)).map { _ in sample(&random, depth: depth + 1) } : [])
    }

    @Test func `What Foundation writes is read back the same to the last bit`() throws {
        var random = RandomGenerator(seed: 5)
        for round in 0..<60 {
            let original = Self.sample(&random)
            let encoder = JSONEncoder()
            if round % 2 == 0 { encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes] }
            let bytes = Array(try encoder.encode(original))
            let decoded = try JSONTextDecoder.decode(Everything.self, from: bytes)
            #expect(decoded == original)
            #expect(decoded.double.sign == original.double.sign)
        }
    }

    @Test func `Damaged text is refused, or means what it means to Foundation`() throws {
        var random = RandomGenerator(seed: 6)
        // Members in one order, so that the damage is the same in every run.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let marks = Array("\"\\{}[]:,0123456789eE+-.u tfn\u{0}\u{80}".utf8) + [0xC3, 0xFF, 0xED]
        var (readCount, refusedCount) = (0, 0)
        for _ in 0..<500 {
            var bytes = Array(try encoder.encode(Self.sample(&random, depth: 1)))
            for _ in 0..<random.nextInt(below: 3) {
                let place = random.nextInt(below: bytes.count)
                switch random.nextInt(below: 3) {
                case 0: bytes[place] = marks[random.nextInt(below: marks.count)]
                case 1: bytes.insert(marks[random.nextInt(below: marks.count)], at: place)
                default: bytes.remove(at: place)
                }
            }
            let ours = try? JSONTextDecoder.decode(AnyValue.self, from: bytes)
            let foundations = try? JSONDecoder().decode(AnyValue.self, from: Data(bytes))
            // Foundation takes a comma behind the last member or element.
            let text = String(decoding: bytes, as: UTF8.self)
            if ours == nil, foundations != nil, text.contains(",}") || text.contains(",]") { continue }
            #expect(ours == foundations, "\(text)")
            if ours == nil { refusedCount += 1 } else { readCount += 1 }
        }
        #expect(readCount > 200 && refusedCount > 100)
    }

    @Test(arguments: [
        ("", "the end where a value should be at byte 0"), ("[1,]", "no value at byte 3"),
        ("[1 2]", "an array that does not end at byte 3"),
        ("{\"a\":1", "an object that does not end at byte 6"), ("{a:1}", "no name of a member at byte 1"),
        ("{\"a\" 1}", "no colon at byte 5"),
        ("01", "a number that begins with 0 at byte 2"), ("nul", "an unknown word at byte 3"),
        ("1 x", "something behind the end at byte 2"),
        ("\"a", "a string that does not end, or a control character at byte 2"), ("\"\\x\"", "an unknown escape at byte 2"),
        ("\"\\ud800\"", "half of a pair at byte 6"), ("\"\\u12g4\"", "no hexadecimal digit at byte 5"),
    ])
    func `A mistake is named with its place`(text: String, message: String) {
        let error = #expect(throws: JSONText.SyntaxError.self) { try JSONText(Array(text.utf8)) }
        #expect(error?.description == message)
    }

    @Test func `Depth is bounded`() throws {
        let deep = { (depth: Int) in Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        _ = try JSONText(deep(JSONText.maximumDepth))
        #expect(throws: JSONText.SyntaxError.self) { try JSONText(deep(JSONText.maximumDepth + 1)) }
        #expect(throws: JSONText.SyntaxError.self) { try JSONText(deep(1_000_000)) }
    }

    @Test func `The front of a file is read as Codable reads it`() throws {
        var training = ModelHeader.TrainingRecord(
            articleCount: 3, labelCounts: [1, 2], seed: .max, foldCount: 5, dataDigest: "0f",
            metrics: ["microF1": 0.1, "loss": 1e-9],
            notes: ["converged", "é\""], archive: .init(articleCount: 7, digest: "aa"))
        training.updates = [.init(articleCount: 1, labelCounts: [0, 1], seed: 4, dataDigest: "bb")]
        let inner = ComponentConfiguration("tfidf", ["wordNgrams": .text("1-2"), "sublinear": .boolean(true), "limit": .none])
        let recipe = Recipe(
            name: "all", summary: "every kind", featureExtractor: inner, featureTransformers: [inner, .init("x")],
            classifier: .init("voting", ["members": .components([inner]), "weight": .number(0.5), "count": .integer(-3)]),
            calibrator: .init("link"), decisionRule: .init("argmax"))
        for plugins in [[], [PluginRecord(name: "p", kind: .library, version: "1", interfaceVersion: 1, components: ["x"])]] {
            let header = ModelHeader(task: .multi, labels: ["a", "b"], recipe: recipe, plugins: plugins, training: training)
            let front = ModelFile.Front(
                header: header, sections: [.init(name: "a/b", offset: 64, length: 3, checksum: "cc")])
            let bytes = Array(try JSONEncoder().encode(front))
            #expect(try ModelFile.Front(reading: JSONTextDecoder(bytes)) == front)
            #expect(try JSONDecoder().decode(ModelFile.Front.self, from: Data(bytes)) == front)
        }
    }

    private struct Named: Decodable, Equatable {
        let count: Int
        let lengths: LengthRange?

        init(count: Int, lengths: LengthRange?) {
            self.count = count
            self.lengths = lengths
        }

        init(from decoder: any Decoder) throws {
            let members = DecodedMembers(decoder)
            count = try members.value("count")
            lengths = try members.optionalValue("lengths")
        }
    }

    @Test(arguments: [
        (#"{"count": 3, "lengths": {"shortest": 1, "longest": 2}}"#, Named(count: 3, lengths: LengthRange(1...2))),
        (#"{"lengths": null, "c\u006funt": 3, "other": [{"count": 4}]}"#, Named(count: 3, lengths: nil)),
        (#"{"count": 3}"#, Named(count: 3, lengths: nil)), ("{}", nil), (#"{"Count": 3}"#, nil), ("[3]", nil), ("null", nil),
        (#"{"count": null}"#, nil), (#"{"count": "3"}"#, nil), (#"{"count": 3, "lengths": {"shortest": 1}}"#, nil),
        (#"{"count": 3, "lengths": []}"#, nil),
    ])
    private func `Members are the same of a file and of any other decoder`(text: String, expected: Named?) {
        #expect((try? JSONTextDecoder.decode(Named.self, from: Array(text.utf8))) == expected)
        #expect((try? JSONDecoder().decode(Named.self, from: Data(text.utf8))) == expected)
    }

    @Test func `Of members of one name the last one counts`() throws {
        let json = try JSONTextDecoder(Array(#"{"a": 1, "b": {"a": 5}, "\u0061": 2, "ab": 3}"#.utf8))
        #expect(try json.member("a").decode(Int.self) == 2)
        #expect(try json.members { $0.wholeNumber(Int.self) ?? -1 } == ["a": 2, "b": -1, "ab": 3])
    }

    @Test func `An error names the way to its place`() throws {
        let json = try JSONTextDecoder(Array(#"{"a": [1, {"b\n": [true, "x"]}]}"#.utf8))
        let inner = try json.member("a").array()[1].member("b\n").array()[1]
        #expect(inner.codingPath.map(\.stringValue) == ["a", "Index 1", "b\n", "Index 1"])
        #expect(json.codingPath.isEmpty)
    }

    @Test func `Numbers keep their kind`() throws {
        func decoded<Value: Decodable>(_ text: String, as type: Value.Type) -> Value? {
            (try? JSONTextDecoder.decode([Value].self, from: Array("[\(text)]".utf8)))?.first
        }
        #expect(decoded("10.0", as: Int.self) == 10)
        #expect(decoded("1e3", as: UInt16.self) == 1000)
        #expect(decoded("10.5", as: Int.self) == nil)
        #expect(decoded("-1", as: UInt.self) == nil)
        #expect(decoded("256", as: UInt8.self) == nil)
        #expect(decoded("18446744073709551615", as: UInt64.self) == .max)
        #expect(decoded("1e999", as: Double.self) == nil)
        #expect(decoded("1e-999", as: Double.self) == nil)
        #expect(decoded("0e-999", as: Double.self) == 0)
        #expect(decoded("true", as: Int.self) == nil)
        #expect(decoded("\"1\"", as: Double.self) == nil)
    }
}
