/// Finds and replaces malformed UTF-8 by the Unicode Standard's rule (chapter 3.9): every maximal part of a sequence becomes
/// one U+FFFD.
enum UTF8Repair {
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// The position of the first malformed sequence in the range, or `nil`. O(length), many ASCII bytes a cycle.
    static func firstMalformed(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let end = range.upperBound
        var i = range.lowerBound
        while i < end {
            i = bytes.firstNonASCII(from: i, to: end)
            if i == end { return nil }
            // Here a character begins: go on by the automaton, so many bytes at a time, until one ends where they do.
            let start = i
            var state = UTF8Automaton.accept
            repeat {
                let stop = min(end, i + 32)
                while i < stop {
                    state = UTF8Automaton.next(state, bytes[i])
                    i += 1
                }
                if UTF8Automaton.isRejected(state) { return exactFirstMalformed(in: bytes, start..<end) }
            } while i < end && !UTF8Automaton.isAccepted(state)
            if i == end, !UTF8Automaton.isAccepted(state) { return exactFirstMalformed(in: bytes, start..<end) }
        }
        return nil
    }

    /// The same character by character; the range begins with one.
    private static func exactFirstMalformed(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var i = range.lowerBound
        while i < range.upperBound {
            guard bytes[i] >= 0x80 else {
                i += 1
                continue
            }
            let (length, isWellFormed) = sequence(bytes, i, range.upperBound)
            if !isWellFormed { return i }
            i += length
        }
        return nil
    }

    /// Appends the range with every malformed part replaced.
    /// - Returns: the number of replacements.
    static func appendRepaired(_ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) -> Int {
        var count = 0
        var start = range.lowerBound
        while let malformed = firstMalformed(in: bytes, start..<range.upperBound) {
            output.append(bytes, start..<malformed)
            output.append(contentsOf: replacement)
            count += 1
            start = malformed + sequence(bytes, malformed, range.upperBound).length
        }
        output.append(bytes, start..<range.upperBound)
        return count
    }

    /// The length of the sequence that begins at `start` with a byte outside ASCII, or of its maximal well-formed part.
    @inline(__always)
    private static func sequence(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (length: Int, isWellFormed: Bool) {
        let first = bytes[start]
        // The range of the second byte and the number of bytes, by table 3-7 of the standard.
        var (low, high): (UInt8, UInt8) = (0x80, 0xBF)
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xED: (length, high) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF4: (length, high) = (4, 0x8F)
        case 0xF1...0xF3: length = 4
        default: return (1, false)
        }
        guard start + 1 < end, bytes[start + 1] >= low, bytes[start + 1] <= high else { return (1, false) }
        var i = start + 2
        while i < start + length {
            guard i < end, bytes[i] & 0xC0 == 0x80 else { return (i - start, false) }
            i += 1
        }
        return (length, true)
    }
}

/// Well-formed UTF-8 as a finite automaton whose transition is one shift: a row of the table holds, for its byte, the next state of
/// every state, and states are the positions of those in a row (P. Vognsen, "Shift DFA", 2020).
enum UTF8Automaton {
    /// States: between characters; one, two or three bytes of any kind to come; the second byte of E0, ED, F0 and F4; malformed.
    static var accept: UInt64 { 0 }
    private static var rejected: UInt64 { 48 }

    private static let rows: [UInt64] = (0..<256).map { byte in
        let (one, two, three, afterE0, afterED, afterF0, afterF4): (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) =
            (6, 12, 18, 24, 30, 36, 42)
        func next(_ state: UInt64) -> UInt64 {
            switch (state, byte) {
            case (accept, 0..<0x80): accept
            case (accept, 0xC2...0xDF): one
            case (accept, 0xE0): afterE0
            case (accept, 0xED): afterED
            case (accept, 0xE1...0xEF): two
            case (accept, 0xF0): afterF0
            case (accept, 0xF4): afterF4
            case (accept, 0xF1...0xF3): three
            case (one, 0x80...0xBF): accept
            case (two, 0x80...0xBF), (afterE0, 0xA0...0xBF), (afterED, 0x80...0x9F): one
            case (three, 0x80...0xBF), (afterF0, 0x90...0xBF), (afterF4, 0x80...0x8F): two
            default: rejected
            }
        }
        return stride(from: 0, through: rejected, by: 6).reduce(0) { $0 | next($1) << $1 }
    }

    @inline(__always)
    static func next(_ state: UInt64, _ byte: UInt8) -> UInt64 { rows[Int(byte)] &>> state }

    @inline(__always)
    static func isAccepted(_ state: UInt64) -> Bool { state & 63 == accept }

    @inline(__always)
    static func isRejected(_ state: UInt64) -> Bool { state & 63 == rejected }
}
