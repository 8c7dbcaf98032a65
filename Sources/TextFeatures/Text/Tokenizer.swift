import CUnicode

/// Cuts text into normalised words.
///
/// Malformed UTF-8 is repaired and counted, invisible characters are dropped, and what is left is brought into normalisation form C,
/// case-folded, and composed again. Of that text a word is a longest run of letters, numbers, connectors (`_`), the section sign and
/// combining marks that does not begin with a mark; a character of a script written without spaces (Han, hiragana, Thai, Lao, Khmer,
/// Myanmar) is a word of its own, with the marks behind it. Everything else separates words. At last accents go, where
/// `TokenizerOptions` says so; see there for words joined by hyphens and the like, too.
///
/// The words lie in `bytes`, each between two spaces, so that the bytes of every n-gram of characters with the word's edges are
/// contiguous. The memory is kept from text to text. O(length of the text).
public struct Tokenizer: Sendable {
    public let options: TokenizerOptions
    /// The normalised words: a space before and after each, then `padding` bytes of no meaning.
    public internal(set) var bytes: [UInt8] = []
    /// Where words begin and end in `bytes`, in turn; of its elements the first `edgeCount` have a meaning.
    var edges: [UInt32] = []
    var edgeCount = 0
    /// The first word of the text added last.
    private(set) var firstWord = 0
    /// For each word the character that alone stands between it and the word before it (`-`, `.`, `'`, `&`, `/`), or 0; empty
    /// unless compounds are asked for.
    var joiners: [UInt8] = []
    /// The wholes of compounds of the text added last; they lie behind its words in `bytes`.
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
    let instructionSet: Int32
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

    public init(_ options: TokenizerOptions, recordsSources: Bool = false) {
        self.init(options, recordsSources: recordsSources, instructionSet: Kernels.instructionSet)
    }

    init(_ options: TokenizerOptions, recordsSources: Bool = false, instructionSet: Int32) {
        self.options = options
        self.recordsSources = recordsSources
        self.instructionSet = instructionSet
        recordsJoiners = options.compounds == .both
    }

    /// The number of words.
    public var count: Int { edgeCount / 2 }

    /// Where a word lies in `bytes`.
    public func range(of word: Int) -> Range<Int> { Int(edges[2 * word])..<Int(edges[2 * word + 1]) }

    /// The normalised bytes of a word.
    public subscript(word: Int) -> ArraySlice<UInt8> { bytes[range(of: word)] }

    /// Replaces the words by those of `text`.
    public mutating func tokenize(_ text: Span<UInt8>) {
        removeAll()
        append(text)
    }

    /// Removes all words and keeps the memory.
    mutating func removeAll() {
        edgeCount = 0
        length = 0
        firstWord = 0
        joiners.removeAll(keepingCapacity: true)
        sourceStarts.removeAll(keepingCapacity: true)
        sourceEnds.removeAll(keepingCapacity: true)
        reserve(1)
        bytes[0] = UInt8(ascii: " ")
        length = 1
    }

    /// Adds the words of a text.
    mutating func append(_ text: Span<UInt8>) {
        let text = text.extracting(first: min(text.count, Self.maximumLength))
        firstWord = count
        if !compounds.isEmpty { compounds.removeAll(keepingCapacity: true) }
        // Nearly every text gives as many bytes as it has.
        reserve(text.count / 2)
        inWord = false
        afterIdeograph = false
        pendingJoiner = 0
        var position = 0
        while position < text.count {
            if text[position] < 0x80 {
                position = tokenizeASCII(text, from: position)
            } else {
                position = tokenizeScalar(text, at: position)
            }
        }
        endWord()
        reserve(0)
        if recordsJoiners { appendCompounds() }
    }

    /// Adds an entry to the words: one that lies in `bytes` already, or an empty one.
    mutating func appendWord(_ range: Range<Int>) {
        noteBeginning(at: range.lowerBound, source: 0)
        noteEnd(at: range.upperBound, source: 0)
    }

    /// Makes room for twice so many bytes and the padding.
    @inline(__always)
    mutating func reserve(_ count: Int) {
        let needed = length + 2 * count + Self.padding + Self.slack
        if bytes.count < needed { growBytes(needed) }
    }

    @inline(never)
    private mutating func growBytes(_ needed: Int) {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: needed * 5 / 4 - bytes.count))
    }

    /// Makes room for so many edges.
    @inline(__always)
    mutating func reserveEdges(_ count: Int) {
        let needed = edgeCount + count + Self.slack
        if edges.count < needed { growEdges(needed) }
    }

    @inline(never)
    private mutating func growEdges(_ needed: Int) {
        edges.append(contentsOf: repeatElement(0, count: needed * 5 / 4 - edges.count))
    }

    /// Records that a word begins at `cursor`.
    @inline(__always)
    mutating func noteBeginning(at cursor: Int, source: Int) {
        if recordsJoiners {
            joiners.append(count == firstWord ? 0 : pendingJoiner)
            pendingJoiner = 0
        }
        noteEdge(cursor)
        if recordsSources { sourceStarts.append(Int32(truncatingIfNeeded: source)) }
    }

    /// Records that a word ends before `cursor`.
    @inline(__always)
    mutating func noteEnd(at cursor: Int, source: Int) {
        noteEdge(cursor)
        if recordsSources { sourceEnds.append(Int32(truncatingIfNeeded: source)) }
    }

    @inline(__always)
    private mutating func noteEdge(_ cursor: Int) {
        if edges.count == edgeCount { reserveEdges(1) }
        edges[edgeCount] = UInt32(truncatingIfNeeded: cursor)
        edgeCount += 1
    }

    @inline(__always)
    mutating func endWord() {
        afterIdeograph = false
        guard inWord else { return }
        inWord = false
        noteEnd(at: length, source: sourceEnd)
        bytes[length] = UInt8(ascii: " ")
        length += 1
    }
}
