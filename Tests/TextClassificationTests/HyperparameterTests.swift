import Foundation
import Testing

@testable import TextClassification

@Suite struct HyperparameterTests {
    enum Flavour: String, Sendable, Codable, CaseIterable, HyperparameterConvertible { case sweet, sour }

    struct Settings: Hyperparameters {
        var count = 3
        var rate = 0.5
        var isOn = false
        var flavour = Flavour.sweet
        var lengths = LengthRange(1...2)
        var text = ""
        var limit: Int?
        var span: LengthRange? = LengthRange(2...3)

        static let schema: [Hyperparameter<Settings>] = [
            Hyperparameter("count", \.count, .integer(1...10), help: "a count"),
            Hyperparameter("rate", \.rate, .number(0...1, .logarithmic), help: "a rate"),
            Hyperparameter("isOn", \.isOn, .boolean, help: "a switch"),
            Hyperparameter("flavour", \.flavour, .choice(["sweet", "sour"]), help: "a choice"),
            Hyperparameter("lengths", \.lengths, .lengths(1...3), help: "lengths"),
            Hyperparameter("text", \.text, .text, help: "a text"),
            Hyperparameter("limit", \.limit, .optional(.integer(1...100)), help: "a limit"),
            Hyperparameter("span", \.span, .optional(.lengths(2...6)), help: "a span"),
        ]
    }

    private func made(_ name: String, _ value: HyperparameterValue) throws(ConfigurationError) -> Settings {
        try Settings([name: value], component: "test")
    }

    @Test func `Values within the domain are taken, from text, too`() throws {
        #expect(try made("count", .integer(10)).count == 10)
        #expect(try made("count", .text("7")).count == 7)
        #expect(try made("count", .number(4)).count == 4)
        #expect(try made("rate", .integer(1)).rate == 1)
        #expect(try made("rate", .text("1e-3")).rate == 0.001)
        for (text, value) in [("true", true), ("yes", true), ("on", true), ("false", false), ("no", false), ("off", false)] {
            #expect(try made("isOn", .text(text)).isOn == value)
        }
        #expect(try made("flavour", .text("sour")).flavour == .sour)
        #expect(try made("lengths", .text("2-3")).lengths == LengthRange(2...3))
        #expect(try made("lengths", .text("2")).lengths == LengthRange(2...2))
        #expect(try made("lengths", .integer(3)).lengths == LengthRange(3...3))
        #expect(try made("text", .text("none")).text == "none")
        #expect(try made("text", .integer(5)).text == "5")
        #expect(try made("limit", .text("100")).limit == 100)
        #expect(try made("limit", .text("none")).limit == nil)
        #expect(try made("span", .none).span == nil)
    }

    @Test(arguments: [
        ("count", "0"), ("count", "11"), ("count", "3.5"), ("count", "many"), ("count", ""), ("count", "99999999999999999999"),
        ("rate", "-0.1"), ("rate", "1.1"), ("rate", "nan"), ("rate", "inf"), ("rate", "half"),
        ("isOn", "maybe"), ("isOn", "1"), ("flavour", "bitter"), ("flavour", "Sweet"),
        ("lengths", "0-2"), ("lengths", "3-1"), ("lengths", "1-4"), ("lengths", "1-2-3"), ("lengths", "-"), ("lengths", "-1-2"),
        ("limit", "0"), ("limit", "101"), ("span", "1-2"), ("span", "nothing"),
    ])
    func `Values outside of the domain are refused with what is allowed`(name: String, text: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try made(name, .text(text)) }
        let domain = try #require(Settings.descriptions.first { $0.name == name }).domain
        let message = "\(try #require(error))"
        #expect(message == "test: \(name) cannot be \"\(text)\"; allowed: \(domain)")
    }

    @Test func `Values of another kind are refused`() {
        for (name, value) in [
            ("count", HyperparameterValue.boolean(true)), ("count", .none), ("count", .number(2.5)), ("count", .number(1e300)),
            ("rate", .boolean(false)), ("rate", .none), ("rate", .number(.nan)), ("isOn", .integer(1)), ("text", .none),
            ("flavour", .none), ("limit", .boolean(true)),
        ] {
            #expect(throws: ConfigurationError.self) { try made(name, value) }
        }
    }

    @Test func `An unknown name is refused with the known ones`() throws {
        let error = #expect(throws: ConfigurationError.self) { try made("cuont", .integer(1)) }
        #expect(
            "\(try #require(error))"
                == "test has no hyper-parameter \"cuont\"; it has count, flavour, isOn, lengths, limit, rate, span, text")
    }

    @Test func `Domains describe themselves`() {
        #expect(
            Settings.descriptions.map { $0.domain.description } == [
                "a whole number, 1 to 10", "a number, 0.0 to 1.0", "true or false", "sweet | sour",
                "a span of lengths such as 1-2, within 1-3", "any text", "a whole number, 1 to 100, or none",
                "a span of lengths such as 1-2, within 2-6, or none",
            ])
    }

    @Test func `Values can be read and written again`() throws {
        var settings = Settings()
        settings.count = 9
        settings.limit = 4
        settings.span = nil
        #expect(try Settings(settings.values, component: "test") == settings)
        #expect(Settings.descriptions.map(\.defaultValue) == Settings.schema.map { $0.read(Settings()) })
        let json = try JSONDecoder().decode(
            [String: HyperparameterValue].self, from: JSONEncoder().encode(settings.values))
        #expect(json == settings.values)
        #expect(try Settings(json, component: "test") == settings)
    }

    @Test func `JSON values keep their kinds`() throws {
        let json = #"{"a": 1, "b": 1.5, "c": true, "d": "x", "e": null, "f": 1e3, "g": 12345678901234567000}"#
        let values = try JSONDecoder().decode([String: HyperparameterValue].self, from: Data(json.utf8))
        #expect(
            values == [
                "a": .integer(1), "b": .number(1.5), "c": .boolean(true), "d": .text("x"), "e": .none, "f": .integer(1000),
                "g": .number(1.2345678901234567e19),
            ])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([String: HyperparameterValue].self, from: Data(#"{"a": [1]}"#.utf8))
        }
    }

    @Test func `Whole numbers are equal however they are written`() {
        #expect(HyperparameterValue.integer(10) == .number(10))
        #expect(HyperparameterValue.number(10) == .integer(10))
        #expect(HyperparameterValue.number(10.5) != .integer(10))
        #expect(HyperparameterValue.integer(1) != .boolean(true))
        #expect(HyperparameterValue.text("1") != .integer(1))
    }

    @Test func `What a file says is held against the domains`() {
        var settings = Settings()
        #expect(settings.firstInvalid() == nil)
        settings.rate = .infinity
        #expect(settings.firstInvalid()?.name == "rate")
        settings = Settings()
        settings.span?.longest = 1
        #expect(settings.firstInvalid()?.name == "span")
        settings.span?.shortest = -5
        #expect(settings.firstInvalid()?.name == "span")
    }

    @Test func `A lifted hyper-parameter reads and writes the inner one`() throws {
        struct Outer: Hyperparameters {
            var inner = Settings()
            static var schema: [Hyperparameter<Outer>] { Settings.schema.map { $0.lifted(\Outer.inner) } }
        }
        let outer = try Outer(["count": .integer(5)], component: "outer")
        #expect(outer.inner.count == 5)
        #expect(outer.values["count"] == .integer(5))
        #expect(throws: ConfigurationError.self) { try Outer(["count": .integer(50)], component: "outer") }
    }
}
