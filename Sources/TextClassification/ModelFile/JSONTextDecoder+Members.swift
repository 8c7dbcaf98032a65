// Members and elements without `Codable`, which looks up a type of keys for every structure, the first time at more cost than
// reading it.

extension JSONTextDecoder {
    /// A member of this object.
    func member(_ name: String) throws -> JSONTextDecoder {
        guard let member = try optionalMember(name) else { throw missing(Key(stringValue: name)) }
        return member
    }

    /// What `body` makes of every member of this object.
    func members<Value>(_ body: (JSONTextDecoder) throws -> Value) throws -> [String: Value] {
        var values: [String: Value] = [:]
        try forEachMember { values[$0] = try body($1) }
        return values
    }

    /// What `body` makes of every element of this array.
    func elements<Value>(_ body: (JSONTextDecoder) throws -> Value) throws -> [Value] { try array().map(body) }

    /// One of the cases of an enumeration.
    func choice<Value: RawRepresentable<String>>(_ type: Value.Type) throws -> Value {
        guard let value = Value(rawValue: try decode(String.self)) else { throw mismatch(type, "a name that is known") }
        return value
    }
}
