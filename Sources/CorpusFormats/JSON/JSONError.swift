/// Why a line is not the JSON object that is wanted.
struct JSONError: Error, Equatable {
    enum Expected: Equatable {
        case object, name, colon, commaOrBrace, commaOrBracket, value, nameOrBrace, closingQuote, escapedControl, escape
        case hexadecimalDigit, digit, literal, endOfLine, lessDepth
    }

    /// The position of the first byte that does not fit.
    var position: Int
    var expected: Expected

    init(_ position: Int, _ expected: Expected) {
        self.position = position
        self.expected = expected
    }
}

extension JSONError.Expected {
    var text: String {
        switch self {
        case .object: "an object, {\"text\": …}"
        case .name: "the name of a member in quotation marks"
        case .nameOrBrace: "the name of a member in quotation marks or }"
        case .colon: ":"
        case .commaOrBrace: ", or }"
        case .commaOrBracket: ", or ]"
        case .value: "a value"
        case .closingQuote: "the closing quotation mark of a string"
        case .escapedControl: "an escape, as control characters in strings must be"
        case .escape: "one of \" \\ / b f n r t u after the backslash"
        case .hexadecimalDigit: "four hexadecimal digits after \\u"
        case .digit: "a digit"
        case .literal: "true, false or null"
        case .endOfLine: "nothing after the object"
        case .lessDepth: "at most \(JSONScanner.maximumDepth) levels of nesting"
        }
    }
}

extension JSONError {
    /// The error as a problem of the record that lies in the range.
    func problem(in bytes: Span<UInt8>, _ record: Range<Int>) -> Problem.Kind {
        .malformedJSON(
            column: position - record.lowerBound + 1, expected: expected.text,
            found: position < record.upperBound
                ? Self.name(of: bytes, position..<record.upperBound) : "the end of the record (is the file cut off?)")
    }

    /// A readable name of the character that begins the range.
    private static func name(of bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        let byte = bytes[range.lowerBound]
        switch byte {
        case 0x21...0x7E: return String(UnicodeScalar(byte))
        case 0x20: return "a space"
        case 0x09: return "a tab"
        case 0x0A: return "a line break"
        case 0..<0x20, 0x7F: return "the control character 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        default:
            let end = min(range.upperBound, range.lowerBound + 4)
            return String(String(bytes, range.lowerBound..<end).first ?? "\u{FFFD}")
        }
    }
}
