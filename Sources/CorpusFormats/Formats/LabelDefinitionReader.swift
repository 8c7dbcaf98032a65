import TextClassification

/// Reads definitions of labels: `{"labels": [{"name": …, "definition": …, "keywords": […]}]}`.
///
/// `definition` and `keywords` may be left out. A key that nobody reads is an error that names it, since it is most likely misspelt; so
/// is a list of keywords without any.
public struct LabelDefinitionReader: Sendable {
    private static let keys = ["name", "definition", "keywords"]

    public init() {}

    /// Reads a file, gzip included.
    /// - Throws: `CorpusFormatError` with file and line.
    public func read(path: String) throws(CorpusFormatError) -> LabelDefinitions {
        var source = try ByteSource(path: path)
        var bytes: [UInt8] = []
        while try source.read(1 << 16, into: &bytes) {}
        return try read(bytes, name: path)
    }

    /// Reads a document in memory, which messages call `name`.
    public func read(_ bytes: [UInt8], name: String) throws(CorpusFormatError) -> LabelDefinitions {
        guard !bytes.isEmpty else { throw .empty(file: name, reason: "is empty; it needs an object, {\"labels\": […]}") }
        if let problem = Problem(ofJSON: bytes, file: name) { throw .invalidRecord(problem) }
        let document = Document(bytes: bytes, name: name)
        let span = bytes.span
        let whole = JSON.skipSpace(span, 0, bytes.count)..<bytes.count
        let labels = try document.members(of: whole, what: "the document", known: ["labels"])
        guard let list = labels["labels"] else { throw document.error(whole.lowerBound, "no key \"labels\"") }
        try document.require(ASCII.openBracket, list, "\"labels\" must be an array of objects")
        var definitions: [LabelDefinition] = []
        for label in JSON.elements(span, of: list) {
            let members = try document.members(of: label, what: "a label", known: Self.keys)
            guard let name = members["name"] else { throw document.error(label.lowerBound, "a label has no \"name\"") }
            let definition = LabelDefinition(
                name: try document.string(name, "name"),
                definition: try members["definition"].map { value throws(CorpusFormatError) in
                    try document.string(value, "definition")
                } ?? "",
                keywords: try members["keywords"].map { value throws(CorpusFormatError) in
                    try document.keywords(value)
                } ?? [])
            definitions.append(definition)
            do throws(LabelDefinitionError) {
                _ = try LabelDefinitions(definitions)
            } catch {
                throw document.error(label.lowerBound, "\(error)")
            }
        }
        do throws(LabelDefinitionError) {
            return try LabelDefinitions(definitions)
        } catch {
            throw document.error(list.lowerBound, "\(error)")
        }
    }

    /// A valid JSON text, with errors that tell the line.
    private struct Document {
        let bytes: [UInt8]
        let name: String

        func error(_ position: Int, _ reason: String) -> CorpusFormatError {
            let line = bytes.span.occurrences(of: ASCII.lineFeed, in: 0..<position) + 1
            return .malformedFile(SourceLocation(file: name, line: line), reason: reason)
        }

        func require(_ first: UInt8, _ value: Range<Int>, _ wanted: String) throws(CorpusFormatError) {
            let found = bytes[value.lowerBound]
            guard found == first else { throw error(value.lowerBound, "\(wanted); found \(JSON.nameOfKind(found))") }
        }

        /// The values of an object's members by name.
        func members(of object: Range<Int>, what: String, known: [String]) throws(CorpusFormatError) -> [String: Range<Int>] {
            try require(ASCII.openBrace, object, "\(what) must be an object")
            var values: [String: Range<Int>] = [:]
            for member in JSON.members(bytes.span, of: object) {
                guard known.contains(member.name) else {
                    throw error(
                        member.position, "\(what) has no key \"\(member.name)\"; known are \(known.joined(separator: ", "))")
                }
                guard values.updateValue(member.value, forKey: member.name) == nil else {
                    throw error(member.position, "\(what) has the key \"\(member.name)\" twice")
                }
            }
            return values
        }

        func string(_ value: Range<Int>, _ key: String) throws(CorpusFormatError) -> String {
            try require(ASCII.quote, value, "\"\(key)\" must be a string")
            return JSON.string(bytes.span, value.lowerBound, value.upperBound)?.text ?? ""
        }

        func keywords(_ value: Range<Int>) throws(CorpusFormatError) -> [String] {
            try require(ASCII.openBracket, value, "\"keywords\" must be an array of strings")
            var keywords: [String] = []
            for element in JSON.elements(bytes.span, of: value) {
                try require(ASCII.quote, element, "a keyword must be a string")
                let keyword = try string(element, "keywords")
                guard keyword.contains(where: { !$0.isWhitespace }) else { throw error(element.lowerBound, "a keyword is empty") }
                keywords.append(keyword)
            }
            guard !keywords.isEmpty else {
                throw error(value.lowerBound, "\"keywords\" is empty: name at least one, or leave the key out")
            }
            return keywords
        }
    }
}
