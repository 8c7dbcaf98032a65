/// How characters are stored in the input.
public enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case latin1
    case windows1252 = "windows-1252"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"

    /// The encoding of a name, its usual other names included; case does not matter.
    public init?(name: String) {
        switch name.lowercased() {
        case "utf8": self = .utf8
        case "latin-1", "iso-8859-1", "iso8859-1": self = .latin1
        case "cp1252", "windows1252": self = .windows1252
        case "utf-16", "utf16", "utf16le": self = .utf16LittleEndian
        case "utf16be": self = .utf16BigEndian
        case let name: self.init(rawValue: name)
        }
    }

    /// The encoding that a byte-order mark at the beginning tells, and the mark's length.
    static func byteOrderMark(_ head: [UInt8]) -> (encoding: TextEncoding, length: Int)? {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if head.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        return nil
    }

    /// Whether more bytes could make the beginning a byte-order mark.
    static func mayBecomeByteOrderMark(_ head: [UInt8]) -> Bool {
        head.isEmpty || head == [0xEF] || head == [0xEF, 0xBB] || head == [0xFF] || head == [0xFE]
    }
}

/// Turns text of another encoding into UTF-8, piece by piece.
struct Transcoder {
    private let encoding: TextEncoding
    /// The first byte of a UTF-16 code unit whose second one has not come.
    private var firstByte: UInt8?
    /// A high surrogate whose low one has not come.
    private var highSurrogate: UInt32?

    init(_ encoding: TextEncoding) {
        self.encoding = encoding
    }

    /// Appends the UTF-8 of the next bytes; surrogates without their other half become U+FFFD. O(length).
    mutating func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        // A byte gives at most three; a surrogate and a byte kept from before, three each.
        output.append(addingCapacity: 3 * bytes.count + 6) { output in
            switch encoding {
            case .utf8:
                output.append(bytes, 0..<bytes.count)
            case .latin1:
                for i in bytes.indices { output.append(scalar: UInt32(bytes[i])) }
            case .windows1252:
                for i in bytes.indices { output.append(scalar: Self.windows1252(bytes[i])) }
            case .utf16LittleEndian, .utf16BigEndian:
                for i in bytes.indices { appendUTF16(bytes[i], to: &output) }
            }
        }
    }

    /// Appends what a broken end leaves.
    mutating func finish(into output: inout [UInt8]) {
        guard firstByte != nil || highSurrogate != nil else { return }
        output.append(contentsOf: UTF8Repair.replacement)
        (firstByte, highSurrogate) = (nil, nil)
    }

    private mutating func appendUTF16(_ byte: UInt8, to output: inout OutputSpan<UInt8>) {
        guard let first = firstByte else {
            firstByte = byte
            return
        }
        firstByte = nil
        let unit = encoding == .utf16LittleEndian ? UInt32(byte) << 8 | UInt32(first) : UInt32(first) << 8 | UInt32(byte)
        if let high = highSurrogate {
            highSurrogate = nil
            if unit & 0xFC00 == 0xDC00 {
                output.append(scalar: 0x10000 + (high & 0x3FF) << 10 + unit & 0x3FF)
                return
            }
            output.append(scalar: 0xFFFD)
        }
        if unit & 0xFC00 == 0xD800 {
            highSurrogate = unit
        } else {
            output.append(scalar: unit & 0xFC00 == 0xDC00 ? 0xFFFD : unit)
        }
    }

    /// The character of a byte by the WHATWG's table, in which the five bytes without a character are controls.
    static func windows1252(_ byte: UInt8) -> UInt32 {
        guard byte & 0xE0 == 0x80 else { return UInt32(byte) }
        return UInt32(upperControls[Int(byte & 0x1F)])
    }

    private static let upperControls: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
        0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E,
        0x0178,
    ]
}
