/// Strings of more than 16 bytes, one behind the other.
struct LongStrings: Sendable {
    /// Where each string begins; one more entry closes the last one.
    private(set) var offsets: [Int] = [0]
    private(set) var bytes: [UInt8] = []

    var count: Int { offsets.count - 1 }

    mutating func append(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
        bytes.append(addingCapacity: end - start) { bytes in for position in start..<end { bytes.append(text[position]) } }
        offsets.append(bytes.count)
    }

    /// Appends a string of others.
    mutating func append(_ number: Int, of other: LongStrings) {
        append(other.bytes.span, other.offsets[number], other.offsets[number + 1])
    }

    /// Whether string `number` is `text[start..<end]`; no string has a number that is too large.
    static func isSame<Offset: FixedWidthInteger & BitwiseCopyable>(
        _ number: Int, _ text: Span<UInt8>, _ start: Int, _ end: Int, offsets: Span<Offset>, bytes: Span<UInt8>
    ) -> Bool {
        guard number < offsets.count - 1 else { return false }
        let first = Int(offsets[number])
        let last = Int(offsets[number + 1])
        guard last - first == end - start, last <= bytes.count else { return false }
        for position in 0..<end - start where bytes[first + position] != text[start + position] { return false }
        return true
    }
}
