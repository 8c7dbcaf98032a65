/// Something wrong with one record of the input; the records after it can still be read.
public struct Problem: Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// A record longer than the limit; it was not kept.
        case tooLong(length: Int, maximum: Int)
        /// A file of a folder longer than the limit; it was not kept.
        case fileTooLong(maximum: Int)
        /// Not JSON, with the byte column (from 1) in the line.
        case malformedJSON(column: Int, expected: String, found: String)
        /// A record of a table that is not as RFC 4180 has it.
        case malformedTable(reason: String)
        /// A record without a field that it needs.
        case missingField(String, present: [String])
        /// A field of another kind than it must have.
        case wrongKind(field: String, expected: String, found: String)
        /// A record of a table with more or fewer fields than the header.
        case wrongFieldCount(found: Int, expected: Int)
        /// An identifier that an earlier article has.
        case duplicateIdentifier(String, first: SourceLocation)
        /// A file that a label table names and that cannot be read.
        case unreadableFile(String, reason: String)
    }

    public var location: SourceLocation
    public var kind: Kind

    public init(location: SourceLocation, kind: Kind) {
        self.location = location
        self.kind = kind
    }

    public var description: String { "\(location): \(kind)" }
}

extension Problem.Kind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let length, let maximum):
            "the record has \(length) bytes; at most \(maximum) are allowed (--maximum-line)"
        case .fileTooLong(let maximum):
            "the file has more than the \(maximum) bytes that are allowed (--maximum-line)"
        case .malformedJSON(let column, let expected, let found):
            "not valid JSON at byte \(column): expected \(expected), found \(found)"
        case .malformedTable(let reason): reason
        case .missingField(let field, let present):
            present.isEmpty
                ? "the object is empty; it needs a field \"\(field)\""
                : "no field \"\(field)\"; the fields are \(present.map { "\"\($0)\"" }.joined(separator: ", "))"
        case .wrongKind(let field, let expected, let found): "\"\(field)\" must be \(expected); found \(found)"
        case .wrongFieldCount(let found, let expected):
            "the record has \(found) field\(found == 1 ? "" : "s"), the header has \(expected)"
        case .duplicateIdentifier(let identifier, let first):
            "the identifier \"\(identifier)\" is already that of the article at \(first)"
        case .unreadableFile(let name, let reason): "cannot read the file \"\(name)\": \(reason)"
        }
    }
}
