import CorpusFormats
import FoundationEssentials

/// Files as the commands need them.
enum Files {
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// The value that stands in a small JSON file.
    static func decoded<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        var source = try ByteSource(path: path)
        var bytes: [UInt8] = []
        while try source.read(1 << 16, into: &bytes) {}
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Failure("\(path): \(error.reason)", code: Failure.Code.badData)
        }
    }
}

extension DecodingError {
    /// What is wrong and where, in one line.
    var reason: String {
        switch self {
        case .keyNotFound(let key, let context):
            return Self.place(context.codingPath) + "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return Self.place(context.codingPath) + context.debugDescription
        case .dataCorrupted(let context):
            let detail = context.underlyingError.map { " (\($0))" } ?? ""
            return Self.place(context.codingPath) + context.debugDescription + detail
        @unknown default:
            return "\(self)"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "" : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".") + ": "
    }
}

/// JSON for `--json`: sorted keys, so that equal values give equal text.
enum JSONText {
    /// - Parameter isPretty: over several lines, or on one.
    static func encoded(_ value: some Encodable, isPretty: Bool = true) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
