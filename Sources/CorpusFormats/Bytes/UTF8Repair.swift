/// Finds and replaces malformed UTF-8 by the Unicode Standard's rule (chapter 3.9): every maximal part of a sequence becomes
/// one U+FFFD.
enum UTF8Repair {
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// The position of the first malformed sequence in the range, or `nil`. O(length), many ASCII bytes a cycle.
    static func firstMalformed(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var i = range.lowerBound
        let end = range.upperBound
        let high = SIMD4<UInt64>(repeating: 0x8080_8080_8080_8080)
        while i < end {
            while i + 32 <= end, bytes.words(at: i) & high == .zero { i += 32 }
            if i + 8 <= end {
                let found = bytes.word(at: i) & 0x8080_8080_8080_8080
                i += found == 0 ? 8 : found.trailingZeroBitCount / 8
                if found == 0 { continue }
            } else if i < end, bytes[i] < 0x80 {
                i += 1
                continue
            }
            // Text of other scripts comes in runs.
            while i < end, bytes[i] >= 0x80 {
                let (length, isWellFormed) = sequence(bytes, i, end)
                if !isWellFormed { return i }
                i += length
            }
        }
        return nil
    }

    /// Appends the range with every malformed part replaced.
    /// - Returns: the number of replacements.
    static func appendRepaired(_ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) -> Int {
        var count = 0
        var start = range.lowerBound
        while let malformed = firstMalformed(in: bytes, start..<range.upperBound) {
            output.append(bytes, start..<malformed)
            output.append(contentsOf: replacement)
            count += 1
            start = malformed + sequence(bytes, malformed, range.upperBound).length
        }
        output.append(bytes, start..<range.upperBound)
        return count
    }

    /// The length of the sequence that begins at `start` with a byte outside ASCII, or of its maximal well-formed part.
    @inline(__always)
    private static func sequence(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (length: Int, isWellFormed: Bool) {
        let first = bytes[start]
        // The range of the second byte and the number of bytes, by table 3-7 of the standard.
        var (low, high): (UInt8, UInt8) = (0x80, 0xBF)
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xED: (length, high) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF4: (length, high) = (4, 0x8F)
        case 0xF1...0xF3: length = 4
        default: return (1, false)
        }
        guard start + 1 < end, bytes[start + 1] >= low, bytes[start + 1] <= high else { return (1, false) }
        var i = start + 2
        while i < start + length {
            guard i < end, bytes[i] & 0xC0 == 0x80 else { return (i - start, false) }
            i += 1
        }
        return (length, true)
    }
}
