/// A field of an article that readers know.
enum ArticleField: UInt8, Sendable, CaseIterable {
    case id
    case title
    case text
    case labels
    case unjudged
    case date
    /// What an earlier prediction left; never read, replaced when predictions are written.
    case prediction
    /// What articles belong together by.
    case group

    /// What the field holds, for messages.
    var purpose: String {
        switch self {
        case .id: "identifiers"
        case .title: "titles"
        case .text: "texts"
        case .labels: "labels"
        case .unjudged: "labels nobody judged"
        case .date: "dates"
        case .prediction: "predictions"
        case .group: "groups"
        }
    }

    /// The option that names the field on the command line.
    var option: String? {
        switch self {
        case .id: "--id-field"
        case .title: "--title-field"
        case .text: "--text-field"
        case .labels: "--label-field"
        case .group: "--group-by"
        case .unjudged, .date, .prediction: nil
        }
    }
}

/// What the fields of an article are called in the input; matched case-sensitively.
public struct FieldNames: Sendable, Equatable {
    public var id = "id"
    public var title = "title"
    public var text = "text"
    public var labels = "labels"
    public var unjudged = "unjudged"
    public var date = "date"
    /// The field that tells which articles belong together; it may be one of the others. `nil` reads none.
    public var group: String?

    public init() {}

    /// The name of a field.
    subscript(field: ArticleField) -> String {
        switch field {
        case .id: id
        case .title: title
        case .text: text
        case .labels: labels
        case .unjudged: unjudged
        case .date: date
        case .prediction: "prediction"
        // The name of another field is that field's; see `sharedGroup`.
        case .group: sharedGroup == nil ? group ?? "" : ""
        }
    }
}

extension FieldNames {
    /// The field that articles belong together by, where it is one that is read anyway.
    var sharedGroup: ArticleField? {
        guard let group else { return nil }
        return ArticleField.allCases.first { $0 != .group && self[$0] == group }
    }
}

/// Finds the field that a name stands for, without hashing or allocating.
struct FieldMatcher: Sendable {
    /// The first eight bytes of each field's name, by its raw value.
    private var prefixes = InlineArray<8, UInt64>(repeating: 0)
    /// The length of each field's name; -1 where it has none.
    private var lengths = InlineArray<8, Int>(repeating: -1)
    private var fields = InlineArray<8, ArticleField>(repeating: .id)
    private var names: [[UInt8]] = []

    init(_ fieldNames: FieldNames) {
        precondition(ArticleField.allCases.count == prefixes.count, "a name a field")
        for (position, field) in ArticleField.allCases.enumerated() {
            let name = [UInt8](fieldNames[field].utf8)
            names.append(name)
            fields[position] = field
            if field == .group, name.isEmpty { continue }
            prefixes[position] = Self.prefix(of: name.span, 0..<name.count)
            lengths[position] = name.count
        }
    }

    /// The bits of the first bytes of a name.
    @inline(__always)
    static func mask(_ length: Int) -> UInt64 { length >= 8 ? .max : (1 &<< UInt64(length * 8)) &- 1 }

    /// The first eight bytes of a name as a number, with zeros behind a shorter one.
    @inline(__always)
    private static func prefix(of bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        if range.lowerBound + 8 <= bytes.count { return bytes.word(at: range.lowerBound) & mask(range.count) }
        var word: UInt64 = 0
        for i in 0..<min(8, range.count) { word |= UInt64(bytes[range.lowerBound + i]) << UInt64(i * 8) }
        return word
    }

    /// The field whose name stands in the range, or `nil`.
    func field(named range: Range<Int>, in bytes: Span<UInt8>) -> ArticleField? {
        let prefix = Self.prefix(of: bytes, range)
        if range.count <= 8 { return field(prefix: prefix, length: range.count) }
        for i in prefixes.indices
        where prefixes[i] == prefix && lengths[i] == range.count && bytes.matches(names[i], in: range) {
            return fields[i]
        }
        return nil
    }

    /// The field with a name of up to eight bytes, or `nil`.
    @inline(__always)
    func field(prefix: UInt64, length: Int) -> ArticleField? {
        for i in prefixes.indices where prefixes[i] == prefix && lengths[i] == length {
            return fields[i]
        }
        return nil
    }
}
