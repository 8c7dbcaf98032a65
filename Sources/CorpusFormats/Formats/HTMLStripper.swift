/// Takes the tags out of HTML and decodes its character references: enough for the text of feeds and saved pages.
///
/// Comments, scripts and styles go with their content; a tag that breaks a line or a cell leaves a line break, any other nothing.
/// What only looks like a tag or a reference stays.
enum HTMLStripper {
    /// Strips a range of the bytes in place; the result is never longer. O(length).
    /// - Returns: where the result lies.
    static func strip(_ bytes: inout [UInt8], _ range: Range<Int>) -> Range<Int> {
        guard let stripped = stripped(bytes.span, range) else { return range }
        let result = range.lowerBound..<range.lowerBound + stripped.count
        bytes.replaceSubrange(result, with: stripped)
        return result
    }

    /// What is left of a range, or `nil` when all of it is.
    private static func stripped(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        func holds(_ byte: UInt8) -> Bool {
            bytes.firstIndex(of: byte, from: range.lowerBound, to: range.upperBound) != nil
        }
        guard holds(ASCII.lessThan) || holds(ASCII.ampersand) else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var knowledge = HTMLTag.Knowledge()
        var i = range.lowerBound
        while i < range.upperBound {
            let byte = bytes[i]
            if byte == ASCII.lessThan, let tag = HTMLTag(bytes, i, range.upperBound, &knowledge) {
                i = tag.end
                if tag.breaksLine, let last = output.last, !ASCII.isSpace(last) { output.append(ASCII.lineFeed) }
            } else if byte == ASCII.ampersand, let (scalar, end) = HTMLReference.decode(bytes, i, range.upperBound) {
                i = end
                output.append(addingCapacity: 4) { $0.append(scalar: scalar) }
            } else {
                output.append(byte)
                i += 1
            }
        }
        return output
    }
}
