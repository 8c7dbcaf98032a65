/// One field of a row: its content and whether quotation marks stand around it and, doubled, within it.
struct TableField {
    /// The content, without the quotation marks around it.
    var range: Range<Int>
    var hasDoubledQuotes: Bool

    /// Appends what the field means.
    func append(from bytes: Span<UInt8>, to output: inout [UInt8]) {
        guard hasDoubledQuotes else {
            output.append(bytes, range)
            return
        }
        var start = range.lowerBound
        while let quote = bytes.firstIndex(of: ASCII.quote, from: start, to: range.upperBound) {
            // The first of the two is part of the run.
            output.append(bytes, start..<quote + 1)
            start = quote + 2
        }
        if start < range.upperBound { output.append(bytes, start..<range.upperBound) }
    }

    func text(in bytes: Span<UInt8>) -> String {
        var content: [UInt8] = []
        append(from: bytes, to: &content)
        return String(decoding: content, as: UTF8.self)
    }
}

/// The grammar of RFC 4180.
enum TableRow {
    /// Appends the fields of a row. O(length).
    ///
    /// Commas and quotation marks in fields without quotation marks around them are as in the RFC: the first separate, the second
    /// are not allowed; in fields separated by tabs they are common and stand for themselves.
    /// - Returns: what is wrong, or `nil`.
    static func split(
        _ bytes: Span<UInt8>, _ row: Range<Int>, separator: UInt8, into fields: inout [TableField]
    ) -> String? {
        var i = row.lowerBound
        let end = row.upperBound
        while true {
            if i < end, bytes[i] == ASCII.quote {
                let start = i + 1
                var hasDoubledQuotes = false
                i = start
                while true {
                    guard let quote = bytes.firstIndex(of: ASCII.quote, from: i, to: end) else {
                        return "the quotation mark before field \(fields.count + 1) is never closed (is the file cut off?)"
                    }
                    i = quote + 1
                    guard i < end, bytes[i] == ASCII.quote else { break }
                    hasDoubledQuotes = true
                    i += 1
                }
                fields.append(TableField(range: start..<i - 1, hasDoubledQuotes: hasDoubledQuotes))
                guard i == end || bytes[i] == separator else {
                    return "field \(fields.count) goes on behind its closing quotation mark (one within a field must be doubled)"
                }
            } else {
                let start = i
                while i < end, bytes[i] != separator {
                    if bytes[i] == ASCII.quote, separator != ASCII.tab {
                        return "field \(fields.count + 1) has a quotation mark in it but none around it"
                    }
                    i += 1
                }
                fields.append(TableField(range: start..<i, hasDoubledQuotes: false))
            }
            if i == end { return nil }
            i += 1
        }
    }
}

/// Which column of a table holds which field.
struct TableColumns: Sendable {
    let separator: UInt8
    /// The number of columns.
    let count: Int
    private var positions: [Int?]

    subscript(field: ArticleField) -> Int? { positions[Int(field.rawValue)] }

    /// Reads the header.
    /// - Parameters:
    ///   - required: the fields that must have a column.
    ///   - purposes: what columns are for, where that is not their field.
    /// - Throws: `CorpusFormatError` for a malformed header, a column that is missing, and one that is there twice.
    init(
        header bytes: Span<UInt8>, _ row: Range<Int>, separator: UInt8, names: FieldNames, required: [ArticleField],
        purposes: [ArticleField: String] = [:], location: SourceLocation
    ) throws(CorpusFormatError) {
        self.separator = separator
        var fields: [TableField] = []
        if let reason = TableRow.split(bytes, row, separator: separator, into: &fields) {
            throw .malformedFile(location, reason: "in the header, \(reason)")
        }
        let columns = fields.map { Self.trimmed($0.text(in: bytes)) }
        count = columns.count
        positions = [Int?](repeating: nil, count: ArticleField.allCases.count)
        for field in ArticleField.allCases {
            let name = names[field]
            if field == .group, name.isEmpty { continue }
            let found = columns.indices.filter { columns[$0] == name }
            guard found.count <= 1 else {
                throw .malformedFile(location, reason: "the column \"\(name)\" is there \(found.count) times")
            }
            // A name that somebody chose must be there, whatever the field.
            if found.isEmpty, required.contains(field) || name != FieldNames()[field] {
                throw .missingColumn(
                    name, purpose: purposes[field] ?? field.purpose, option: purposes[field] == nil ? field.option : nil,
                    location: location, present: columns)
            }
            positions[Int(field.rawValue)] = found.first
        }
    }

    private static func trimmed(_ name: String) -> String {
        String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// The labels in a cell of a table, separated by semicolons; spaces around them do not count.
func labels(inCell cell: String) -> [String] {
    cell.utf8.split(separator: ASCII.semicolon).compactMap { part in
        let isSpace = { (byte: UInt8) in ASCII.isSpace(byte) }
        let label = part.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return label.isEmpty ? nil : String(decoding: Array(label), as: UTF8.self)
    }
}
