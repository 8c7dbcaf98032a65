import CorpusFormats
import Testing
import TextClassification

@Suite struct LabelDefinitionTests {
    private func read(_ text: String) throws -> LabelDefinitions {
        try LabelDefinitionReader().read(Array(text.utf8), name: "s.json")
    }

    @Test func `Names, definitions and keywords are read in their order`() throws {
        let read = try read(
            #"""
            {"labels": [
              {"name": "trade", "definition": "Buying \u0026 selling", "keywords": ["tariff", "customs duty", "tariff"]},
              {"keywords": ["Zölle"], "name": "none of these"},
              {"name": "cyber"}
            ]}
            """#)
        #expect(
            Array(read) == [
                LabelDefinition(name: "trade", definition: "Buying & selling", keywords: ["tariff", "customs duty"]),
                LabelDefinition(name: "none of these", keywords: ["Zölle"]), LabelDefinition(name: "cyber"),
            ])
        #expect(Array(read.labels) == ["trade", "none of these", "cyber"])
        #expect(read.definition(of: "cyber") == LabelDefinition(name: "cyber"))
        #expect(read.definition(of: "tech") == nil)
    }

    @Test(
        arguments: [
            ("", "s.json is empty; it needs an object, {\"labels\": […]}"),
            ("{\"labels\": [\n{\"name\": }]}", "s.json:2: not valid JSON at byte 10: expected a value, found }"),
            ("[]", "s.json:1: the document must be an object; found an array"),
            ("{}", "s.json:1: no key \"labels\""),
            ("{\"label\": []}", "s.json:1: the document has no key \"label\"; known are labels"),
            ("{\"labels\": {}}", "s.json:1: \"labels\" must be an array of objects; found an object"),
            ("{\"labels\": []}", "s.json:1: no label is defined; at least one is needed"),
            ("{\"labels\": [\"trade\"]}", "s.json:1: a label must be an object; found a string"),
            ("{\"labels\": [{}]}", "s.json:1: a label has no \"name\""),
            ("{\"labels\": [{\"name\": 7}]}", "s.json:1: \"name\" must be a string; found a number"),
            ("{\"labels\": [{\"name\": \" \"}]}", "s.json:1: label 1 has an empty name"),
            (
                "{\"labels\": [{\"name\": \"a\",\n\"keyword\": [\"x\"]}]}",
                "s.json:2: a label has no key \"keyword\"; known are name, definition, keywords"
            ),
            ("{\"labels\": [{\"name\": \"a\", \"name\": \"b\"}]}", "s.json:1: a label has the key \"name\" twice"),
            ("{\"labels\": [{\"name\": \"a\"},\n{\"name\": \"a\"}]}", "s.json:2: the label \"a\" is defined twice"),
            (
                "{\"labels\": [{\"name\": \"a\", \"keywords\": []}]}",
                "s.json:1: \"keywords\" is empty: name at least one, or leave the key out"
            ),
            ("{\"labels\": [{\"name\": \"a\", \"keywords\": [\"x\",\n\" \"]}]}", "s.json:2: a keyword is empty"),
            ("{\"labels\": [{\"name\": \"a\", \"keywords\": [1]}]}", "s.json:1: a keyword must be a string; found a number"),
            (
                "{\"labels\": [{\"name\": \"a\", \"keywords\": \"x\"}]}",
                "s.json:1: \"keywords\" must be an array of strings; found a string"
            ),
        ])
    func `What is wrong is told with its line`(text: String, expected: String) {
        #expect(message { _ = try read(text) } == expected)
    }

    @Test func `A file that is not there is told`() {
        #expect(
            message { _ = try LabelDefinitionReader().read(path: "/nowhere/s.json") }.hasPrefix("cannot open /nowhere/s.json"))
    }

    @Test func `No cut or changed byte ends the reader`() throws {
        let whole = Array(#"{"labels":[{"name":"a","definition":"d","keywords":["x","y z"]},{"name":"b"}]}"#.utf8)
        for place in whole.indices {
            _ = try? LabelDefinitionReader().read(Array(whole[..<place]), name: "cut")
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0x7D, 0x5B, 0x2C, 0xFF] {
                var changed = whole
                changed[place] = byte
                _ = try? LabelDefinitionReader().read(changed, name: "changed")
            }
        }
        #expect(try LabelDefinitionReader().read(whole, name: "whole").count == 2)
    }
}
