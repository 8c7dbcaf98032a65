/// Character references of HTML: `&amp;`, `&#8217;`, `&#x2019;`.
enum HTMLReference {
    /// Decodes the reference that begins with the `&` at `start`.
    /// - Returns: the character and the position behind the reference, or `nil` when it is none.
    static func decode(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> (scalar: UInt32, end: Int)? {
        // The longest name here has eight letters, the longest number ten digits.
        let last = min(limit, start + 14)
        guard let semicolon = bytes.firstIndex(of: ASCII.semicolon, from: start + 2, to: last) else { return nil }
        if bytes[start + 1] == UInt8(ascii: "#") {
            guard let number = number(bytes, start + 2..<semicolon) else { return nil }
            return (character(number), semicolon + 1)
        }
        guard let scalar = names[String(bytes, start + 1..<semicolon)] else { return nil }
        return (scalar, semicolon + 1)
    }

    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        guard !range.isEmpty else { return nil }
        let isHexadecimal = bytes[range.lowerBound] | 0x20 == UInt8(ascii: "x")
        let digits = isHexadecimal ? range.dropFirst() : range
        guard !digits.isEmpty else { return nil }
        var number: UInt64 = 0
        for i in digits {
            guard let digit = ASCII.hexadecimalValue(bytes[i]), isHexadecimal || digit < 10 else { return nil }
            number = number * (isHexadecimal ? 16 : 10) + UInt64(digit)
        }
        return UInt32(min(number, 0x11_0000))
    }

    /// The character of a number by the WHATWG's rules: 128 to 159 mean those of Windows-1252.
    private static func character(_ number: UInt32) -> UInt32 {
        if number & ~0x1F == 0x80 { return Transcoder.windows1252(UInt8(number)) }
        return number == 0 || number > 0x10FFFF || number & 0xFFFF_F800 == 0xD800 ? 0xFFFD : number
    }

    private static let names: [String: UInt32] = {
        var names: [String: UInt32] = [
            "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "ndash": 0x2013, "mdash": 0x2014, "lsquo": 0x2018,
            "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E, "dagger": 0x2020, "bull": 0x2022,
            "hellip": 0x2026, "permil": 0x2030, "prime": 0x2032, "lsaquo": 0x2039, "rsaquo": 0x203A, "euro": 0x20AC,
            "trade": 0x2122, "minus": 0x2212, "ensp": 0x2002, "emsp": 0x2003, "thinsp": 0x2009, "zwnj": 0x200C, "zwj": 0x200D,
            "OElig": 0x152, "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161, "Yuml": 0x178, "circ": 0x2C6, "tilde": 0x2DC,
        ]
        for (offset, name) in latin1.split(separator: " ").enumerated() { names[String(name)] = 160 + UInt32(offset) }
        return names
    }()

    /// The names of U+00A0 to U+00FF in order.
    private static let latin1 = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para \
        middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave \
        Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc \
        Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc \
        iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """
}
