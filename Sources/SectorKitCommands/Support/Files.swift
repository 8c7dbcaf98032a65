import CorpusFormats
import FoundationEssentials
import TextClassification

/// Files as the commands need them.
enum Files {
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType) == .typeDirectory
    }

    /// The path of a file that is looked for in a folder, unless its name begins at the root.
    static func path(_ name: String, in folder: String) -> String {
        folder.isEmpty || name.hasPrefix("/") ? name : (folder.hasSuffix("/") ? folder : folder + "/") + name
    }

    /// The XXH64 of a file's bytes, in hexadecimal.
    static func digest(_ path: String) throws -> String {
        var source = try ByteSource(path: path)
        var bytes: [UInt8] = []
        while try source.read(1 << 16, into: &bytes) {}
        return String(XXH64.hash(bytes), radix: 16)
    }

    /// The value that stands in a small JSON file.
    static func decoded<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        var source = try ByteSource(path: path)
        var bytes: [UInt8] = []
        while try source.read(1 << 16, into: &bytes) {}
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            let problem = Problem(ofJSON: bytes, file: path).map { "\($0)" } ?? "\(path): \(error.reason)"
            throw Failure(problem, code: Failure.Code.badData)
        }
    }
}

extension DecodingError {
    /// What is wrong and where, in one line.
    var reason: String {
        switch self {
        case .keyNotFound(let key, let context):
            Self.place(context.codingPath) + "\"\(key.stringValue)\" is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            Self.place(context.codingPath) + (Self.name(of: type).map { "it must be \($0)" } ?? context.debugDescription)
        case .dataCorrupted(let context): Self.place(context.codingPath) + context.debugDescription
        @unknown default: "\(self)"
        }
    }

    private static func name(of type: any Any.Type) -> String? {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "an array"
        case is [String: Any].Type: "an object"
        default: nil
        }
    }

    /// The place in the document, such as `labels[0].name: `.
    private static func place(_ path: [any CodingKey]) -> String {
        let names = path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        return path.isEmpty ? "" : (names.hasPrefix(".") ? String(names.dropFirst()) : names) + ": "
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
