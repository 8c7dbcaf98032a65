import CUnicode

/// Cuts text into normalised words.
///
/// Malformed UTF-8 is repaired and counted, invisible characters are dropped, and what is left is brought into normalisation form C,
/// case-folded, and composed again. Of that text a word is a longest run of letters, numbers, connectors (`_`), the section sign and
/// combining marks that does not begin with a mark; a character of a script written without spaces (Han, hiragana, Thai, Lao, Khmer,
/// Myanmar) is a word of its own, with the marks behind it. Everything else separates words. At last accents go, where
/// `TokenizerOptions` says so; see there for words joined by hyphens and the like, too.
///
/// The words lie in `bytes`, each between two single spaces, so that the bytes of every n-gram of words, and of every n-gram of
/// characters with the word's edges, are contiguous. The memory is kept from text to text. O(length of the text).
public struct Tokenizer: Sendable {
    public let options: TokenizerOptions
    /// The normalised words: a space before and after each, then `padding` bytes of no meaning.
    public internal(set) var bytes: [UInt8] = []
    /// Where each word begins and ends in `bytes`.
    public internal(set) var starts: [Int32] = []
    public internal(set) var ends: [Int32] = []
    /// For each word the character that alone stands between it and the word before it (`-`, `.`, `'`, `&`, `/`), or 0; empty
    /// unless compounds are asked for.
    var joiners: [UInt8] = []
    /// The wholes of compounds; they lie behind the words in `bytes`.
    var compounds: [Compound] = []
    /// Where each word lies in the text as it was given; empty unless asked for.
    var sourceStarts: [Int32] = []
    var sourceEnds: [Int32] = []
    /// How many malformed UTF-8 sequences were replaced since the tokeniser was made.
    public internal(set) var repairCount = 0

    /// How many bytes may be read behind the last space.
    static let padding = 16
    /// What stands behind so many bytes of a text is not read: a scalar gives at most twice its bytes, and again as many in the whole
    /// of a compound, so that positions stay within 32 bits.
    static let maximumLength = 500_000_000

    let recordsSources: Bool
    let recordsJoiners: Bool
    /// The number of bytes written.
    var length = 0
    /// Whether a word has begun and not ended, and whether it is one that a letter ends.
    var inWord = false
    var afterIdeograph = false
    /// The joiner before the next word, if it comes at once.
    var pendingJoiner: UInt8 = 0
    /// Where in the text the characters of the word that has begun end.
    var sourceEnd = 0
    var normalizer = Normalizer()
    /// The hash of each word, after `hashWords()`.
    private(set) var wordHashes: [UInt64] = []

    public init(_ options: TokenizerOptions, recordsSources: Bool = false) {
        self.options = options
        self.recordsSources = recordsSources
        recordsJoiners = options.compounds == .both
    }

    /// The number of words.
    public var count: Int { starts.count }

    /// The normalised bytes of a word.
    public subscript(word: Int) -> ArraySlice<UInt8> { bytes[Int(starts[word])..<Int(ends[word])] }

    /// For each byte below 0x80 its folded form, or 0 where it separates words.
    static let asciiWord: [UInt8] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): UInt8(byte)
        default: 0
        }
    }

    /// Replaces the words by those of `text`.
    public mutating func tokenize(_ text: Span<UInt8>) {
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        joiners.removeAll(keepingCapacity: true)
        compounds.removeAll(keepingCapacity: true)
        sourceStarts.removeAll(keepingCapacity: true)
        sourceEnds.removeAll(keepingCapacity: true)
        let text = text.extracting(first: min(text.count, Self.maximumLength))
        length = 0
        reserve(text.count + 1)
        bytes[0] = UInt8(ascii: " ")
        length = 1
        inWord = false
        afterIdeograph = false
        pendingJoiner = 0
        var position = 0
        let table = Self.asciiWord
        while position < text.count {
            if text[position] < 0x80 {
                position = tokenizeASCII(text, from: position, table: table.span)
            } else {
                position = tokenizeScalar(text, at: position)
            }
        }
        endWord()
        reserve(0)
        if recordsJoiners { appendCompounds() }
    }

    /// Makes room for twice so many bytes and the padding.
    mutating func reserve(_ count: Int) {
        let needed = length + 2 * count + Self.padding + 8
        if bytes.count < needed {
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: needed * 5 / 4 - bytes.count))
        }
    }

    /// Takes ASCII up to the first other byte, and returns its position.
    private mutating func tokenizeASCII(_ text: Span<UInt8>, from start: Int, table: Span<UInt8>) -> Int {
        var position = start
        let count = text.count
        if afterIdeograph, table[Int(text[start])] != 0 { endWord() }
        afterIdeograph = false
        // Every byte of ASCII gives at most one byte, and a word at most one space beside its separator.
        reserve(count - position + 1)
        var cursor = length
        var isInWord = inWord
        // Taken out of `self` while it is written to, which costs nothing and leaves the other properties free.
        var buffer: [UInt8] = []
        swap(&buffer, &bytes)
        defer { swap(&buffer, &bytes) }
        var output = buffer.mutableSpan
        while position < count {
            let byte = text[position]
            guard byte < 0x80 else { break }
            let folded = table[Int(byte)]
            if folded != 0 {
                if !isInWord {
                    isInWord = true
                    noteBeginning(at: cursor, source: position)
                }
                output[cursor] = folded
                cursor += 1
            } else if isInWord {
                isInWord = false
                ends.append(Int32(truncatingIfNeeded: cursor))
                if recordsSources { sourceEnds.append(Int32(truncatingIfNeeded: position)) }
                output[cursor] = UInt8(ascii: " ")
                cursor += 1
                if recordsJoiners { pendingJoiner = Self.joiner(UInt32(byte)) }
            } else {
                pendingJoiner = 0
            }
            position += 1
        }
        length = cursor
        inWord = isInWord
        sourceEnd = position
        return position
    }

    /// Records that a word begins at `cursor`.
    @inline(__always)
    mutating func noteBeginning(at cursor: Int, source: Int) {
        if recordsJoiners {
            joiners.append(starts.isEmpty ? 0 : pendingJoiner)
            pendingJoiner = 0
        }
        starts.append(Int32(truncatingIfNeeded: cursor))
        if recordsSources { sourceStarts.append(Int32(truncatingIfNeeded: source)) }
    }

    mutating func endWord() {
        afterIdeograph = false
        guard inWord else { return }
        inWord = false
        ends.append(Int32(truncatingIfNeeded: length))
        if recordsSources { sourceEnds.append(Int32(truncatingIfNeeded: sourceEnd)) }
        bytes[length] = UInt8(ascii: " ")
        length += 1
    }

    mutating func hashWords() {
        var hashes: [UInt64] = []
        swap(&hashes, &wordHashes)
        hashes.removeAll(keepingCapacity: true)
        do {
            let bytes = self.bytes.span
            for word in 0..<starts.count { hashes.append(TermHash.hash(bytes, Int(starts[word]), Int(ends[word]))) }
        }
        swap(&hashes, &wordHashes)
    }
}
