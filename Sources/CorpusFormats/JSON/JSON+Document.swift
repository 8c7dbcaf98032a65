extension Problem {
    /// Where a text stops being one JSON value, with its line and the byte in it; `nil` if it is one. Decoders only say that
    /// something is wrong. O(length).
    public init?(ofJSON text: [UInt8], file: String) {
        let bytes = text.span
        do throws(JSONError) {
            let end = try JSON.skipValue(bytes, JSON.skipSpace(bytes, 0, bytes.count), bytes.count)
            let rest = JSON.skipSpace(bytes, end, bytes.count)
            if rest < bytes.count { throw JSONError(rest, .endOfLine) }
            return nil
        } catch {
            let lineStart = (text[..<error.position].lastIndex(of: ASCII.lineFeed) ?? -1) + 1
            let line = bytes.occurrences(of: ASCII.lineFeed, in: 0..<lineStart) + 1
            self.init(
                location: SourceLocation(file: file, line: line), kind: error.problem(in: bytes, lineStart..<bytes.count))
        }
    }
}
