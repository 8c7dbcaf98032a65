/// How articles are stored.
public enum ArticleFormat: String, Sendable, CaseIterable {
    /// One JSON object a line; blank lines are passed over.
    case jsonl
    /// One JSON array of objects, or objects one after the other.
    case json
    /// A table with a header, fields separated by commas, as RFC 4180 has it. In the column of labels semicolons separate them; an
    /// empty cell means none, no column that nothing is known.
    case csv
    /// The same with fields separated by tabs.
    case tsv
    /// `__label__` words and the text, one article a line; blank lines are passed over.
    case fasttext
    /// The whole input is one article.
    case text
    /// Every line is an article, blank ones as well.
    case lines
    /// A folder with a table `labels.csv` of the columns `file` and `labels`; its `.txt` files that are not in it are unlabelled.
    case directoryWithTable = "directory-with-table"
    /// A folder with one subfolder of text files a label.
    case directoryPerLabel = "directory-per-label"

    public var isDirectory: Bool { self == .directoryWithTable || self == .directoryPerLabel }

    /// The format that a file's extension tells, one before `.gz` included; `nil` when it tells none, or too little: `.json` and
    /// `.txt` need a look at the first bytes.
    static func recognised(byName name: String) -> ArticleFormat? {
        var parts = name.lowercased().split(separator: "/").last.map { $0.split(separator: ".") } ?? []
        if parts.last == "gz" { parts.removeLast() }
        guard parts.count > 1 else { return nil }
        switch parts.last {
        case "jsonl", "ndjson": return .jsonl
        case "csv": return .csv
        case "tsv", "tab": return .tsv
        case "ft", "fasttext": return .fasttext
        default: return nil
        }
    }

    /// The format that the beginning of the text tells.
    ///
    /// An object is JSONL unless it goes on behind its line. Arrays and labels of fastText are recognised in files alone: on
    /// standard input anything but an object is plain text, which may begin with whatever it likes.
    static func recognised(byContent head: [UInt8], isFile: Bool) -> ArticleFormat {
        let bytes = head.span
        let start = JSON.skipSpace(bytes, 0, bytes.count)
        guard start < bytes.count else { return .text }
        if bytes[start] == ASCII.openBrace {
            let end = bytes.firstIndex(of: ASCII.lineFeed, from: start, to: bytes.count) ?? bytes.count
            return isFile && end < bytes.count && isOpen(bytes, start..<end) ? .json : .jsonl
        }
        guard isFile else { return .text }
        if bytes[start] == ASCII.openBracket {
            let next = JSON.skipSpace(bytes, start + 1, bytes.count)
            if next < bytes.count, bytes[next] == ASCII.openBrace || bytes[next] == ASCII.closeBracket { return .json }
        }
        let prefix = ArticleParser.labelPrefix
        if start + prefix.count < bytes.count, bytes.matches(prefix, in: start..<start + prefix.count) { return .fasttext }
        return .text
    }

    /// Whether what `recognised(byContent:isFile:)` looks at is there, or 64 kB that will have to do.
    static func isEnough(_ head: [UInt8], isFile: Bool) -> Bool {
        let bytes = head.span
        let start = JSON.skipSpace(bytes, 0, bytes.count)
        guard start < bytes.count else { return false }
        if !isFile || bytes.count >= 1 << 16 { return true }
        return bytes.firstIndex(of: ASCII.lineFeed, from: start, to: bytes.count) != nil
    }

    /// Whether the object that begins a line does not end on it.
    private static func isOpen(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        do throws(JSONError) {
            _ = try JSON.skipValue(bytes, line.lowerBound, line.upperBound)
            return false
        } catch {
            return error.position == line.upperBound || bytes[error.position] == ASCII.carriageReturn
        }
    }
}
