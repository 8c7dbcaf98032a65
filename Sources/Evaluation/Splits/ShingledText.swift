/// A text as the set of its 5-word shingles, with the keys under which near duplicates meet.
struct ShingledText: Sendable {
    /// The hashes of the shingles, ascending and distinct. A shorter text is one shingle; a text without words has none.
    let shingles: [UInt64]
    /// The hash of each band of the MinHash signature; empty where there are no shingles.
    let keys: [UInt64]
    /// The hash of all words in their order.
    let digest: UInt64

    /// The words of the body, or of title and body where the body has fewer than 20.
    init(title: Span<UInt8>, body: Span<UInt8>) {
        var words: [UInt64] = []
        Self.appendWords(of: body, to: &words)
        if words.count < 20 {
            words.removeAll(keepingCapacity: true)
            Self.appendWords(of: title, to: &words)
            Self.appendWords(of: body, to: &words)
        }
        digest = words.reduce(UInt64(words.count)) { Self.mixed($0 ^ $1) }
        shingles = Self.shingles(of: words)
        keys = Self.keys(of: shingles)
    }

    /// The Jaccard similarity |A ∩ B| / |A ∪ B| of the shingles; 0 where both texts have none.
    func similarity(to other: ShingledText) -> Double {
        var i = 0
        var j = 0
        var commonCount = 0
        while i < shingles.count, j < other.shingles.count {
            if shingles[i] == other.shingles[j] {
                commonCount += 1
                i += 1
                j += 1
            } else if shingles[i] < other.shingles[j] {
                i += 1
            } else {
                j += 1
            }
        }
        let unionCount = shingles.count + other.shingles.count - commonCount
        return unionCount == 0 ? 0 : Double(commonCount) / Double(unionCount)
    }

    private enum Role { case letter, separator, wholeWord }

    /// Appends a hash for each word (FNV-1a over its bytes).
    private static func appendWords(of text: Span<UInt8>, to words: inout [UInt64]) {
        let basis: UInt64 = 0xCBF2_9CE4_8422_2325
        let prime: UInt64 = 0x100_0000_01B3
        var hash = basis
        func endWord() {
            if hash != basis { words.append(hash) }
            hash = basis
        }
        var i = 0
        while i < text.count {
            let length = text[i] < 0xC0 ? 1 : text[i] < 0xE0 ? 2 : text[i] < 0xF0 ? 3 : 4
            let end = min(i + length, text.count)
            let role = role(text[i], second: i + 1 < end ? text[i + 1] : 0)
            if role != .letter { endWord() }
            if role != .separator {
                for position in i..<end {
                    let byte = text[position]
                    hash = (hash ^ UInt64(0x41...0x5A ~= byte ? byte | 0x20 : byte)) &* prime
                }
            }
            if role == .wholeWord { endWord() }
            i = end
        }
        endWord()
    }

    /// What a character does, by its first two UTF-8 bytes.
    private static func role(_ first: UInt8, second: UInt8) -> Role {
        switch first {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: .letter
        case 0..<0x80: .separator
        case 0xC2: .separator  // U+0080–00BF: no-break space, quotation marks, signs
        case 0xE2 where second == 0x80 || second == 0x81: .separator  // U+2000–207F: general punctuation
        case 0xE3 where second == 0x80: .separator  // U+3000–303F: ideographic punctuation
        case 0xEF where second == 0xBC: .separator  // U+FF00–FF3F: full-width punctuation
        case 0xE0 where 0xB8...0xBB ~= second: .wholeWord  // Thai, Lao
        case 0xE3...0xE9: .wholeWord  // Kana, Han
        default: .letter
        }
    }

    private static func shingles(of words: [UInt64]) -> [UInt64] {
        guard !words.isEmpty else { return [] }
        let length = min(DuplicateGroups.shingleLength, words.count)
        var hashes: [UInt64] = []
        hashes.reserveCapacity(words.count - length + 1)
        for start in 0...(words.count - length) {
            var hash: UInt64 = 0
            for word in words[start..<start + length] { hash = mixed(hash ^ word) }
            hashes.append(hash)
        }
        hashes.sort()
        var distinct: [UInt64] = []
        distinct.reserveCapacity(hashes.count)
        for hash in hashes where hash != distinct.last { distinct.append(hash) }
        return distinct
    }

    /// The mixing function of SplitMix64, a bijection that spreads every bit.
    private static func mixed(_ x: UInt64) -> UInt64 {
        var z = x &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The hash functions h(x) = (a x + b) mod 2⁶⁴, of which a signature keeps the upper half (multiply-shift hashing).
    private static let hashFunctions: [(multiplier: UInt64, offset: UInt64)] =
        (0..<UInt64(DuplicateGroups.bandCount * DuplicateGroups.rowsPerBand)).map { (mixed(2 * $0) | 1, mixed(2 * $0 + 1)) }

    private static func keys(of shingles: [UInt64]) -> [UInt64] {
        guard !shingles.isEmpty else { return [] }
        let functions = hashFunctions
        var keys: [UInt64] = []
        keys.reserveCapacity(DuplicateGroups.bandCount)
        for band in 0..<DuplicateGroups.bandCount {
            var key = UInt64(band)
            for row in 0..<DuplicateGroups.rowsPerBand {
                let (multiplier, offset) = functions[band * DuplicateGroups.rowsPerBand + row]
                var least = UInt64.max
                for shingle in shingles { least = min(least, (multiplier &* shingle &+ offset) >> 32) }
                key = mixed(key ^ least)
            }
            keys.append(key)
        }
        return keys
    }
}
