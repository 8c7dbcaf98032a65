import CKernels

// ASCII, many bytes at a time.
extension Tokenizer {
    /// What kernels may overwrite behind bytes and edges.
    static let slack = Int(SK_CUT_SLACK)
    /// How many bytes are cut at a time: as many edges, at most, need room.
    private static let pieceLength = 4096

    static func isASCIIWord(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
    }

    /// Takes ASCII up to the first other byte, and returns its position. Every byte gives one byte: a letter, or a space.
    mutating func tokenizeASCII(_ text: Span<UInt8>, from start: Int) -> Int {
        if afterIdeograph, Self.isASCIIWord(text[start]) { endWord() }
        afterIdeograph = false
        var position = start
        while position < text.count {
            let limit = min(text.count - position, Self.pieceLength)
            reserve(limit)
            reserveEdges(limit)
            let firstEdge = edgeCount
            let wasInWord = inWord
            let taken = Kernels.cutWords(
                instructionSet, text, from: position, limit: limit, into: &bytes, at: length, edges: &edges,
                edgeCount: &edgeCount, inWord: &inWord)
            if recordsSources || recordsJoiners { noteEdges(from: firstEdge, wasInWord, text, position, taken) }
            length += taken
            position += taken
            if taken < limit { break }
        }
        sourceEnd = position
        return position
    }

    /// Notes where the words lie in the text whose edges were found in the `taken` bytes from `start` on, and what joins them.
    private mutating func noteEdges(
        from firstEdge: Int, _ wasInWord: Bool, _ text: Span<UInt8>, _ start: Int, _ taken: Int
    ) {
        var isEnd = wasInWord
        let offset = start - length
        for edge in firstEdge..<edgeCount {
            let cursor = Int(edges[edge])
            let source = cursor + offset
            if isEnd {
                if recordsSources { sourceEnds.append(Int32(truncatingIfNeeded: source)) }
            } else {
                if recordsSources { sourceStarts.append(Int32(truncatingIfNeeded: source)) }
                if recordsJoiners {
                    // A separator is alone where the word before it ends just there.
                    var joiner = pendingJoiner
                    if source > start {
                        let isAlone = edge > 0 && Int(edges[edge - 1]) == cursor - 1
                        joiner = isAlone ? Self.joiner(text[source - 1]) : 0
                    }
                    joiners.append(edge / 2 == firstWord ? 0 : joiner)
                }
            }
            isEnd.toggle()
        }
        guard recordsJoiners, taken > 0 else { return }
        let last = start + taken - 1
        let endsAlone = !inWord && edgeCount > 0 && Int(edges[edgeCount - 1]) == length + taken - 1
        pendingJoiner = endsAlone ? Self.joiner(text[last]) : 0
    }

    private static func joiner(_ byte: UInt8) -> UInt8 { joiner(UInt32(byte)) }
}
