import CUnicode

// What is not ASCII: one scalar at a time, and where scalars compose, a segment at a time.
extension Tokenizer {
    /// Takes the scalar at `position` with everything that composes with it, and returns the position behind.
    mutating func tokenizeScalar(_ text: Span<UInt8>, at position: Int) -> Int {
        let (scalar, byteCount, isMalformed) = UTF8Decoder.decode(text, position)
        if isMalformed { repairCount += 1 }
        let entry = sk_unicode_entry(scalar)
        let next = position + byteCount
        if entry & UInt32(SK_UNSTABLE) == 0, next >= text.count || text[next] < 0x80 || !continues(text, at: next) {
            emitFolded(scalar, entry: entry, source: position..<next)
            return next
        }
        return tokenizeSegment(text, at: position, scalar, entry, next: next)
    }

    private func continues(_ text: Span<UInt8>, at position: Int) -> Bool {
        sk_unicode_entry(UTF8Decoder.decode(text, position).scalar) & UInt32(SK_CONTINUES) != 0
    }

    /// Normalises the scalar at `position` together with those behind it that may compose with it. Where it may itself compose with a
    /// letter of ASCII before it, that one has been written already and is taken back.
    private mutating func tokenizeSegment(
        _ text: Span<UInt8>, at position: Int, _ scalar: UInt32, _ entry: UInt32, next: Int
    ) -> Int {
        var start = position
        normalizer.removeAll()
        if entry & UInt32(SK_CONTINUES) != 0, position > 0, text[position - 1] < 0x80,
            Self.isASCIIWord(text[position - 1])
        {
            start = position - 1
            normalizer.append(UInt32(text[start]))
            takeBackLetter()
        }
        if !Self.isIgnorable(entry) { normalizer.append(scalar) }
        var position = next
        while position < text.count, text[position] >= 0x80 {
            // Nothing malformed continues.
            let (scalar, byteCount, _) = UTF8Decoder.decode(text, position)
            let entry = sk_unicode_entry(scalar)
            guard entry & UInt32(SK_CONTINUES) != 0 else { break }
            if !Self.isIgnorable(entry) { normalizer.append(scalar) }
            position += byteCount
        }
        normalizer.composeFolded()
        for index in 0..<normalizer.scalars.count {
            let scalar = normalizer.scalars[index]
            emit(scalar, sk_unicode_entry(scalar), source: start..<position)
        }
        return position
    }

    private static func isIgnorable(_ entry: UInt32) -> Bool { entry & UInt32(SK_CLASS_MASK) == UInt32(SK_IGNORABLE) }

    /// Takes back the letter written last, and the word with it where it was the first one.
    private mutating func takeBackLetter() {
        length -= 1
        guard Int(edges[edgeCount - 1]) == length else { return }
        edgeCount -= 1
        if recordsSources { sourceStarts.removeLast() }
        if recordsJoiners { pendingJoiner = joiners.removeLast() }
        inWord = false
    }

    private mutating func emitFolded(_ scalar: UInt32, entry: UInt32, source: Range<Int>) {
        let value = entry >> UInt32(SK_VALUE_SHIFT)
        if value == 0 {
            emit(scalar, entry, source: source)
        } else if entry & UInt32(SK_SEQUENCE) == 0 {
            emit(value, entry, source: source)
        } else {
            for position in 0..<Int(sk_sequence_count(value)) {
                emit(sk_sequence_scalar(value, UInt32(truncatingIfNeeded: position)), entry, source: source)
            }
        }
    }

    /// Adds a normalised scalar to the words.
    private mutating func emit(_ scalar: UInt32, _ entry: UInt32, source: Range<Int>) {
        switch entry & UInt32(SK_CLASS_MASK) {
        case UInt32(SK_WORD):
            if afterIdeograph { endWord() }
            append(scalar, source: source)
        case UInt32(SK_MARK) where inWord:
            append(scalar, source: source)
        case UInt32(SK_IDEOGRAPHIC):
            endWord()
            append(scalar, source: source)
            afterIdeograph = true
        default:
            if recordsJoiners { pendingJoiner = inWord ? Self.joiner(scalar) : 0 }
            endWord()
        }
    }

    private mutating func append(_ scalar: UInt32, source: Range<Int>) {
        let folded = options.accents == .fold && scalar >= 0x80 ? sk_without_accent(scalar) : SK_KEPT
        if !inWord {
            inWord = true
            noteBeginning(at: length, source: source.lowerBound)
        }
        sourceEnd = source.upperBound
        reserve(8)
        guard folded != SK_KEPT else { return write(scalar) }
        var rest = folded
        while rest != 0 {
            write(UInt32(truncatingIfNeeded: rest & 0x1F_FFFF))
            rest >>= 21
        }
    }

    private mutating func write(_ scalar: UInt32) {
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

    private mutating func put(_ value: UInt32) {
        bytes[length] = UInt8(truncatingIfNeeded: value)
        length += 1
    }
}
