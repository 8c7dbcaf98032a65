import Foundation
import Testing

@testable import CorpusFormats

/// What the scanner makes of a line.
struct ScannedLine {
    var id: String?
    var title: String?
    var text: String?
    var members: [(name: String, value: String, field: ArticleField?)] = []

    init(_ line: [UInt8]) throws(JSONError) {
        // Other bytes around the line must not matter.
        let bytes = Array("\"\\".utf8) + line + Array("\"}".utf8)
        let range = 2..<2 + line.count
        var (text, identifier, members): ([UInt8], [UInt8], [JSONMember]) = ([], [], [])
        let fields = try JSONScanner(fieldNames: FieldNames())
            .scan(bytes.span, range, text: &text, identifier: &identifier, members: &members)
        if fields.id.isString || fields.id.isNumber { id = String(decoding: identifier[fields.id.range], as: UTF8.self) }
        if fields.title.isString { title = String(decoding: text[fields.title.range], as: UTF8.self) }
        if fields.text.isString { self.text = String(decoding: text[fields.text.range], as: UTF8.self) }
        self.members = members.map {
            (
                String(decoding: bytes[$0.name], as: UTF8.self), String(decoding: bytes[$0.value], as: UTF8.self), $0.field
            )
        }
    }

    init(_ line: String) throws(JSONError) { try self.init(Array(line.utf8)) }
}

/// The text of the problem that a line has, or an empty string.
private func problem(_ line: String) -> String {
    let bytes = Array(line.utf8)
    do throws(JSONError) {
        _ = try ScannedLine(bytes)
        return ""
    } catch {
        return JSONError(error.position - 2, error.expected).problem(in: bytes.span, 0..<bytes.count).description
    }
}

@Suite struct JSONScanning {
    @Test func findsMembersVerbatim() throws {
        let line = try ScannedLine(#" { "id" : -1.50e+3 ,"x":[ 1, {"text": "no"} ] , "te\u0078t":"a\tb", "prediction":null } "#)
        #expect(line.id == "-1.50e+3")
        #expect(line.text == "a\tb")
        #expect(line.members.map(\.name) == ["\"id\"", "\"x\"", #""te\u0078t""#, "\"prediction\""])
        #expect(line.members.map(\.value) == ["-1.50e+3", #"[ 1, {"text": "no"} ]"#, #""a\tb""#, "null"])
        #expect(line.members.map(\.field) == [.id, nil, .text, .prediction])
    }

    @Test func decodesEscapes() throws {
        let text = { (string: String) in try ScannedLine("{\"text\": \"\(string)\"}").text }
        #expect(try text(#"\"\\\/\b\f\n\r\t\u0000\u00e9\u20AC\ud83d\ude00"#) == "\"\\/\u{8}\u{C}\n\r\t\0é€😀")
        #expect(try text(#"a\ud800b\udc00c\ud83d"#) == "a\u{FFFD}b\u{FFFD}c\u{FFFD}")
        #expect(try text(#"\ud800\ud83d\ude00"#) == "\u{FFFD}😀")
        #expect(try text(#"\ud800\n"#) == "\u{FFFD}\n")
        #expect(try text("") == "")
        for length in 0..<80 {
            let plain = String(repeating: "x", count: length)
            #expect(try text(plain) == plain)
            #expect(try text(plain + "\\n" + plain) == plain + "\n" + plain)
        }
    }

    @Test func takesTheLastOfEqualNames() throws {
        let line = try ScannedLine(#"{"text": "one", "id": "a", "text": "two", "id": 3, "title": "t", "title": null}"#)
        #expect(line.text == "two")
        #expect(line.id == "3")
        #expect(line.title == nil)
        #expect(line.members.count == 6)
    }

    @Test(arguments: [
        ("", "byte 1: expected an object, {\"text\": …}, found the end of the record (is the file cut off?)"),
        ("[1]", "byte 1: expected an object, {\"text\": …}, found ["),
        ("{", "byte 2: expected the name of a member in quotation marks or }, found the end"),
        ("{\"a\"", "byte 5: expected :, found the end"),
        ("{\"a\":", "byte 6: expected a value, found the end"),
        ("{\"a\":1", "byte 7: expected , or }, found the end"),
        ("{\"a\":1,}", "byte 8: expected the name of a member in quotation marks, found }"),
        ("{\"a\":1 \"b\":2}", "byte 8: expected , or }, found \""),
        ("{\"a\":[1 2]}", "byte 9: expected , or ], found 2"),
        ("{\"a\":[1,]}", "byte 9: expected a value, found ]"),
        ("{\"a\":{\"b\" 1}}", "byte 11: expected :, found 1"),
        ("{\"a\":{1:2}}", "byte 7: expected the name of a member in quotation marks or }, found 1"),
        ("{'a':1}", "byte 2: expected the name of a member in quotation marks or }, found '"),
        ("{\"a\":tru}", "byte 6: expected true, false or null, found t"),
        ("{\"a\":NaN}", "byte 6: expected a value, found N"),
        ("{\"a\":01}", "byte 7: expected , or }, found 1"),
        ("{\"a\":1.}", "byte 8: expected a digit, found }"),
        ("{\"a\":-}", "byte 7: expected a digit, found }"),
        ("{\"a\":1e}", "byte 8: expected a digit, found }"),
        ("{\"a\":\"\\x\"}", "byte 8: expected one of \" \\ / b f n r t u after the backslash, found x"),
        ("{\"a\":\"\\u12g4\"}", "byte 11: expected four hexadecimal digits after \\u, found g"),
        ("{\"a\":\"\t\"}", "byte 7: expected an escape, as control characters in strings must be, found a tab"),
        (
            "{\"text\":\"\0\"}",
            "byte 10: expected an escape, as control characters in strings must be, found the control character 0x00"
        ),
        ("{\"a\":1}é", "byte 8: expected nothing after the object, found é"),
        ("{\"text\": \"abc\\", "byte 15: expected one of \" \\ / b f n r t u after the backslash, found the end"),
    ])
    func saysWhatIsWrong(line: String, expected: String) {
        #expect(problem(line).hasPrefix("not valid JSON at " + expected), "\(problem(line))")
    }

    @Test func limitsDepth() throws {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        _ = try ScannedLine(nested(512))
        #expect(problem(nested(513)).contains("at most 512 levels of nesting"))
        let mixed = String(repeating: "{\"a\":[", count: 256)
        #expect(problem(mixed).contains("found the end"))
        #expect(problem(mixed + "{").contains("at most 512"))
    }

    @Test func everyPrefixIsAnError() {
        let line = Array(#"{"id": "a", "text": "x\u00e9\ud83d\ude00\n", "n": [-1.5e+10, true, {"k": null}, []], "o": {}}"#.utf8)
        for length in 0..<line.count {
            #expect(throws: JSONError.self) { _ = try ScannedLine(Array(line[..<length])) }
        }
    }
}
