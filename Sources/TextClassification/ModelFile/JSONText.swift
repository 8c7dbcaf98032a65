/// A JSON text taken apart: what `JSONTextDecoder` decodes from.
///
/// Foundation's decoder does more than model files need, and the first model that a process opens waits for all of it. So it would for
/// strings and dictionaries of everything: values are places in the text, and become what they mean when they are asked for.
struct JSONText {
    /// A value or the name of a member: the name stands before the value, and an array or an object before all that it holds.
    struct Node {
        enum Kind: UInt8 {
            case null, `true`, `false`, number, plainString, escapedString, array, object
        }

        let kind: Kind
        /// Where the digits stand, or what is between quotation marks.
        fileprivate(set) var start: UInt32
        fileprivate(set) var end: UInt32
        /// The node behind it and all that it holds.
        fileprivate(set) var next: UInt32 = 0
        /// The array or object that holds it, and its place there among names and values; its own place for the root.
        let parent: UInt32
        let ordinal: UInt32

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// Why a text is no JSON.
    struct SyntaxError: Error, CustomStringConvertible {
        let reason: String
        /// The byte it was found at, from 0.
        let position: Int

        var description: String { "\(reason) at byte \(position)" }
    }

    let bytes: [UInt8]
    /// The root first.
    let nodes: [Node]

    /// Takes a text apart. O(bytes); deeper than `maximumDepth` it is refused, since it is read by recursion.
    init(_ bytes: [UInt8]) throws(SyntaxError) {
        var scanner = Scanner(bytes: bytes)
        guard bytes.count < Int(UInt32.max) else { throw scanner.error("more than 4 GB") }
        try scanner.value(depth: 0, parent: 0, ordinal: 0)
        scanner.skipSpace()
        guard scanner.position == bytes.count else { throw scanner.error("something behind the end") }
        self.bytes = bytes
        nodes = scanner.nodes
    }

    static let maximumDepth = 256

    /// A string, or the digits of a number.
    func text(_ node: Int) -> String {
        let range = nodes[node].range
        guard nodes[node].kind == .escapedString else { return String(decoding: bytes[range], as: UTF8.self) }
        var scanner = Scanner(bytes: bytes)
        scanner.position = range.lowerBound - 1
        var text: String? = ""
        // It has been read before.
        _ = try? scanner.string(&text)
        return text ?? ""
    }

    /// Whether a name is this one, byte for byte.
    private func isName(_ node: Int, _ name: String) -> Bool {
        guard nodes[node].kind == .plainString else { return text(node).utf8.elementsEqual(name.utf8) }
        return bytes[nodes[node].range].elementsEqual(name.utf8)
    }

    /// The value of a member of an object. Of several the last one. O(members).
    func member(_ name: String, of object: Int) -> Int? {
        var found: Int?
        forEachMember(of: object) { member, value in if isName(member, name) { found = value } }
        return found
    }

    /// Calls `body` with the name and the value of every member.
    func forEachMember<Failure: Error>(
        of object: Int, _ body: (_ name: Int, _ value: Int) throws(Failure) -> Void
    ) throws(Failure) {
        var name = object + 1
        while name < Int(nodes[object].next) {
            try body(name, name + 1)
            name = Int(nodes[name + 1].next)
        }
    }

    /// The elements of an array.
    func elements(of array: Int) -> [Int] {
        var elements: [Int] = []
        var element = array + 1
        while element < Int(nodes[array].next) {
            elements.append(element)
            element = Int(nodes[element].next)
        }
        return elements
    }

    /// What leads from the root to a node: names, and places in arrays.
    func path(to node: Int) -> [(name: String?, place: Int)] {
        var path: [(String?, Int)] = []
        var node = node
        while node > 0 {
            let parent = Int(nodes[node].parent)
            path.append((nodes[parent].kind == .object ? text(node - 1) : nil, Int(nodes[node].ordinal)))
            node = parent
        }
        return path.reversed()
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0
        var nodes: [Node] = []

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

        /// Appends a node that begins here, and returns its place.
        private mutating func append(_ kind: Node.Kind, _ parent: Int, _ ordinal: Int) -> Int {
            nodes.append(
                Node(kind: kind, start: UInt32(position), end: UInt32(position), parent: UInt32(parent), ordinal: UInt32(ordinal))
            )
            return nodes.count - 1
        }

        /// Says where a node and all that it holds end.
        private mutating func end(_ node: Int, at end: Int) {
            nodes[node].end = UInt32(end)
            nodes[node].next = UInt32(nodes.count)
        }

        mutating func value(depth: Int, parent: Int, ordinal: Int) throws(SyntaxError) {
            guard depth < JSONText.maximumDepth else { throw error("more than \(JSONText.maximumDepth) levels") }
            skipSpace()
            switch next {
            case UInt8(ascii: "{"): try object(depth: depth, parent, ordinal)
            case UInt8(ascii: "["): try array(depth: depth, parent, ordinal)
            case UInt8(ascii: "\""): try string(parent, ordinal)
            case UInt8(ascii: "t"): try word("true", append(.true, parent, ordinal))
            case UInt8(ascii: "f"): try word("false", append(.false, parent, ordinal))
            case UInt8(ascii: "n"): try word("null", append(.null, parent, ordinal))
            case nil: throw error("the end where a value should be")
            default: try number(append(.number, parent, ordinal))
            }
        }

        private mutating func object(depth: Int, _ parent: Int, _ ordinal: Int) throws(SyntaxError) {
            let node = append(.object, parent, ordinal)
            position += 1
            if !take(UInt8(ascii: "}")) {
                var count = 0
                repeat {
                    skipSpace()
                    guard next == UInt8(ascii: "\"") else { throw error("no name of a member") }
                    try string(node, count)
                    guard take(UInt8(ascii: ":")) else { throw error("no colon") }
                    try value(depth: depth + 1, parent: node, ordinal: count)
                    count += 1
                } while take(UInt8(ascii: ","))
                guard take(UInt8(ascii: "}")) else { throw error("an object that does not end") }
            }
            end(node, at: position)
        }

        private mutating func array(depth: Int, _ parent: Int, _ ordinal: Int) throws(SyntaxError) {
            let node = append(.array, parent, ordinal)
            position += 1
            if !take(UInt8(ascii: "]")) {
                var count = 0
                repeat {
                    try value(depth: depth + 1, parent: node, ordinal: count)
                    count += 1
                } while take(UInt8(ascii: ","))
                guard take(UInt8(ascii: "]")) else { throw error("an array that does not end") }
            }
            end(node, at: position)
        }

        private mutating func word(_ word: String, _ node: Int) throws(SyntaxError) {
            for character in word.utf8 {
                guard next == character else { throw error("an unknown word") }
                position += 1
            }
            end(node, at: position)
        }

        private mutating func number(_ node: Int) throws(SyntaxError) {
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
            end(node, at: position)
        }

        /// Goes past digits, of which there must be one.
        private mutating func digitCount() throws(SyntaxError) -> Int {
            let start = position
            while let next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { position += 1 }
            guard position > start else { throw error("no value") }
            return position - start
        }

        private mutating func string(_ parent: Int, _ ordinal: Int) throws(SyntaxError) {
            let first = position + 1
            var text: String?
            let kind: Node.Kind = try string(&text) ? .escapedString : .plainString
            let node = append(kind, parent, ordinal)
            nodes[node].start = UInt32(first)
            end(node, at: position - 1)
        }

        /// Goes past a string, and appends it to the text if there is one; returns whether it has escapes.
        mutating func string(_ text: inout String?) throws(SyntaxError) -> Bool {
            position += 1
            var hasEscapes = false
            try plain(&text)
            while next == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
                let scalar = try escaped()
                text?.unicodeScalars.append(scalar)
                try plain(&text)
            }
            guard next == UInt8(ascii: "\"") else { throw error("a string that does not end, or a control character") }
            position += 1
            return hasEscapes
        }

        /// Goes past what stands in a string before the next escape or the end.
        private mutating func plain(_ text: inout String?) throws(SyntaxError) {
            let start = position
            var isASCII = true
            while let next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next >= 0x20 {
                isASCII = isASCII && next < 0x80
                position += 1
            }
            guard !isASCII || text != nil else { return }
            guard let part = String(validating: bytes[start..<position], as: UTF8.self) else {
                throw error("malformed UTF-8 before")
            }
            text?.append(part)
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
