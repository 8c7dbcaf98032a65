/// Decodes a value from JSON as `JSONDecoder` does, with its default strategies: whole numbers may be written with a fraction of 0,
/// and of members of one name the last one counts.
struct JSONTextDecoder: Decoder {
    private let text: JSONText
    private let node: Int
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init(_ text: JSONText, _ node: Int) {
        self.text = text
        self.node = node
    }

    /// A decoder of what a text holds.
    init(_ bytes: [UInt8]) throws(JSONText.SyntaxError) { self.init(try JSONText(bytes), 0) }

    /// What is decoded.
    var kind: JSONText.Node.Kind { text.nodes[node].kind }

    var codingPath: [any CodingKey] { text.path(to: node).map { Key(name: $0.name, place: $0.place) } }

    /// The value of a text.
    /// - Throws: `JSONText.SyntaxError`, and `DecodingError`.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONTextDecoder(bytes).decode(type)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members<Key>(decoder: self, members: try object()))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        Elements(decoder: self, elements: try array())
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    /// The members of this object.
    private func object() throws -> [String: JSONTextDecoder] {
        var members: [String: JSONTextDecoder] = [:]
        try forEachMember { members[$0] = $1 }
        return members
    }

    /// Calls `body` with the name and the value of every member of this object.
    func forEachMember(_ body: (String, JSONTextDecoder) throws -> Void) throws {
        guard kind == .object else { throw mismatch([String: Any].self, "an object") }
        try text.forEachMember(of: node) { try body(text.text($0), JSONTextDecoder(text, $1)) }
    }

    /// A member of this object, or `nil` where there is none or it is `null`. O(members).
    func optionalMember(_ name: String) throws -> JSONTextDecoder? {
        guard kind == .object else { throw mismatch([String: Any].self, "an object") }
        guard let member = text.member(name, of: node), text.nodes[member].kind != .null else { return nil }
        return JSONTextDecoder(text, member)
    }

    /// The elements of this array.
    func array() throws -> [JSONTextDecoder] {
        guard kind == .array else { throw mismatch([Any].self, "an array") }
        return text.elements(of: node).map { JSONTextDecoder(text, $0) }
    }

    /// What is thrown where this object lacks a member.
    func missing(_ key: some CodingKey) -> DecodingError {
        .keyNotFound(
            key, DecodingError.Context(codingPath: codingPath, debugDescription: "it has no \"\(key.stringValue)\""))
    }

    func mismatch(_ type: Any.Type, _ wanted: String) -> DecodingError {
        let found =
            switch kind {
            case .null: "null"
            case .true, .false: "true or false"
            case .number: text.text(node)
            case .plainString, .escapedString: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return .typeMismatch(
            type, DecodingError.Context(codingPath: codingPath, debugDescription: "\(found) instead of \(wanted)"))
    }

    /// The name of a member, or a place in an array.
    struct Key: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(name: String?, place: Int) {
            stringValue = name ?? "Index \(place)"
            intValue = name == nil ? place : nil
        }
        init(stringValue: String) { self.init(name: stringValue, place: 0) }
        init?(intValue: Int) { nil }
    }
}

extension JSONTextDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { kind == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard kind == .true || kind == .false else { throw mismatch(type, "true or false") }
        return kind == .true
    }

    func decode(_ type: String.Type) throws -> String {
        guard kind == .plainString || kind == .escapedString else { throw mismatch(type, "a string") }
        return text.text(node)
    }

    func decode(_ type: Double.Type) throws -> Double { try real(type) }
    func decode(_ type: Float.Type) throws -> Float { try real(type) }
    func decode(_ type: Int.Type) throws -> Int { try whole(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try whole(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try whole(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try whole(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try whole(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try whole(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

    private func real<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ type: Number.Type) throws -> Number {
        guard kind == .number else { throw mismatch(type, "a number") }
        let digits = text.text(node)
        // What is too small is no zero, either.
        guard let value = Number(digits), value.isFinite,
            !value.isZero || digits.prefix(while: { $0 != "e" && $0 != "E" }).allSatisfy({ "-.0".contains($0) })
        else { throw mismatch(type, "a number within range") }
        return value
    }

    private func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard kind == .number else { throw mismatch(type, "a whole number") }
        guard let value = wholeNumber(type) else { throw mismatch(type, "a whole number within range") }
        return value
    }

    /// This number, if it is a whole one of that type.
    func wholeNumber<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        guard kind == .number else { return nil }
        let digits = text.text(node)
        return Number(digits) ?? Double(digits).flatMap { Number(exactly: $0) }
    }
}

extension JSONTextDecoder {
    /// The members of an object.
    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: JSONTextDecoder
        let members: [String: JSONTextDecoder]

        var codingPath: [any CodingKey] { decoder.codingPath }
        var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

        func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

        private func member(_ key: some CodingKey) throws -> JSONTextDecoder {
            guard let member = members[key.stringValue] else { throw decoder.missing(key) }
            return member
        }

        func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
        func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try member(key).decode(type) }
        func decode(_ type: String.Type, forKey key: Key) throws -> String { try member(key).decode(type) }
        func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try member(key).decode(type) }
        func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try member(key).decode(type) }
        func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try member(key).decode(type) }
        func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try member(key).decode(type) }
        func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try member(key).decode(type) }
        func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try member(key).decode(type) }
        func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try member(key).decode(type) }
        func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try member(key).decode(type) }
        func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try member(key).decode(type) }
        func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try member(key).decode(type) }
        func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try member(key).decode(type) }
        func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try member(key).decode(type) }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try Value(from: member(key)) }

        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<
            Nested
        > {
            try member(key).container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try member(key).unkeyedContainer() }
        func superDecoder() throws -> any Decoder { decoder }
        func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
    }

    /// The elements of an array, one after the other.
    private struct Elements: UnkeyedDecodingContainer {
        let decoder: JSONTextDecoder
        let elements: [JSONTextDecoder]
        var currentIndex = 0

        init(decoder: JSONTextDecoder, elements: [JSONTextDecoder]) {
            self.decoder = decoder
            self.elements = elements
        }

        var codingPath: [any CodingKey] { decoder.codingPath }
        var count: Int? { elements.count }
        var isAtEnd: Bool { currentIndex == elements.count }

        /// What `body` makes of the next element; where it throws, the element stays the next one.
        private mutating func next<Value>(_ body: (JSONTextDecoder) throws -> Value) throws -> Value {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    Value.self, DecodingError.Context(codingPath: codingPath, debugDescription: "the array has no more elements"))
            }
            let value = try body(elements[currentIndex])
            currentIndex += 1
            return value
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, elements[currentIndex].decodeNil() else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.decode(type) } }
        mutating func decode(_ type: String.Type) throws -> String { try next { try $0.decode(type) } }
        mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.decode(type) } }
        mutating func decode(_ type: Float.Type) throws -> Float { try next { try $0.decode(type) } }
        mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.decode(type) } }
        mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.decode(type) } }
        mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.decode(type) } }
        mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.decode(type) } }
        mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.decode(type) } }
        mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.decode(type) } }
        mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.decode(type) } }
        mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.decode(type) } }
        mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.decode(type) } }
        mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.decode(type) } }
        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next { try Value(from: $0) } }

        mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
            try next { try $0.container(keyedBy: type) }
        }
        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next { try $0.unkeyedContainer() } }
        mutating func superDecoder() throws -> any Decoder { try next { $0 } }
    }
}
