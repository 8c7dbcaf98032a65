// Members and elements without `Codable`, which looks up a type of keys for every structure, the first time at more cost than
// reading it.

extension JSONTextDecoder {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// A member of this object.
    func member(_ name: String) throws -> JSONTextDecoder {
        guard let member = try optionalMember(name) else { throw missing(Name(stringValue: name)) }
        return member
    }

    /// A member of this object, or `nil` where there is none or it is `null`.
    func optionalMember(_ name: String) throws -> JSONTextDecoder? {
        guard let node = try object()[name] else { return nil }
        if case .null = node { return nil }
        return decoder(of: node, Name(stringValue: name))
    }

    /// What `body` makes of every member of this object.
    func members<Value>(_ body: (JSONTextDecoder) throws -> Value) throws -> [String: Value] {
        var values: [String: Value] = [:]
        for (name, node) in try object() { values[name] = try body(decoder(of: node, Name(stringValue: name))) }
        return values
    }

    /// What `body` makes of every element of this array.
    func elements<Value>(_ body: (JSONTextDecoder) throws -> Value) throws -> [Value] {
        let elements = try array()
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for (place, node) in elements.enumerated() {
            values.append(try body(decoder(of: node, Name(stringValue: "Index \(place)"))))
        }
        return values
    }

    /// One of the cases of an enumeration.
    func choice<Value: RawRepresentable<String>>(_ type: Value.Type) throws -> Value {
        guard let value = Value(rawValue: try decode(String.self)) else { throw mismatch(type, "a name that is known") }
        return value
    }
}
