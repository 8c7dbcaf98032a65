import FoundationEssentials

/// What a page shows, for the template that shows it: all that the program with the templates, `sectorkit-pages`, is told.
///
/// The template library brings all of Foundation, which takes longer to load than a model and an article together; so it is in a program
/// of its own, and nobody waits for it who wants no page.
public struct PageContent: Sendable {
    /// A JSON object of `template`, its name, and `values`, by the names under which it inserts them.
    public let bytes: [UInt8]

    init(template: String, _ values: some Encodable) throws {
        bytes = Array(try Self.json(Request(template: template, values: values)).utf8)
    }

    private struct Request<Values: Encodable>: Encodable {
        let template: String
        let values: Values
    }

    /// A value as JSON on one line, with sorted keys.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
