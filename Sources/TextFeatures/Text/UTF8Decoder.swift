/// Decodes UTF-8 with repair: a malformed sequence becomes one U+FFFD for each maximal part of a well-formed sequence, as the
/// Unicode Standard recommends (section 3.9) and as `String(decoding:as:)` does.
enum UTF8Decoder {
    static let replacement: UInt32 = 0xFFFD

    /// The scalar that begins at `position`, and how many bytes it takes; malformed bytes give the replacement character.
    @inline(__always)
    static func decode(_ bytes: Span<UInt8>, _ position: Int) -> (scalar: UInt32, length: Int, isMalformed: Bool) {
        let first = UInt32(bytes[position])
        if first < 0x80 { return (first, 1, false) }
        let count = bytes.count
        @inline(__always) func continuation(_ offset: Int, _ low: UInt8, _ high: UInt8) -> UInt32? {
            guard position + offset < count else { return nil }
            let byte = bytes[position + offset]
            return byte >= low && byte <= high ? UInt32(byte & 0x3F) : nil
        }
        if first >= 0xC2, first <= 0xDF {
            guard let second = continuation(1, 0x80, 0xBF) else { return (replacement, 1, true) }
            return ((first & 0x1F) << 6 | second, 2, false)
        }
        if first >= 0xE0, first <= 0xEF {
            guard let second = continuation(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) else {
                return (replacement, 1, true)
            }
            guard let third = continuation(2, 0x80, 0xBF) else { return (replacement, 2, true) }
            return ((first & 0x0F) << 12 | second << 6 | third, 3, false)
        }
        if first >= 0xF0, first <= 0xF4 {
            guard let second = continuation(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) else {
                return (replacement, 1, true)
            }
            guard let third = continuation(2, 0x80, 0xBF) else { return (replacement, 2, true) }
            guard let fourth = continuation(3, 0x80, 0xBF) else { return (replacement, 3, true) }
            return ((first & 0x07) << 18 | second << 12 | third << 6 | fourth, 4, false)
        }
        return (replacement, 1, true)
    }
}
