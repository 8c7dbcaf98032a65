import CKernels

/// Short pieces of text that are written again and again, one a label, each with a separator in front.
struct PieceList: Sendable {
    /// All pieces, and behind them bytes of no meaning that may be read with the last one.
    private(set) var bytes = [UInt8](repeating: 0, count: Int(SK_PIECE_SLACK))
    /// Where each piece ends, and the next one begins.
    private(set) var ends: [UInt32] = []
    /// How many bytes at the beginning of each piece are its separator.
    let separatorCount: Int

    init(separator: String, _ pieces: [[UInt8]]) {
        separatorCount = separator.utf8.count
        var joined: [UInt8] = []
        for piece in pieces {
            joined += separator.utf8
            joined += piece
            ends.append(UInt32(joined.count))
        }
        bytes = joined + bytes
    }

    var count: Int { ends.count }

    /// The length of all pieces with their separators.
    var byteCount: Int { bytes.count - Int(SK_PIECE_SLACK) }

    /// Where a piece lies in `bytes`, without its separator.
    func range(_ piece: Int) -> Range<Int> {
        (piece == 0 ? 0 : Int(ends[piece - 1])) + separatorCount..<Int(ends[piece])
    }
}

extension [UInt8] {
    /// Appends a piece without its separator.
    mutating func append(_ pieces: PieceList, _ piece: Int) { append(pieces.bytes.span, pieces.range(piece)) }
}
