import CUnicode

/// Cuts text into normalised words.
///
/// A word is a longest run of letters, numbers, connectors (`_`), the section sign and combining marks that does not begin with
/// a mark; characters of scripts written without spaces (Han, kana, Thai, Lao, Khmer, Myanmar) are words of their own. Words are
/// in normalisation form C and case-folded; invisible format characters are dropped; malformed UTF-8 is repaired and counted.
/// Everything else separates words. See `TokenizerOptions` for accents and for words joined by hyphens and the like.
///
/// The words lie in `bytes`, each between two single spaces, so that the bytes of every n-gram of words, and of every n-gram of
/// characters with the word's edges, are contiguous. The memory is kept from text to text. O(length of the text).
public struct Tokenizer: Sendable {
    public let options: TokenizerOptions
    /// The normalised words: a space before and after each, then `padding` bytes of no meaning.
    public private(set) var bytes: [UInt8] = []
    /// Where each word begins and ends in `bytes`.
    public private(set) var starts: [Int32] = []
    public private(set) var ends: [Int32] = []
    /// For each word the character that alone stands between it and the word before it (`-`, `.`, `'`, `&`, `/`), or 0; empty
    /// unless compounds are asked for.
    private(set) var joiners: [UInt8] = []
    /// Wholes of compounds, and the first and last word they are made of; they lie behind the words in `bytes`.
    private(set) var compounds: [(start: Int32, end: Int32, first: Int32, last: Int32)] = []
    /// Where each word lies in the text as it was given; empty unless asked for.
    private(set) var sourceStarts: [Int32] = []
    private(set) var sourceEnds: [Int32] = []
    /// How many malformed UTF-8 sequences were replaced since the tokeniser was made.
    public private(set) var repairCount = 0

    /// How many bytes may be read behind the last space.
    static let padding = 16

    let recordsSources: Bool
    private var length = 0
    private var inWord = false
    private var afterIdeograph = false
    private var pendingJoiner: UInt8 = 0
    private var segment: [UInt32] = []
    /// The hash of each word, after `hashWords()`.
    private(set) var wordHashes: [UInt64] = []

    public init(_ options: TokenizerOptions, recordsSources: Bool = false) {
        self.options = options
        self.recordsSources = recordsSources
    }

    /// The number of words.
    public var count: Int { starts.count }

    /// The normalised bytes of a word.
    public subscript(word: Int) -> ArraySlice<UInt8> { bytes[Int(starts[word])..<Int(ends[word])] }

    /// For each byte below 0x80 its folded form, or 0 where it separates words.
    private static let asciiWord: [UInt8] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): UInt8(byte)
        default: 0
        }
    }

    /// Replaces the words by those of `text`.
    /// - Precondition: the text is shorter than 700 MB.
    public mutating func tokenize(_ text: Span<UInt8>) {
        precondition(text.count < 700_000_000, "a text of \(text.count) bytes")
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        joiners.removeAll(keepingCapacity: true)
        compounds.removeAll(keepingCapacity: true)
        sourceStarts.removeAll(keepingCapacity: true)
        sourceEnds.removeAll(keepingCapacity: true)
        reserve(text.count + 1)
        length = 1
        inWord = false
        afterIdeograph = false
        pendingJoiner = 0
        var position = 0
        let table = Self.asciiWord
        while position < text.count {
            position = tokenizeASCII(text, from: position, table: table.span)
            if position < text.count { position = tokenizeScalar(text, at: position) }
        }
        endWord(at: text.count)
        reserve(0)
        if options.compounds == .both { appendCompounds() }
    }

    /// Makes room for so many bytes and the padding.
    private mutating func reserve(_ count: Int) {
        let needed = length + 2 * count + Self.padding + 8
        if bytes.count < needed {
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: needed * 5 / 4 - bytes.count))
        }
        if length == 0 { bytes[0] = UInt8(ascii: " ") }
    }

    /// Takes ASCII up to the first other byte, and returns its position; a character before a non-ASCII byte is left to the slow
    /// path, since a combining mark may follow.
    private mutating func tokenizeASCII(_ text: Span<UInt8>, from start: Int, table: Span<UInt8>) -> Int {
        var position = start
        let count = text.count
        if afterIdeograph { endWord(at: start) }
        // Every byte of ASCII gives at most one byte, and a word at most one space beside its separator.
        reserve(count - position + 1)
        let wantsJoiners = options.compounds == .both
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
                    if wantsJoiners {
                        joiners.append(starts.isEmpty ? 0 : pendingJoiner)
                        pendingJoiner = 0
                    }
                    starts.append(Int32(truncatingIfNeeded: cursor))
                    if recordsSources { sourceStarts.append(Int32(truncatingIfNeeded: position)) }
                }
                output[cursor] = folded
                cursor += 1
            } else if isInWord {
                isInWord = false
                ends.append(Int32(truncatingIfNeeded: cursor))
                if recordsSources { sourceEnds.append(Int32(truncatingIfNeeded: position)) }
                output[cursor] = UInt8(ascii: " ")
                cursor += 1
                if wantsJoiners { pendingJoiner = Self.joiner(UInt32(byte)) }
            } else {
                pendingJoiner = 0
            }
            position += 1
        }
        length = cursor
        inWord = isInWord
        return position
    }

    private mutating func beginWord(at cursor: Int, source: Int) {
        starts.append(Int32(truncatingIfNeeded: cursor))
        if recordsSources { sourceStarts.append(Int32(truncatingIfNeeded: source)) }
        if options.compounds == .both {
            joiners.append(starts.count > 1 ? pendingJoiner : 0)
            pendingJoiner = 0
        }
    }

    private mutating func endWord(at source: Int) {
        afterIdeograph = false
        guard inWord else { return }
        inWord = false
        ends.append(Int32(truncatingIfNeeded: length))
        if recordsSources { sourceEnds.append(Int32(truncatingIfNeeded: source)) }
        bytes[length] = UInt8(ascii: " ")
        length += 1
    }

    /// The joiner that a separator is, or 0.
    private static func joiner(_ scalar: UInt32) -> UInt8 {
        switch scalar {
        case 0x2D, 0x2010, 0x2011: UInt8(ascii: "-")
        case 0x27, 0x2019: UInt8(ascii: "'")
        case 0x2E: UInt8(ascii: ".")
        case 0x26: UInt8(ascii: "&")
        case 0x2F: UInt8(ascii: "/")
        default: 0
        }
    }

    /// Takes the scalar at `position` with everything that composes with it, and returns the position behind.
    private mutating func tokenizeScalar(_ text: Span<UInt8>, at position: Int) -> Int {
        let (scalar, byteCount, isMalformed) = UTF8Decoder.decode(text, position)
        if isMalformed { repairCount += 1 }
        let entry = sk_unicode_entry(scalar)
        let next = position + byteCount
        if entry & UInt32(SK_UNSTABLE) == 0 {
            let followedByStable = next >= text.count || text[next] < 0x80 || !isUnstable(text, at: next)
            if followedByStable {
                emitFolded(scalar, entry: entry, source: position..<next)
                return next
            }
        }
        return tokenizeSegment(text, at: position)
    }

    private func isUnstable(_ text: Span<UInt8>, at position: Int) -> Bool {
        sk_unicode_entry(UTF8Decoder.decode(text, position).scalar) & UInt32(SK_UNSTABLE) != 0
    }

    /// Normalises the scalar at `position` together with the unstable ones behind it. Where the first one is unstable itself, the
    /// ASCII character before it has been written already and is taken back.
    private mutating func tokenizeSegment(_ text: Span<UInt8>, at position: Int) -> Int {
        segment.removeAll(keepingCapacity: true)
        var position = position
        var start = position
        let (first, byteCount, _) = UTF8Decoder.decode(text, position)  // counted by the caller where it is malformed
        if sk_unicode_entry(first) & UInt32(SK_UNSTABLE) != 0, position > 0, text[position - 1] < 0x80,
            Self.asciiWord[Int(text[position - 1])] != 0
        {
            start = position - 1
            segment.append(UInt32(text[start]))
            takeBackLetter()
        } else {
            segment.append(first)
            position += byteCount
        }
        while position < text.count, text[position] >= 0x80 {
            let (scalar, byteCount, isMalformed) = UTF8Decoder.decode(text, position)
            guard sk_unicode_entry(scalar) & UInt32(SK_UNSTABLE) != 0 else { break }
            if isMalformed { repairCount += 1 }
            segment.append(scalar)
            position += byteCount
        }
        Normalizer.foldedComposition(&segment)
        for scalar in segment { emit(scalar, sk_unicode_entry(scalar), source: start..<position) }
        return position
    }

    /// Takes back the letter written last, and the word with it where it was the first one.
    private mutating func takeBackLetter() {
        length -= 1
        guard let start = starts.last, Int(start) == length else { return }
        starts.removeLast()
        if recordsSources { sourceStarts.removeLast() }
        if options.compounds == .both { pendingJoiner = joiners.removeLast() }
        inWord = false
    }

    private mutating func emitFolded(_ scalar: UInt32, entry: UInt32, source: Range<Int>) {
        let value = entry >> UInt32(SK_VALUE_SHIFT)
        if value == 0 {
            emit(scalar, entry, source: source)
        } else if entry & UInt32(SK_SEQUENCE) == 0 {
            emit(value, entry, source: source)
        } else {
            for position in 0..<sk_sequence_count(value) {
                emit(sk_sequence_scalar(value, position), entry, source: source)
            }
        }
    }

    /// Adds a normalised scalar to the words.
    private mutating func emit(_ scalar: UInt32, _ entry: UInt32, source: Range<Int>) {
        switch entry & UInt32(SK_CLASS_MASK) {
        case UInt32(SK_WORD):
            if afterIdeograph { endWord(at: source.lowerBound) }
            append(scalar, source: source)
        case UInt32(SK_MARK):
            if inWord { append(scalar, source: source) }
        case UInt32(SK_IDEOGRAPHIC):
            endWord(at: source.lowerBound)
            append(scalar, source: source)
            afterIdeograph = true
        case UInt32(SK_IGNORABLE):
            break
        default:
            let wasInWord = inWord
            endWord(at: source.lowerBound)
            if options.compounds == .both { pendingJoiner = wasInWord ? Self.joiner(scalar) : 0 }
        }
    }

    private mutating func append(_ scalar: UInt32, source: Range<Int>) {
        var first = scalar
        var second: UInt32 = 0
        if options.accents == .fold, scalar >= 0x80 {
            if inWord, sk_combining_class(scalar) != 0 { return }
            let folded = sk_without_accent(scalar)
            if folded != 0 {
                first = UInt32(truncatingIfNeeded: folded & 0x1F_FFFF)
                second = UInt32(truncatingIfNeeded: folded >> 21)
            }
        }
        if !inWord {
            inWord = true
            beginWord(at: length, source: source.lowerBound)
        }
        reserve(8)
        write(first)
        if second != 0 { write(second) }
    }

    private mutating func write(_ scalar: UInt32) {
        func put(_ value: UInt32) {
            bytes[length] = UInt8(truncatingIfNeeded: value)
            length += 1
        }
        if scalar < 0x80 {
            put(scalar)
        } else if scalar < 0x800 {
            put(0xC0 | scalar >> 6)
            put(0x80 | scalar & 0x3F)
        } else if scalar < 0x10000 {
            put(0xE0 | scalar >> 12)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
        } else {
            put(0xF0 | scalar >> 18)
            put(0x80 | scalar >> 12 & 0x3F)
            put(0x80 | scalar >> 6 & 0x3F)
            put(0x80 | scalar & 0x3F)
        }
    }

    /// Writes the wholes of joined words behind the words.
    private mutating func appendCompounds() {
        var first = 0
        while first < count {
            var last = first
            while last + 1 < count, joiners[last + 1] != 0 { last += 1 }
            if last > first {
                let start = length
                reserve(Int(ends[last]) - Int(starts[first]) + 8)
                for word in first...last {
                    if word > first {
                        bytes[length] = joiners[word]
                        length += 1
                    }
                    for position in Int(starts[word])..<Int(ends[word]) {
                        bytes[length] = bytes[position]
                        length += 1
                    }
                }
                compounds.append((Int32(start), Int32(length), Int32(first), Int32(last)))
                bytes[length] = UInt8(ascii: " ")
                length += 1
            }
            first = last + 1
        }
        reserve(0)
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

    /// Keeps the words for which `isKept` is true and closes the gaps; compounds are kept as they are only where no word goes.
    mutating func keepWords(_ isKept: (ArraySlice<UInt8>) -> Bool) {
        var kept = 0
        var cursor = 1
        for word in 0..<count {
            let start = Int(starts[word])
            let end = Int(ends[word])
            guard isKept(bytes[start..<end]) else { continue }
            // The gap is never negative, so that the bytes move forwards and the wholes of compounds stay behind them.
            starts[kept] = Int32(cursor)
            for position in start..<end {
                bytes[cursor] = bytes[position]
                cursor += 1
            }
            ends[kept] = Int32(cursor)
            bytes[cursor] = UInt8(ascii: " ")
            cursor += 1
            if recordsSources {
                sourceStarts[kept] = sourceStarts[word]
                sourceEnds[kept] = sourceEnds[word]
            }
            kept += 1
        }
        let dropped = count - kept
        starts.removeLast(dropped)
        ends.removeLast(dropped)
        if recordsSources {
            sourceStarts.removeLast(dropped)
            sourceEnds.removeLast(dropped)
        }
    }
}
