/// Cuts bytes that arrive in pieces into lines of bounded length.
struct LineBuffer {
    private var partial: [UInt8] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a piece and gives every line that it completes, without its line feed.
    /// - Returns: `nil` where a line exceeds the limit.
    mutating func append(_ piece: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            guard partial.count + end - start <= limit else { return nil }
            lines.append(partial + piece[start..<end])
            partial.removeAll(keepingCapacity: true)
            start = end + 1
        }
        guard partial.count + piece.count - start <= limit else { return nil }
        partial += piece[start...]
        return lines
    }

    /// What stands behind the last line feed.
    var rest: [UInt8] { partial }
}
