/// A JSON text taken apart: what `JSONTextDecoder` decodes from.
///
/// Foundation's decoder does more than model files need, and the first model that a process opens waits for all of it.
struct JSONText {
    enum Node {
        case null
        case boolean(Bool)
        /// Where its digits stand.
        case number(Range<Int>)
        case string(String)
        case array([Node])
        case object([String: Node])
    }

    /// Why a text is no JSON.
    struct SyntaxError: Error, CustomStringConvertible {
        let reason: String
        /// The byte it was found at, from 0.
        let position: Int

        var description: String { "\(reason) at byte \(position)" }
    }

    let bytes: [UInt8]
    let root: Node

    /// Takes a text apart. O(bytes); deeper than `maximumDepth` it is refused, since it is read by recursion.
    init(_ bytes: [UInt8]) throws(SyntaxError) {
        var scanner = Scanner(bytes: bytes)
        root = try scanner.value(depth: 0)
        scanner.skipSpace()
        guard scanner.position == bytes.count else { throw scanner.error("something behind the end") }
        self.bytes = bytes
    }

    static let maximumDepth = 256

    /// The digits of a number as a text.
    func digits(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        func error(_ reason: String) -> SyntaxError { SyntaxError(reason: reason, position: position) }

        mutating func skipSpace() {
            while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
        }

        private mutating func take(_ mark: UInt8) -> Bool {
            skipSpace()
            guard next == mark else { return false }
            position += 1
            return true
        }

        mutating func value(depth: Int) throws(SyntaxError) -> Node {
            guard depth < JSONText.maximumDepth else { throw error("more than \(JSONText.maximumDepth) levels") }
            skipSpace()
            switch next {
            case UInt8(ascii: "{"): return try object(depth: depth)
            case UInt8(ascii: "["): return try array(depth: depth)
            case UInt8(ascii: "\""): return .string(try string())
            case UInt8(ascii: "t"): return try word("true", .boolean(true))
            case UInt8(ascii: "f"): return try word("false", .boolean(false))
            case UInt8(ascii: "n"): return try word("null", .null)
            case nil: throw error("the end where a value should be")
            default: return .number(try number())
            }
        }

        private mutating func object(depth: Int) throws(SyntaxError) -> Node {
            position += 1
            var members: [String: Node] = [:]
            guard !take(UInt8(ascii: "}")) else { return .object(members) }
            repeat {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw error("no name of a member") }
                let name = try string()
                guard take(UInt8(ascii: ":")) else { throw error("no colon") }
                members[name] = try value(depth: depth + 1)
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw error("an object that does not end") }
            return .object(members)
        }

        private mutating func array(depth: Int) throws(SyntaxError) -> Node {
            position += 1
            var elements: [Node] = []
            guard !take(UInt8(ascii: "]")) else { return .array(elements) }
            repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw error("an array that does not end") }
            return .array(elements)
        }

        private mutating func word(_ word: StaticString, _ node: Node) throws(SyntaxError) -> Node {
            for character in "\(word)".utf8 {
                guard next == character else { throw error("an unknown word") }
                position += 1
            }
            return node
        }

        private mutating func number() throws(SyntaxError) -> Range<Int> {
            let start = position
            if next == UInt8(ascii: "-") { position += 1 }
            let whole = position
            guard try digitCount() == 1 || bytes[whole] != UInt8(ascii: "0") else { throw error("a number that begins with 0") }
            if next == UInt8(ascii: ".") {
                position += 1
                _ = try digitCount()
            }
            if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
                position += 1
                if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
                _ = try digitCount()
            }
            return start..<position
        }

        /// Goes past digits, of which there must be one.
        private mutating func digitCount() throws(SyntaxError) -> Int {
            let start = position
            while let next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { position += 1 }
            guard position > start else { throw error("no value") }
            return position - start
        }

        private mutating func string() throws(SyntaxError) -> String {
            position += 1
            let start = position
            while let next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next >= 0x20 { position += 1 }
            var plain = try text(start..<position)
            while next == UInt8(ascii: "\\") {
                position += 1
                plain.unicodeScalars.append(try escaped())
                let start = position
                while let next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next >= 0x20 { position += 1 }
                plain += try text(start..<position)
            }
            guard next == UInt8(ascii: "\"") else { throw error("a string that does not end, or a control character") }
            position += 1
            return plain
        }

        private func text(_ range: Range<Int>) throws(SyntaxError) -> String {
            guard let text = String(validating: bytes[range], as: UTF8.self) else { throw error("malformed UTF-8 before") }
            return text
        }

        private mutating func escaped() throws(SyntaxError) -> Unicode.Scalar {
            defer { position += 1 }
            switch next {
            case UInt8(ascii: "\""): return "\""
            case UInt8(ascii: "\\"): return "\\"
            case UInt8(ascii: "/"): return "/"
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{C}"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"):
                let first = try codeUnit()
                if let scalar = Unicode.Scalar(first) { return scalar }
                // The first half of a pair stands before the second one.
                guard first < 0xDC00, position + 2 < bytes.count, bytes[position + 1] == UInt8(ascii: "\\"),
                    bytes[position + 2] == UInt8(ascii: "u")
                else { throw error("half of a pair") }
                position += 2
                let second = try codeUnit()
                guard 0xDC00..<0xE000 ~= second,
                    let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                else { throw error("half of a pair") }
                return scalar
            default: throw error("an unknown escape")
            }
        }

        /// The four digits behind a `u`; ends at the last of them.
        private mutating func codeUnit() throws(SyntaxError) -> UInt32 {
            var unit: UInt32 = 0
            for _ in 0..<4 {
                position += 1
                guard let next, let digit = Character(Unicode.Scalar(next)).hexDigitValue else {
                    throw error("no hexadecimal digit")
                }
                unit = unit << 4 + UInt32(digit)
            }
            return unit
        }
    }
}
