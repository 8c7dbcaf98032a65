/// One member of a top-level object: where it stands in the bytes, and the field it is.
struct JSONMember: Sendable, Equatable {
    /// The name with its quotation marks.
    var name: Range<Int>
    /// The value, verbatim.
    var value: Range<Int>
    var field: ArticleField?
}

/// What a scan found of the fields of an article.
struct JSONFields {
    /// A field that was found: the first byte of its value tells what kind it is, 0 that there is none.
    struct Slot {
        var kind: UInt8 = 0
        /// Where the value stands: decoded in the caller's buffer, or verbatim in the line.
        var range = 0..<0

        var isString: Bool { kind == ASCII.quote }
        var isMissing: Bool { kind == 0 || kind == UInt8(ascii: "n") }
        var isNumber: Bool { kind == UInt8(ascii: "-") || ASCII.isDigit(kind) }
    }

    /// Decoded in the identifier buffer; numbers as they are spelled.
    var id = Slot()
    /// Decoded in the text buffer.
    var title = Slot()
    /// Decoded in the text buffer.
    var text = Slot()
    /// Verbatim in the line, quotation marks and brackets included.
    var labels = Slot()
    var unjudged = Slot()
    var date = Slot()
    var group = Slot()
}

/// A strict scanner of RFC 8259 for one object: it validates every byte, decodes the strings that an article needs straight into
/// the caller's buffers, and notes where all members stand so that they can be copied verbatim.
///
/// Strings need not be valid UTF-8; surrogate escapes without their other half become U+FFFD; of members with the same name the
/// last one counts.
struct JSONScanner: Sendable {
    /// The levels of nesting allowed, the object itself included.
    static let maximumDepth = 512

    private let matcher: FieldMatcher

    init(fieldNames: FieldNames) {
        matcher = FieldMatcher(fieldNames)
    }

    /// Scans the object in a range of the bytes. O(length), without allocating once the buffers are large enough.
    ///
    /// - Parameters:
    ///   - text: receives the decoded title and text.
    ///   - identifier: receives the decoded identifier.
    ///   - members: receives the members in their order.
    /// - Throws: `JSONError` for the first byte that does not fit; the buffers may then hold parts of the object.
    func scan(
        _ bytes: Span<UInt8>, _ range: Range<Int>, text: inout [UInt8], identifier: inout [UInt8], members: inout [JSONMember]
    ) throws(JSONError) -> JSONFields {
        var fields = JSONFields()
        let firstMember = members.count
        let end = range.upperBound
        var i = JSON.skipSpace(bytes, range.lowerBound, end)
        guard i < end, bytes[i] == ASCII.openBrace else { throw JSONError(i, .object) }
        i = JSON.skipSpace(bytes, i + 1, end)
        if i < end, bytes[i] == ASCII.closeBrace {
            i += 1
        } else {
            while true {
                guard i < end, bytes[i] == ASCII.quote else {
                    throw JSONError(i, members.count == firstMember ? .nameOrBrace : .name)
                }
                let name = i
                let (nameEnd, field) = try scanName(bytes, i, end)
                i = JSON.skipSpace(bytes, nameEnd, end)
                guard i < end, bytes[i] == ASCII.colon else { throw JSONError(i, .colon) }
                i = JSON.skipSpace(bytes, i + 1, end)
                let value = i
                guard i < end else { throw JSONError(i, .value) }
                i = try scanValue(bytes, value, end, field, &fields, text: &text, identifier: &identifier)
                members.append(JSONMember(name: name..<nameEnd, value: value..<i, field: field))
                i = JSON.skipSpace(bytes, i, end)
                guard i < end else { throw JSONError(i, .commaOrBrace) }
                if bytes[i] == ASCII.comma {
                    i = JSON.skipSpace(bytes, i + 1, end)
                } else if bytes[i] == ASCII.closeBrace {
                    i += 1
                    break
                } else {
                    throw JSONError(i, .commaOrBrace)
                }
            }
        }
        i = JSON.skipSpace(bytes, i, end)
        guard i == end else { throw JSONError(i, .endOfLine) }
        return fields
    }

    /// Scans the value of a member and notes it in `fields`.
    /// - Returns: the position after the value.
    @inline(__always)
    private func scanValue(
        _ bytes: Span<UInt8>, _ value: Int, _ end: Int, _ field: ArticleField?, _ fields: inout JSONFields,
        text: inout [UInt8], identifier: inout [UInt8]
    ) throws(JSONError) -> Int {
        let kind = bytes[value]
        var after = value
        func slot(in buffer: Int, _ count: Int) -> JSONFields.Slot { JSONFields.Slot(kind: kind, range: buffer..<count) }
        switch field {
        case .text where kind == ASCII.quote:
            let start = text.count
            after = try JSON.decodeString(bytes, value, end, into: &text)
            fields.text = slot(in: start, text.count)
        case .title where kind == ASCII.quote:
            let start = text.count
            after = try JSON.decodeString(bytes, value, end, into: &text)
            fields.title = slot(in: start, text.count)
        case .id where kind == ASCII.quote:
            let start = identifier.count
            after = try JSON.decodeString(bytes, value, end, into: &identifier)
            fields.id = slot(in: start, identifier.count)
        default:
            after = try JSON.skipValue(bytes, value, end)
            switch field {
            case .id:
                let start = identifier.count
                let isNumber = kind == UInt8(ascii: "-") || ASCII.isDigit(kind)
                if isNumber { identifier.append(bytes, value..<after) }
                fields.id = slot(in: start, identifier.count)
            case .text: fields.text = slot(in: value, after)
            case .title: fields.title = slot(in: value, after)
            case .labels: fields.labels = slot(in: value, after)
            case .unjudged: fields.unjudged = slot(in: value, after)
            case .date: fields.date = slot(in: value, after)
            case .group: fields.group = slot(in: value, after)
            case .prediction, nil: break
            }
        }
        return after
    }

    /// Reads the name of a member.
    /// - Returns: the position after it, and the field that it stands for.
    @inline(__always)
    private func scanName(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) -> (after: Int, ArticleField?) {
        // Most names are short, and end in their first eight bytes.
        if start + 9 <= end {
            let word = bytes.word(at: start + 1)
            let ends = JSON.ends(word)
            let length = ends.trailingZeroBitCount / 8
            if ends != 0, bytes[start + 1 + length] == ASCII.quote {
                return (start + length + 2, matcher.field(prefix: word & FieldMatcher.mask(length), length: length))
            }
        }
        let (after, isEscaped) = try JSON.skipString(bytes, start, end)
        return (
            after, isEscaped ? escapedField(bytes, start..<after) : matcher.field(named: start + 1..<after - 1, in: bytes)
        )
    }

    /// The field that a name with escapes stands for.
    private func escapedField(_ bytes: Span<UInt8>, _ name: Range<Int>) -> ArticleField? {
        var decoded: [UInt8] = []
        guard (try? JSON.decodeString(bytes, name.lowerBound, name.upperBound, into: &decoded)) != nil else { return nil }
        return matcher.field(named: 0..<decoded.count, in: decoded.span)
    }
}
