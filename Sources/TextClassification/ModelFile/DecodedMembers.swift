/// The members of an object that is decoded, by name.
///
/// For what is read on the way to the first answer of a process: a keyed container is a type that the runtime makes for every structure of
/// its own, with a search of all conformances for that of its keys, at more cost than reading. Model files are read without any.
public struct DecodedMembers {
    private enum Source {
        case file(JSONTextDecoder)
        case other(any Decoder)
    }

    private let source: Source

    /// The members of the object that a decoder is at.
    public init(_ decoder: any Decoder) {
        source = if let json = decoder as? JSONTextDecoder { .file(json) } else { .other(decoder) }
    }

    /// The container of a decoder of another kind. Kept, its type would be made for model files, too.
    @inline(never)
    private func container(_ decoder: any Decoder) throws -> KeyedDecodingContainer<JSONTextDecoder.Key> {
        try decoder.container(keyedBy: JSONTextDecoder.Key.self)
    }

    /// The value of a member.
    /// - Throws: `DecodingError`, also where there is no such member, and where it is no object.
    public func value<Value: Decodable>(_ name: String) throws -> Value {
        switch source {
        case .file(let json): try Value(from: json.member(name))
        case .other(let decoder): try container(decoder).decode(Value.self, forKey: .init(stringValue: name))
        }
    }

    /// The value of a member, or `nil` where there is none or it is `null`.
    public func optionalValue<Value: Decodable>(_ name: String) throws -> Value? {
        switch source {
        case .file(let json): try json.optionalMember(name).map { try Value(from: $0) }
        case .other(let decoder): try container(decoder).decodeIfPresent(Value.self, forKey: .init(stringValue: name))
        }
    }
}
