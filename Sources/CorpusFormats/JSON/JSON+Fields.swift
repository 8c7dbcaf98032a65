extension JSON {
    /// What a value is that begins with this byte, for messages.
    static func nameOfKind(_ first: UInt8) -> String {
        switch first {
        case ASCII.quote: "a string"
        case ASCII.openBrace: "an object"
        case ASCII.openBracket: "an array"
        case UInt8(ascii: "n"): "null"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): "true or false"
        default: "a number"
        }
    }

    /// The strings of an array that was checked to hold only strings; `nil` if there is none.
    static func strings(_ bytes: Span<UInt8>, _ slot: JSONFields.Slot) -> [String]? {
        guard !slot.isMissing else { return nil }
        var strings: [String] = []
        var decoded: [UInt8] = []
        var i = skipSpace(bytes, slot.range.lowerBound + 1, slot.range.upperBound)
        while i < slot.range.upperBound, bytes[i] != ASCII.closeBracket {
            decoded.removeAll(keepingCapacity: true)
            guard let after = try? decodeString(bytes, i, slot.range.upperBound, into: &decoded) else { return strings }
            strings.append(String(decoding: decoded, as: UTF8.self))
            i = skipSpace(bytes, after, slot.range.upperBound)
            if i < slot.range.upperBound, bytes[i] == ASCII.comma { i = skipSpace(bytes, i + 1, slot.range.upperBound) }
        }
        return strings
    }

    /// What a valid value is instead of an array of strings; `nil` if it is one.
    static func kindOfStrings(_ bytes: Span<UInt8>, _ slot: JSONFields.Slot) -> String? {
        guard slot.kind == ASCII.openBracket else { return nameOfKind(slot.kind) }
        var i = skipSpace(bytes, slot.range.lowerBound + 1, slot.range.upperBound)
        while i < slot.range.upperBound, bytes[i] != ASCII.closeBracket {
            guard bytes[i] == ASCII.quote, let after = try? skipString(bytes, i, slot.range.upperBound).after else {
                return "an array with \(nameOfKind(bytes[i])) in it"
            }
            i = skipSpace(bytes, after, slot.range.upperBound)
            if i < slot.range.upperBound, bytes[i] == ASCII.comma { i = skipSpace(bytes, i + 1, slot.range.upperBound) }
        }
        return nil
    }

    /// A string decoded, a number as it is spelled, `nil` for null or nothing.
    static func text(_ bytes: Span<UInt8>, _ slot: JSONFields.Slot) -> String? {
        guard !slot.isMissing else { return nil }
        guard slot.isString else { return String(bytes, slot.range) }
        var decoded: [UInt8] = []
        _ = try? decodeString(bytes, slot.range.lowerBound, slot.range.upperBound, into: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }
}
