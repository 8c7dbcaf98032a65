extension Tokenizer {
    /// The whole of words joined to each other: where it lies in `bytes`, and where in the text as it was given (if asked for).
    struct Compound: Sendable {
        let start: Int32
        let end: Int32
        let source: Range<Int32>
    }

    /// The joiner that a separator is, or 0.
    static func joiner(_ scalar: UInt32) -> UInt8 {
        switch scalar {
        case 0x2D, 0x2010, 0x2011: UInt8(ascii: "-")
        case 0x27, 0x2019: UInt8(ascii: "'")
        case 0x2E: UInt8(ascii: ".")
        case 0x26: UInt8(ascii: "&")
        case 0x2F: UInt8(ascii: "/")
        default: 0
        }
    }

    /// Writes the wholes of joined words behind the words.
    mutating func appendCompounds() {
        var first = firstWord
        while first < count {
            var last = first
            while last + 1 < count, joiners[last + 1] != 0 { last += 1 }
            if last > first { appendCompound(first...last) }
            first = last + 1
        }
        reserve(0)
    }

    private mutating func appendCompound(_ words: ClosedRange<Int>) {
        let start = length
        // As many bytes as the words, since a joiner takes the place of each space.
        reserve(range(of: words.upperBound).upperBound - range(of: words.lowerBound).lowerBound)
        for word in words {
            if word > words.lowerBound {
                bytes[length] = joiners[word]
                length += 1
            }
            for position in range(of: word) {
                bytes[length] = bytes[position]
                length += 1
            }
        }
        let source = recordsSources ? sourceStarts[words.lowerBound]..<sourceEnds[words.upperBound] : 0..<0
        compounds.append(Compound(start: Int32(start), end: Int32(length), source: source))
        bytes[length] = UInt8(ascii: " ")
        length += 1
    }
}

extension Tokenizer {
    /// Adds the wholes of the text added last as words, each with an empty word before it, and an empty word at the end, so that no
    /// n-gram reaches across.
    @inline(__always)
    mutating func appendCompoundsAsWords() {
        for position in 0..<compounds.count {
            let range = Int(compounds[position].start)..<Int(compounds[position].end)
            appendWord(range.lowerBound..<range.lowerBound)
            appendWord(range)
        }
        appendWord(length..<length)
    }
}
