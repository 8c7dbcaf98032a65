/// How input is to be read.
public struct ReadingOptions: Sendable {
    /// The format; `nil` recognises it by the extension or the first bytes.
    public var format: ArticleFormat?
    public var fieldNames = FieldNames()
    public var encoding = TextEncoding.utf8
    /// The longest record that is kept, in bytes.
    public var maximumLine = 64_000_000
    /// Whether tags and character references of HTML are taken out of titles and texts.
    public var stripsHTML = false
    /// Whether labels and dates are read; prediction does without.
    public var readsLabels = true
    /// About how many bytes make a block.
    public var blockSize = 1 << 16

    public init() {}
}

/// Where articles come from.
public enum ArticleInput: Sendable, Equatable, CustomStringConvertible {
    /// A file or a folder.
    case path(String)
    case standardInput
    /// Bytes in memory and what to call them in messages; the name's extension may tell the format.
    case bytes([UInt8], name: String)

    /// A path, or standard input if it is `-`.
    public init(argument: String) {
        self = argument == "-" ? .standardInput : .path(argument)
    }

    /// What to call it in messages.
    public var description: String {
        switch self {
        case .path(let path): path
        case .standardInput: "standard input"
        case .bytes(_, let name): name
        }
    }
}
